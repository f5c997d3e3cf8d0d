"""移交的文字。"""

from __future__ import annotations

from bot.chat.composing import Parts
from bot.chat.wording import moment_text
from bot.domain.actor import Actor, Assignment
from bot.domain.registration import Enrolment, IssuedInvite
from bot.domain.transport import Outgoing


def usage(actor: Actor) -> str:
    """移交的写法，列出他自己的角色。"""
    lines = ["请写要移交哪个角色，例如："]
    lines += [f"/移交 {seat.role.label} {seat.unit.name}" for seat in actor.assignments]
    lines.append("收回没用掉的移交码：/移交 取消")
    return "\n".join(lines)


def prompt(seat: Assignment) -> str:
    """要移交码之前先说清。"""
    return (
        f"将生成一张移交码，交给 {seat.unit.name} {seat.role.label} 的接任人。\n"
        "他登记并确认职责后，你的这个席位立刻结束，别的角色不变；没人接就不生效。"
    )


def code(issued: IssuedInvite) -> str:
    """移交码和可以直接转发的话。"""
    return (
        f"移交码：{issued.code}\n"
        f"{issued.unit.name} {issued.role.label}，{moment_text(issued.expires_at)} 前有效，用一次作废。\n"
        f"请单独转给接任人（不要发群里），让他加我为好友后私聊发：\n/注册 {issued.code} 姓名 手机号\n"
        "没接之前你照常在任；不移交了发 /移交 取消"
    )


def cancelled(count: int) -> str:
    """收回了。"""
    return f"已收回 {count} 张移交码，你照常在任。"


def duties(enrolment: Enrolment) -> str:
    """接任前要确认的职责。"""
    lines = [
        f"你将从 QQ {enrolment.handed_from} 手里接任 {enrolment.unit.name} 的{enrolment.role.label}，"
        "确认后对方的这个席位结束。职责（方案附件1）："
    ]
    lines += [f"{number}. {duty}" for number, duty in enumerate(enrolment.duties, start=1)]
    lines.append(f"请核对：姓名 {enrolment.name}，电话尾号 {enrolment.phone[-4:]}")
    lines.append("确认就是表示：已看完职责，并已接受移交人或相关部门的培训。")
    return "\n".join(lines)


def handed_over(outgoing: Outgoing) -> Parts:
    """给移交人。"""
    facts = outgoing.facts
    return (
        f"移交完成：{facts['unit']} {facts['role']} 已由 QQ {facts['successor']} 接任，"
        "你的这个席位已结束。\n账号和资料请当面交接，密码请接任人登录后立即修改。",
    )


def succeeded(outgoing: Outgoing) -> Parts:
    """给上级审核单位。"""
    facts = outgoing.facts
    return (
        f"{facts['unit']} {facts['role']} 换人了：QQ {facts['giver']} 移交给 QQ {facts['successor']}，"
        f"新任已确认责任书。\n看联系方式发 /管理员 {facts['unit']}",
    )
