"""知识库导出导入的文字。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.knowledge_import_plan import Change, ImportPlan

SHOWN_PROBLEMS = 10
LONGEST_PROBLEM = 80
SHOWN_IDS = 3
PROBLEMS_FILE = "导入要改的地方.txt"


def file_name(day: date) -> str:
    """导出的文件名。"""
    return f"知识库{day.isoformat()}.xlsx"


def exported() -> str:
    """导出的文件随后就到。"""
    return "知识库的表格发给你了，怎么改看里面的“说明”。\n改好发 /知识 导入，再把文件发来。"


def send_the_file() -> str:
    """等文件。"""
    return "请在 10 分钟内把改好的 .xlsx 发来（用 /知识 导出 的文件改），先给你看要改什么，确认才生效。"


def nothing_changed(plan: ImportPlan) -> str:
    """和现在一样。"""
    return "\n".join(["没有变化，和现在的知识库一样。", *_theirs(plan)])


def preview(plan: ImportPlan) -> str:
    """要改什么。"""
    counts = f"新增 {plan.added} 条、修改 {plan.edited} 条、删除 {plan.deleted} 条"
    more, fewer = plan.phrases
    groups = (
        ("新增", [one for one in plan.changes if one.before is None]),
        ("修改", [one for one in plan.changes if one.before and one.after]),
        ("删除", [one for one in plan.changes if one.after is None]),
    )
    lines = [f"{name}：{_listed(found)}" for name, found in groups if found]
    return "\n".join([f"将导入：{counts}，问法增 {more} 减 {fewer}", *lines, *_theirs(plan)])


def imported(plan: ImportPlan) -> str:
    """导进来了。"""
    return (
        f"已导入 {len(plan.changes)} 条改动，马上生效。\n"
        f"哪条不对：/知识 历史 {plan.changes[0].entry_id} 看版本，/知识 回滚 编号 版本"
    )


def too_many(problems: Sequence[str]) -> bool:
    """聊天里列不下。"""
    return len(problems) > SHOWN_PROBLEMS


def problems(found: Sequence[str]) -> str:
    """写错的地方，最多列十条。"""
    lines = [f"表格里有 {len(found)} 处要改，一条也没有导入："]
    lines += [
        one if len(one) <= LONGEST_PROBLEM else f"{one[:LONGEST_PROBLEM]}…" for one in found[:SHOWN_PROBLEMS]
    ]
    if too_many(found):
        lines.append(f"……全部写在“{PROBLEMS_FILE}”里")
    return "\n".join([*lines, "改好把文件再发一遍就行"])


def problems_text(found: Sequence[str]) -> bytes:
    """全部写错的地方；记事本打开不乱码。"""
    return "\r\n".join(found).encode("utf-8-sig")


def _listed(changes: Sequence[Change]) -> str:
    ids = "、".join(one.entry_id for one in changes[:SHOWN_IDS])
    return ids + (f" 等 {len(changes)} 条" if len(changes) > SHOWN_IDS else "")


def _theirs(plan: ImportPlan) -> list[str]:
    if not plan.theirs:
        return []
    return [f"另有 {len(plan.theirs)} 条导出以后别人改过，照现在的不动"]
