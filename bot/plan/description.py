"""把方案写成手机上看得清的中文，`plan show` 和城市管理员核对时用。"""

from __future__ import annotations

from bot.plan.values import Deliverable, Plan
from storage.words import UnitKind

DONE = {"reported": "上报即完成", "accepted": "审核通过后完成", "derived": "自动汇总"}


def describe_plan(plan: Plan) -> str:
    """整个方案：先是要交的事，再是提醒、职责分工和联系窗口。"""
    parts = [plan.name, *(_deliverable(item, plan) for item in plan.deliverables)]
    parts += [_ladder(plan), _roles(plan), _offices(plan), _contact(plan)]
    return "\n\n".join(parts)


def _deliverable(item: Deliverable, plan: Plan) -> str:
    title = item.name if item.name == item.short else f"{item.name}（{item.short}）"
    owners = "、".join(kind.label for kind in UnitKind if kind in item.owed_by)
    lines = [f"【{title}】{_due(item, plan)}", f"谁交：{owners}", f"交什么：{item.what}"]
    lines.append(f"完成：{_done(item, plan)}")
    lines.append(f"怎么报：{item.how_to}")
    lines.append(f"依据：{item.clause}")
    return "\n".join(lines)


def _done(item: Deliverable, plan: Plan) -> str:
    if item.cadence == "quarterly":
        return "接收单位备案后完成"
    source = plan.deliverable(item.derives_from) if item.derives_from else None
    if source is None:
        return DONE[item.done_when]
    scope = "直接下级" if item.derives_over == "children" else "本单位和全部下级"
    return f"{scope}的{source.short}都完成后自动完成"


def _due(item: Deliverable, plan: Plan) -> str:
    if item.due:
        return f"{item.due.isoformat()} 截止"
    if item.cadence == "undated":
        return "未定日期"
    rule = plan.quarterly_rule
    months = "、".join(str(month) for month in rule.months)
    year, number = rule.first
    return (
        f"每年{months}月{rule.day}日前，自{year}年第{'一二三四'[number - 1]}季度起"
        f"（县属学校报县：默认{rule.county_day}日）"
    )


def _ladder(plan: Plan) -> str:
    ladder = plan.ladder
    when = [f"前{days}天" for days in ladder.before]
    if ladder.on_day:
        when.append("当天")
    lines = [f"【提醒】{ladder.at:%H:%M} 发"]
    lines.append(f"截止：{'、'.join(when) or '不提醒'}（休息日提前到上一个工作日）")
    if ladder.overdue:
        lines.append(f"逾期：第{'、'.join(map(str, ladder.overdue))}个工作日")
    return "\n".join(lines)


def _roles(plan: Plan) -> str:
    lines = ["【管理员职责】"]
    for role, duties in plan.role_duties.items():
        lines.append(f"{role.label}（{duties.clause}）")
        lines += [f"{number}. {duty}" for number, duty in enumerate(duties.duties, start=1)]
    lines.append(f"共同要求（{plan.common_duties.clause}）")
    lines += [f"{number}. {duty}" for number, duty in enumerate(plan.common_duties.duties, start=1)]
    return "\n".join(lines)


def _offices(plan: Plan) -> str:
    return "\n".join(["【科室分工】", *(f"{office.name}：{office.duty}" for office in plan.offices)])


def _contact(plan: Plan) -> str:
    contact = plan.contact
    lines = ["【联系】", contact.office]
    if contact.phone:
        lines.append(f"电话 {contact.phone}")
    if contact.mail:
        lines.append(f"邮箱 {contact.mail}")
    return "\n".join([*lines, contact.caution])
