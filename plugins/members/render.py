"""成员、绑定群的文字。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from bot.chat.messages import File, Reply
from bot.chat.wording import day_text, left_text, moment_text
from bot.documents.invite_sheet import InviteLine, invites_xlsx
from bot.domain.actor import Actor
from bot.domain.progress import SchoolProgress
from bot.domain.registration import Batch, Enrolment, IssuedInvite
from bot.domain.transport import Outgoing
from storage.groups import Group
from storage.units import Unit
from storage.words import AnswerMode, ObligationState, Role, UnitKind


def duties(enrolment: Enrolment) -> str:
    """登记前要确认的职责。"""
    lines = [f"你将登记为 {enrolment.unit.name} 的{enrolment.role.label}。职责（方案附件1）："]
    lines += [f"{number}. {duty}" for number, duty in enumerate(enrolment.duties, start=1)]
    lines.append(f"请核对：姓名 {enrolment.name}，电话尾号 {enrolment.phone[-4:]}")
    return "\n".join(lines)


def registered(enrolment: Enrolment) -> str:
    """登记好了。"""
    return (
        f"登记成功：{enrolment.unit.name} {enrolment.role.label}。\n"
        "发 /我的 看要报什么，发 /帮助 看能用的命令。"
    )


def invite(issued: IssuedInvite) -> str:
    """邀请码和可以直接转发的话。"""
    voided = f"（以前发的 {issued.voided} 张没用的已作废）" if issued.voided else ""
    until = moment_text(issued.expires_at)
    return (
        f"邀请码：{issued.code}\n"
        f"{issued.unit.name} {issued.role.label}，{until} 前有效，用一次作废{voided}。\n"
        f"请单独转给本人（不要发群里），让他私聊我发：\n/注册 {issued.code} 姓名 手机号"
    )


def old_codes(batch: Batch) -> str:
    """成批发码之前：有旧码会作废。"""
    return (
        f"要给{batch.root.name}下面 {len(batch.units)} 个还没有{batch.role.label}的单位各发一张邀请码。\n"
        f"其中 {batch.live} 个以前发的码还没用，重发后旧码作废。"
    )


def invites(batch: Batch, issued: Sequence[IssuedInvite]) -> Reply:
    """成批的邀请码，一个单位一行。"""
    until = moment_text(issued[0].expires_at)
    lines = [InviteLine(one.unit.code, one.unit.name, one.role.label, one.code, until) for one in issued]
    staffed = f"已有{batch.role.label}的 {batch.staffed} 个没有发。" if batch.staffed else ""
    text = (
        f"{batch.root.name}：{len(issued)} 张{batch.role.label}邀请码在下面的文件里，"
        f"{until} 前有效，各用一次。\n"
        f"{staffed}请单独转给本人，不要发群里；最后一列可以整句转。"
    )
    if batch.root.kind is UnitKind.CITY and not any(one.unit.kind is UnitKind.SCHOOL for one in issued):
        text += f"\n县属学校由各县发；要代某县发：/邀请 批量 {batch.role.label} 岳阳县"
    return Reply(text, files=(File(f"{batch.role.label}邀请码.xlsx", invites_xlsx(lines)),))


def nobody_to_invite(batch: Batch) -> str:
    """下级都有了。"""
    return f"{batch.root.name}下面 {batch.staffed} 个单位都有{batch.role.label}了，不用发。"


def invite_voided(outgoing: Outgoing) -> str:
    """发的码被贴到了群里。"""
    facts = outgoing.facts
    return (
        f"你发给{facts['unit']}{facts['role']}的邀请码被贴到了群里，已经作废。\n"
        f"请重新发一张，单独转给本人：{facts['again']}"
    )


def register_usage() -> str:
    """注册的写法。"""
    return "请写全邀请码、姓名、手机号，例如：\n/注册 ABCDE-FGHJK 王样例 13800000000"


def invite_usage() -> str:
    """邀请的写法。"""
    roles = "、".join(role.label for role in Role)
    return (
        "请写单位和角色，例如：\n/邀请 岳阳县第三中学 信息管理员\n"
        f"下级每个单位一张：/邀请 批量 信息管理员\n角色：{roles}"
    )


def nobody(actor: Actor) -> str:
    """还没登记。"""
    if actor.operator:
        return "你是运维，没有业务角色。"
    return "你还没有登记。向本单位或上级要邀请码后，私聊我发：\n/注册 邀请码 姓名 手机号"


def mine(actor: Actor, progress: Sequence[SchoolProgress]) -> str:
    """我是谁、欠什么（私聊）。"""
    lines = []
    for one in progress:
        roles = "、".join(seat.role.label for seat in actor.assignments if seat.unit.code == one.unit.code)
        owing = [item for item in one.items if item.obligation.state.still_owes]
        lines.append(f"{one.unit.name}（{roles}）：{f'还有 {len(owing)} 项没报' if owing else '没有欠报的'}")
        for item in owing:
            lines.append("· " + _owed(item.deliverable.short, item.obligation.due_on, one.today))
            if item.obligation.state is ObligationState.RETURNED:
                lines.append(f"  被退回：{item.obligation.reason}")
            lines.append(f"  {item.deliverable.how_to}")
        waiting = [
            item.deliverable.short for item in one.items if item.obligation.state is ObligationState.REPORTED
        ]
        if waiting:
            lines.append(f"· 待审核：{'、'.join(waiting)}")
    return "\n".join(lines)


def mine_in_group(actor: Actor, progress: Sequence[SchoolProgress]) -> str:
    """群里只说数，不说单位。"""
    owing = [item for one in progress for item in one.items if item.obligation.state.still_owes]
    units = len({seat.unit.code for seat in actor.assignments})
    first = f"你登记在 {units} 个单位，"
    first += f"还有 {len(owing)} 项没报。" if owing else "没有欠报的。"
    dated = [item for item in owing if item.obligation.due_on]
    if dated:
        nearest = min(dated, key=lambda item: item.obligation.due_on or date.max)
        first += (
            f"\n最近一项：{_owed(nearest.deliverable.short, nearest.obligation.due_on, progress[0].today)}"
        )
    return f"{first}\n详情私聊我发 /我的"


def _owed(name: str, due: date | None, today: date) -> str:
    return f"{name}：{day_text(due)}截止，{left_text(due, today)}" if due else f"{name}：方案没定日期"


def bound(unit: Unit, mode: AnswerMode) -> str:
    """群绑定好了。"""
    return (
        f"本群已绑定到{unit.name}，答问方式：{mode.label}。\n"
        "要改发：/设置 回答 auto（自动）| mention（被@）| off（关闭）"
    )


def bind_usage() -> str:
    """绑定的写法。"""
    return "请写本群属于哪个县市区（或市），例如：/绑定 岳阳县"


def settings_usage() -> str:
    """设置的写法。"""
    return "请这样写：\n/设置 回答 auto（自动）| mention（被@）| off（关闭）\n/设置 免打扰 22:00-07:30"


def answer_mode_set(group: Group) -> str:
    """答问方式改好了。"""
    meanings = {
        AnswerMode.OFF: "本群不再答问，命令照常可用。",
        AnswerMode.MENTION: "本群 @ 我或发 /问 才答。",
        AnswerMode.AUTO: "本群不用 @，有把握的问题我会直接答。",
    }
    return meanings[group.answer_mode]


def quiet_hours_set(start: time, end: time) -> str:
    """免打扰改好了。"""
    return f"本群 {start:%H:%M} 到 {end:%H:%M} 不发提醒，过后补发。"
