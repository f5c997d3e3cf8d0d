"""/知识 的各种写法登记在这里：名字、权限、怎么写、例子；分派、菜单、打错时的提示都看这一份。"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.chat.call import Call
from bot.chat.registry import Handler
from bot.domain.errors import BadInput

NEAR_ENOUGH = 50
# 菜单里的先后；没列的排在后面
ORDER = (
    *("待答", "回答", "看", "别名", "历史", "待定", "通过", "驳回", "修改", "回滚", "删除"),
    *("撤回答复", "统计", "导出", "导入"),
)


@dataclass(frozen=True, slots=True)
class Subcommand:
    """一种写法；``form`` 是给人看的格式，``example`` 是一个能照抄的例子。"""

    name: str
    aliases: tuple[str, ...]
    action: str
    form: str
    example: str
    handler: Handler

    def usage(self) -> BadInput:
        """写得不全时的提示。"""
        return BadInput(f"请这样写：/知识 {self.form}\n例如：/知识 {self.example}")


SUBCOMMANDS: dict[str, Subcommand] = {}
_NAMES: dict[str, Subcommand] = {}


def subcommand(
    name: str, *, action: str, form: str, example: str, aliases: tuple[str, ...] = ()
) -> Callable[[Handler], Handler]:
    """登记一种写法的装饰器；处理函数收到的 ``arguments`` 是名字后面的内容。"""

    def register(handler: Handler) -> Handler:
        known = Subcommand(name, aliases, action, form, example, handler)
        for one in (name, *aliases):
            if one in _NAMES:
                raise ValueError(f"/知识 {one} 登记了两次")
            _NAMES[one] = known
        SUBCOMMANDS[name] = known
        return handler

    return register


def allowed(call: Call) -> list[Subcommand]:
    """说话人能用的，照菜单的先后。"""
    permissions = call.services.context.permissions
    usable = [one for one in SUBCOMMANDS.values() if permissions.allows(call.actor, one.action)]
    return sorted(usable, key=lambda one: ORDER.index(one.name) if one.name in ORDER else len(ORDER))


def parse(text: str) -> tuple[Subcommand, str] | None:
    """认出是哪一种和后面的内容；后面紧跟编号、忘了空格的也认。"""
    word = text.split(None, 1)[0] if text else ""
    rest = text[len(word) :].strip()
    if word in _NAMES:
        return _NAMES[word], rest
    for name in sorted(_NAMES, key=len, reverse=True):
        glued = word.removeprefix(name)
        if glued != word and glued[0].isascii() and glued[0].isalnum():
            return _NAMES[name], f"{glued} {rest}".strip()
    return None


def nearest(text: str, among: list[Subcommand]) -> Subcommand | None:
    """打错字时最接近的一种。"""
    word = text.split(None, 1)[0]
    names = {name: one for one in among for name in (one.name, *one.aliases) if len(name) > 1}
    found = process.extractOne(word, list(names), scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
    return names[found[0]] if found else None
