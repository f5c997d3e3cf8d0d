"""名册的文字：预览、问题、导入结果、各类个数。"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from bot.chat.messages import File, Reply
from bot.domain.roster_changes import Change, RosterChanges
from bot.domain.roster_keeping import RosterCount, RosterPreview
from bot.domain.units import UnitTree
from storage.units import Unit
from storage.words import UnitKind

SHOWN_PROBLEMS = 10
SHOWN_CHANGES = 5
PROBLEM_LENGTH = 120


def send_the_file() -> str:
    """等着收名册。"""
    return (
        "请把名册表格（.xlsx 或 .csv）发给我，10 分钟内有效。\n"
        "我先给你看会变什么，你确认了才改。没有表格发 /名册 模板；不导了回复“取消”。"
    )


def kinds_text(kinds: Counter[UnitKind]) -> str:
    """市 1、县市区 13、学校 2200。"""
    return "、".join(f"{kind.label} {kinds[kind]}" for kind in UnitKind if kinds[kind])


def preview(found: RosterPreview) -> str:
    """会变什么，等确认。"""
    changes = found.changes
    lines = [
        f"看过了，共 {found.rows} 行：{kinds_text(found.kinds)}",
        f"{_changes_text(changes)} · 不变 {changes.unchanged} · 冲突 0",
        *_listed("改名", changes.renamed, _renamed),
        *_listed("撤并", changes.closed, _closed),
        *_listed("恢复", changes.reopened, lambda change: f"{change.after.name}（{change.after.code}）"),
    ]
    if changes.closed:
        lines.append("撤并的单位：管理员停用，没办完的待办停下，过去的记录留着。")
    return "\n".join(lines + _absent(changes))


def unchanged(found: RosterPreview) -> str:
    """和登记的一样。"""
    first = f"没有变化：表里 {found.changes.unchanged} 个单位和登记的一样。"
    return "\n".join([first, *_absent(found.changes)])


def imported(found: RosterPreview) -> str:
    """存好了。"""
    lines = [f"名册已更新：{_changes_text(found.changes)}。"]
    if found.changes.added:
        lines.append("新单位的待办随后自动补上；发邀请码：/邀请 批量 信息管理员")
    return "\n".join(lines)


def refused(found: RosterPreview) -> Reply:
    """有问题，一行也没改；聊天里最多十条，全部的在文件里。"""
    total = len(found.problems)
    conflicts = f"（其中和别的单位冲突 {found.conflicts} 处）" if found.conflicts else ""
    lines = [f"名册有 {total} 处问题{conflicts}，一行也没有改："]
    lines += [_short(problem) for problem in found.problems[:SHOWN_PROBLEMS]]
    if total <= SHOWN_PROBLEMS:
        return Reply("\n".join([*lines, "改好后直接把文件再发一次。"]))
    lines.append(f"……还有 {total - SHOWN_PROBLEMS} 处，全部写在文件里。改好后直接把文件再发一次。")
    everything = "\r\n".join(found.problems).encode("utf-8-sig")
    return Reply("\n".join(lines), files=(File("名册问题.txt", everything),))


def count(found: RosterCount, *, in_group: bool, may_import: bool) -> str:
    """各类有几个。"""
    closed = f"，另有撤并 {found.closed} 个" if found.closed else ""
    lines = [f"{found.root.name}名册：{found.kinds.total()} 个单位（{kinds_text(found.kinds)}）{closed}。"]
    if in_group:
        lines.append("要名单请私聊我发 /名册 导出")
    elif may_import:
        lines.append("/名册 导出、/名册 模板、/名册 导入；看一所学校发 /名册 学校名")
    return "\n".join(lines)


def exported(found: RosterCount) -> str:
    """导出的文件附在后面。"""
    closed = f"，撤并了的 {found.closed} 个排在最后" if found.closed else ""
    again = "改好后发 /名册 导入，再把文件发回来就能更新。"
    return f"{found.root.name}名册：{found.kinds.total()} 个单位{closed}。\n{again}"


def file_name(unit: Unit, table: str) -> str:
    """导出文件的名称。"""
    name = "".join("_" if char in '/\\:*?"<>|' else char for char in unit.name)
    return f"{name}单位名册.{table}"


def template() -> str:
    """空白模板附在后面。"""
    return (
        "空白名册在下面的文件里，点到每一格有说明。\n"
        "可以只写要新增或修改的单位，没写的不变。填好发 /名册 导入 再把文件发来。"
    )


def card(unit: Unit, tree: UnitTree) -> str:
    """一所学校登记的样子。"""
    parent = tree.get(unit.parent_code).name if unit.parent_code else ""
    words = [unit.kind.label, parent]
    words += [word.label for word in (unit.school_type, unit.ownership) if word]
    lines = [f"{unit.name}（{unit.code}）：{'，'.join(word for word in words if word)}"]
    if unit.closed_on is not None:
        lines.append(f"{tree.fate(unit)}。")
    if unit.aliases:
        lines.append(f"别名：{'、'.join(unit.aliases)}")
    if unit.former_names:
        lines.append(f"曾用名：{'、'.join(unit.former_names)}")
    if unit.staff_count is not None:
        lines.append(f"教职工数：{unit.staff_count}")
    return "\n".join(lines)


def _changes_text(changes: RosterChanges) -> str:
    numbers = (
        ("新增", len(changes.added)),
        ("改名", len(changes.renamed)),
        ("修改", len(changes.edited)),
        ("撤并", len(changes.closed)),
        ("恢复", len(changes.reopened)),
    )
    always = ("新增", "改名")
    return " · ".join(f"{word} {number}" for word, number in numbers if number or word in always)


def _listed(word: str, changes: Sequence[Change], text: Callable[[Change], str]) -> list[str]:
    lines = [f"{word}：{text(change)}" for change in changes[:SHOWN_CHANGES]]
    if len(changes) > SHOWN_CHANGES:
        lines.append(f"{word}：……还有 {len(changes) - SHOWN_CHANGES} 个")
    return lines


def _renamed(change: Change) -> str:
    return f"{change.before.name} → {change.after.name}"


def _closed(change: Change) -> str:
    into = f"并入 {change.after.merged_into}" if change.after.merged_into else "撤销"
    return f"{change.after.name}（{change.after.code}）{into}"


def _absent(changes: RosterChanges) -> list[str]:
    if not changes.absent:
        return []
    return [
        f"表里没有的 {changes.absent} 个单位保持不变；要撤销请在「状态」列写 撤销，并进别的写 并入 代码。"
    ]


def _short(problem: str) -> str:
    return problem if len(problem) <= PROBLEM_LENGTH else problem[: PROBLEM_LENGTH - 1] + "…"
