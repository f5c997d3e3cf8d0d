"""重置密码的文字；请老师别发密码，也绝不写出密码。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.chat.composing import Parts
from bot.domain.clock import local_day
from bot.domain.resets import Requested
from bot.domain.transport import Outgoing
from bot.plan.values import Contact
from storage.resets import ResetRequest
from storage.units import Unit

SHOWN = 20


def ask() -> str:
    """问一句。"""
    return (
        "哪个学校、你的姓名？例如：岳阳县第三中学 王样例\n"
        "只写这两样，不要发身份证号和密码。不办了回复“取消”。"
    )


def try_again(problem: str) -> str:
    """对话里写得不对。"""
    return f"{problem}\n不办了回复“取消”。"


def requested(found: Requested, contact: Contact) -> str:
    """提好了。"""
    if found.office is None:
        where = f"或联系{contact.office} {contact.phone}".rstrip()
        return f"已记下（{found.number} 号），但现在没有登记能重置的管理员。请直接找学校，{where}。"
    who = f"{found.office.name}的管理员"
    if found.again:
        return f"这件事你提过了（{found.number} 号），在{who}那里，办好会告诉你。"
    first = f"已转给{who}（{found.number} 号），重置好了会告诉你。"
    if found.office.code != found.unit.code:
        first = f"{found.unit.name}没有能办的系统管理员，{first}"
    return f"{first}\n密码不要发给任何人，包括我。"


def waiting(found: Sequence[tuple[Unit, ResetRequest]], today: date) -> str:
    """待办的请求。"""
    if not found:
        return "没有待办的重置密码请求。"
    lines = [f"待办的重置密码请求 {len(found)} 个："]
    for unit, one in found[:SHOWN]:
        days = (today - local_day(one.requested_at)).days
        since = f"已等 {days} 天" if days else "今天提的"
        lines.append(f"{one.number} 号 {unit.name} {one.name}（QQ {one.qq}），{since}")
    if len(found) > SHOWN:
        lines.append(f"……共 {len(found)} 个，只列前 {SHOWN} 个")
    lines.append("系统里重置好了，发 /重置密码 完成 编号")
    return "\n".join(lines)


def finish_usage() -> str:
    """记完成的写法。"""
    return "请写编号，例如：/重置密码 完成 7\n看编号发 /重置密码 列表"


def finished(unit: Unit, request: ResetRequest) -> str:
    """记好了。"""
    return (
        f"已记完成：{request.number} 号 {unit.name} {request.name}，老师会收到通知。\n"
        "初始密码请当面交给本人，不要在 QQ 里发。"
    )


def request_notice(outgoing: Outgoing) -> Parts:
    """给系统管理员。"""
    facts = outgoing.facts
    who = f"{facts['name']}，{facts['unit']}（QQ {facts['qq']}）"
    first = f"有老师请求重置自助密码（{facts['number']} 号）：{who}。"
    if not facts["able"]:
        return (
            f"{first}\n该单位和县里都没有能办的系统管理员。请给他们发 /邀请 {facts['unit']} 系统管理员，"
            f"登记后发 /重置密码 列表 就能看到。〔{outgoing.code}〕",
        )
    return (
        f"{first}\n请先核实是本人，再到系统里重置；初始密码当面给，不要在 QQ 里发。\n"
        f"完成后回 /重置密码 完成 {facts['number']} 〔{outgoing.code}〕",
    )


def done_notice(outgoing: Outgoing) -> Parts:
    """给老师。"""
    facts = outgoing.facts
    return (
        f"你的自助密码已重置（{facts['number']} 号）。\n"
        f"请找{facts['office']}的系统管理员当面领取初始密码，首次登录后立即修改。",
    )
