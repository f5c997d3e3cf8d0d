"""停用、管理员一览、季度复核的文字。"""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.composing import Parts
from bot.domain.administrators import ContactFile, Overview
from bot.domain.masking import masked_phone
from bot.domain.standing import Seating
from bot.domain.standing_review import Confirmed
from bot.domain.transport import Outgoing
from storage.people import Administrator

SHOWN_UNITS = 20


def _seats(seats: Sequence[Seating]) -> str:
    return "、".join(f"{seat.unit.name} {seat.role.label}" for seat in seats)


def freeze_usage() -> str:
    """停用的写法。"""
    return (
        "请这样写：\n/停用 QQ号 原因，例如：/停用 10003 调离本校\n/停用 恢复 QQ号\nQQ 号发 /管理员 单位 可查"
    )


def freeze_prompt(qq: int, seats: Sequence[Seating], reason: str) -> str:
    """停用前先说清。"""
    return (
        f"将停用 QQ {qq}：{_seats(seats)}。\n原因：{reason}\n"
        "立即生效：他不能再办事，等着确认的操作、发出没用的邀请码一并作废，他会收到通知。"
    )


def frozen(qq: int, seats: Sequence[Seating]) -> str:
    """停用了。"""
    return f"已停用 QQ {qq}：{_seats(seats)}。\n停错了发 /停用 恢复 {qq}"


def restore_prompt(qq: int, seats: Sequence[Seating]) -> str:
    """恢复前先说清。"""
    return f"将恢复 QQ {qq}：{_seats(seats)}。立即生效，他会收到通知。"


def restored(qq: int, seats: Sequence[Seating]) -> str:
    """恢复了。"""
    return f"已恢复 QQ {qq}：{_seats(seats)}。"


def overview(found: Overview) -> str:
    """一个单位的管理员，和下级的缺口。"""
    lines = _people(found)
    if found.below and not found.without:
        lines.append(f"下级 {found.below} 个单位都有管理员。")
    if found.without:
        lines.append(f"下级 {found.below} 个单位，没有管理员的 {len(found.without)} 个：")
        lines += [f"{number}. {one.name}" for number, one in enumerate(found.without[:SHOWN_UNITS], start=1)]
        if len(found.without) > SHOWN_UNITS:
            lines.append(f"……只列前 {SHOWN_UNITS} 个，全部发 /管理员 导出")
        lines.append("请他们登记发 /邀请 单位 系统管理员")
    return "\n".join(lines)


def _people(found: Overview) -> list[str]:
    people: dict[int, list[Administrator]] = {}
    for person in found.people:
        people.setdefault(person.qq, []).append(person)
    if not people:
        return [f"{found.unit.name}还没有管理员。"]
    lines = [f"{found.unit.name}的管理员 {len(people)} 人："]
    for qq, seats in people.items():
        roles = "、".join(seat.role.label for seat in seats)
        lines.append(f"· {seats[-1].name} {roles} {masked_phone(seats[-1].phone)}（QQ {qq}）")
    return lines


def exported(made: ContactFile) -> str:
    """通讯录发出了。"""
    text = f"{made.unit.name}管理员通讯录：{made.people} 人次"
    text += f"，另有 {made.without} 个单位没有管理员。" if made.without else "。"
    return text + "\n含完整电话，只作工作联系，不要转发。已记入操作日志。"


def present(confirmed: Confirmed, *, in_group: bool) -> str:
    """确认了还在任。"""
    first = f"已记下：你还在任（{confirmed.quarter.label}）。"
    if in_group:
        return first
    seats = "、".join(f"{seat.unit.name} {seat.role.label}" for seat in confirmed.seats)
    return f"{first}\n{seats}\n有不再担任的，发 /移交 角色 换人。"


def frozen_notice(outgoing: Outgoing) -> Parts:
    """给被停用的人。"""
    facts = outgoing.facts
    return (
        f"你的登记已停用：{'、'.join(facts['seats'])}。\n原因：{facts['reason']}\n"
        f"有疑问请联系{facts['office']}的管理员，由他们恢复。",
    )


def restored_notice(outgoing: Outgoing) -> Parts:
    """给恢复的人。"""
    return (f"你的登记已恢复：{'、'.join(outgoing.facts['seats'])}。发 /我的 看要报的事。",)


def left_notice(outgoing: Outgoing) -> Parts:
    """给上级。"""
    facts = outgoing.facts
    return (
        f"{'、'.join(facts['seats'])}（QQ {facts['qq']}）退出了工作群，登记已自动停用。\n"
        f"还是他管，请他回群后发 /停用 恢复 {facts['qq']}；换了人，请发 /邀请",
    )


def asked(outgoing: Outgoing) -> Parts:
    """问本人。"""
    facts = outgoing.facts
    lines = [f"【季度复核】{facts['label']}：你还担任这些角色吗？"]
    lines += [f"· {seat}" for seat in facts["seats"]]
    lines.append(f"还在任请回复 /在任；已经换人请发 /移交。{facts['days']} 天没有回复会告诉上级。")
    return ("\n".join(lines) + f" 〔{outgoing.code}〕",)


def silent(outgoing: Outgoing) -> Parts:
    """给上级。"""
    facts = outgoing.facts
    lines = [f"【季度复核】这 {facts['count']} 个席位 {facts['days']} 天没有确认还在任，请核实："]
    lines += [f"· {seat}" for seat in facts["seats"]]
    if facts["count"] > len(facts["seats"]):
        lines.append(f"……只列前 {len(facts['seats'])} 个")
    lines.append("不在任的发 /停用 QQ号 原因，再给新人发 /邀请")
    return ("\n".join(lines),)
