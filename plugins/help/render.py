"""帮助的文字。"""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.registry import Command

# 常用的在前；没列的排最后
ORDER = ("问答", "我", "报送", "变更", "审核", "知识", "管理")


def _place(title: str) -> int:
    return ORDER.index(title) if title in ORDER else len(ORDER)


def menu(commands: Sequence[Command], *, in_group: bool) -> str:
    """命令一览，按功能分组，一条一行。"""
    lines = ["你在这里能用的命令：" if in_group else "你能用的命令："]
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(command.menu, []).append(command)
    for title, members in sorted(groups.items(), key=lambda group: _place(group[0])):
        lines.append(f"【{title}】")
        lines += [f"/{command.name} {command.summary}" for command in members]
    names = [command.name for command in commands]
    example = "上报" if "上报" in names else names[0]
    lines.append(f"看写法发 /帮助 命令名，例如 /帮助 {example}")
    if in_group:
        lines.append("要填个人信息的，请私聊我办理。")
    return "\n".join(lines)


def one(command: Command, *, private_only: bool) -> str:
    """一条命令的写法。"""
    lines = [f"/{command.name}：{command.summary}"]
    if command.aliases:
        lines.append("也可以写 " + "、".join(f"/{alias}" for alias in command.aliases))
    if private_only:
        lines.append("只在私聊里用。")
    lines.append("例如：")
    lines += list(command.examples)
    return "\n".join(lines)


def unknown(name: str, near: Command | None) -> str:
    """没有这条命令。"""
    hint = f"是不是 /{near.name}？" if near else "发 /帮助 看全部命令。"
    return f"没有叫“{name}”的命令。{hint}"
