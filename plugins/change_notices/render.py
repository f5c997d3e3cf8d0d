"""变更登记、登记表、季报的文字；姓名和前后值一律遮住。"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.chat.wording import day_text, inner_day_text
from bot.domain.change_filing import Filed
from bot.domain.masking import masked_name, masked_value
from bot.domain.quarters import Quarter
from bot.domain.registers import RegisterState
from storage.changes import ChangeNotice
from storage.units import Unit
from storage.words import NoticeState, ObligationState

SHOWN_UNITS = 20
SAMPLE_DAY = "2017-03-02"
FORM = """/变更
姓名：王样例
字段：政治面貌
原因：入党
修改前：群众
修改后：中共党员
日期：2017-03-02
本人申请：是"""


def usage(today: date) -> str:
    """填写样子，可以直接照抄；日期用今天，照抄也说得通。"""
    form = FORM.replace(SAMPLE_DAY, today.isoformat())
    return f"请照下面的样子填好发我（几个人之间空一行，可加一行“备注：”）：\n{form}"


def unknown_part(first: str) -> str:
    """/变更 后面的词没认出来。"""
    return f"没认出“{first}”。可以发：/变更 列表、/变更 撤回 2；登记请照样子填写，看样子发 /变更"


def problems(text: str) -> str:
    """哪里不对；一条也没登记。"""
    return f"一条也没登记，请改好后整段重发：\n{text}\n看样子发 /变更"


def notice_line(notice: ChangeNotice) -> str:
    """一行登记，遮住个人信息。"""
    row = notice.row
    text = f"{notice.number}. {masked_name(row.name)} {row.field}："
    text += f"{masked_value(row.before)}→{masked_value(row.after)}（{row.changed_on.isoformat()}）"
    return text + ("［已撤回］" if notice.state is NoticeState.WITHDRAWN else "")


def filed(done: Filed) -> str:
    """登记好了。"""
    lines = [f"已登记 {len(done.notices)} 条（{done.unit.name} {done.quarter.label}）"]
    lines += [notice_line(notice) for notice in done.notices]
    lines += [f"注意：{remark}" for remark in dict.fromkeys(done.remarks)]
    lines.append("生效的变更请及时报送：/季报 报送；撤回发 /变更 撤回 编号")
    return "\n".join(lines)


def listing(unit: Unit, quarter: Quarter, notices: Sequence[ChangeNotice]) -> str:
    """某季度的登记一览。"""
    active = [notice for notice in notices if notice.state is NoticeState.ACTIVE]
    if not notices and not unit.kind.is_school:
        return f"{unit.name}本级 {quarter.label}没有登记。看学校的发 /变更 列表 学校名，看汇总发 /季报"
    if not notices:
        return f"{unit.name} {quarter.label}还没有登记变更。登记发 /变更"
    lines = [f"{unit.name} {quarter.label}：有效 {len(active)} 条"]
    lines += [notice_line(notice) for notice in notices]
    return "\n".join(lines)


def withdraw_prompt(notice: ChangeNotice) -> str:
    """撤回前先给人看。"""
    return f"将撤回这一条：\n{notice_line(notice)}"


def withdrawn(notice: ChangeNotice) -> str:
    """撤回了。"""
    return f"已撤回第 {notice.number} 条，编号保留不再用。"


def correct_usage() -> str:
    """不能直接改，撤回重登。"""
    return "登记过的不能直接改：先发 /变更 撤回 编号，再重新登记。编号发 /变更 列表 看。"


def number_usage() -> str:
    """撤回的写法。"""
    return "请写要撤回的编号，例如：/变更 撤回 2。编号发 /变更 列表 看。"


def register_prompt(unit: Unit, quarter: Quarter) -> str:
    """发含完整信息的文件前先说清。"""
    return (
        f"将把 {unit.name} {quarter.label}的更新登记表（含完整姓名和修改前后内容）发到这个私聊，"
        "请妥善保管，不要转发到群里。"
    )


def register_sent(unit: Unit, quarter: Quarter, rows: int) -> str:
    """文件随后就到。"""
    count = f"{rows} 条" if rows else "没有变更，是空表"
    return f"{unit.name} {quarter.label}更新登记表（附件3），{count}。.docx 用来打印盖章，.xlsx 是电子稿。"


def sent(state: RegisterState, *, zero: bool, receiver: Unit | None) -> str:
    """季报报上了。"""
    late = "（迟报）" if state.obligation and state.obligation.late else ""
    what = "零报告" if zero else f"季报 {state.rows} 条"
    lines = [f"已报送：{state.unit.name} {state.quarter.label}{what}{late}"]
    if state.unsent_below:
        lines.append(
            f"注意：本县还有 {state.unsent_below} 所学校没报，没有收进来；等它们报了请再发 /季报 报送。"
        )
    office = receiver.name if receiver else "上级"
    lines.append(f"等{office}备案。之后又有变更，登记后再发一次 /季报 报送。")
    return "\n".join(lines)


def state_line(state: RegisterState) -> str:
    """一个单位的季报状态，一行。"""
    obligation = state.obligation
    if obligation is None:
        return f"{state.unit.name}：不用报"
    labels = {ObligationState.REPORTED: "已报送，待备案", ObligationState.DONE: "已备案"}
    label = labels.get(obligation.state, obligation.state.label)
    sent = obligation.state in (ObligationState.REPORTED, ObligationState.DONE)
    shown = state.sent_rows if sent else state.rows
    text = f"{state.unit.name}：{label}，{'零报告' if sent and not shown else f'{shown} 条'}"
    if sent and state.rows > shown:
        text += f"，之后新登记 {state.rows - shown} 条还没报送"
    if obligation.late:
        text += "（迟报）"
    if obligation.state is ObligationState.RETURNED:
        text += f"，原因：{obligation.reason}"
    if obligation.state.still_owes and obligation.due_on:
        text += f"，{day_text(obligation.due_on)}截止"
        if obligation.final_due_on != obligation.due_on and obligation.final_due_on:
            text += f"（全市{inner_day_text(obligation.final_due_on)}）"
    return text


def state(one: RegisterState, *, own: bool = True) -> str:
    """一所学校的季报；上级来看就不教他怎么报。"""
    lines = [f"{one.quarter.label}季报", state_line(one)]
    if not own:
        return "\n".join(lines)
    if one.obligation and one.obligation.state.still_owes:
        lines.append("报送发 /季报 报送；没有变更发 /零报告")
    elif one.rows > one.sent_rows:
        lines.append("补报发 /季报 报送")
    return "\n".join(lines)


def overview(own: RegisterState, below: Sequence[RegisterState]) -> str:
    """县、市看下级的季报。"""
    counts = Counter(one.obligation.state for one in below if one.obligation)
    rows = sum(one.rows for one in below)
    parts = [f"{label} {counts[key]}" for key, label in _OVERVIEW.items() if counts[key]]
    lines = [f"{own.quarter.label}季报，{own.unit.name}：{' · '.join(parts) or '没有应报的'}，共 {rows} 条"]
    if own.obligation is not None:
        lines.append(f"本级 {state_line(own)}")
    waiting = [one for one in below if one.obligation and one.obligation.state is ObligationState.REPORTED]
    if waiting:
        lines.append("待备案：")
        lines += [f"· {state_line(one)}" for one in waiting[:SHOWN_UNITS]]
        if len(waiting) > SHOWN_UNITS:
            lines.append(f"……共 {len(waiting)} 个")
        lines.append(f"备案发 /备案 {waiting[0].unit.name} {own.quarter.key}")
    return "\n".join(lines)


_OVERVIEW = {
    ObligationState.DONE: "已备案",
    ObligationState.REPORTED: "待备案",
    ObligationState.RETURNED: "已退回",
    ObligationState.OWING: "未报",
}


def archived(done: RegisterState) -> str:
    """备案好了。"""
    text = f"已备案：{done.unit.name} {done.quarter.label}，{done.sent_rows} 条。"
    later = done.rows - done.sent_rows
    return text + (f"\n它之后又登记了 {later} 条还没报送，不在其中。" if later > 0 else "")


def given_back(done: RegisterState, reason: str) -> str:
    """退回了。"""
    return f"已退回：{done.unit.name} {done.quarter.label}季报\n原因：{reason}"


def archive_usage() -> str:
    """备案的写法。"""
    return "请写单位和季度，例如：/备案 岳阳县第三中学 2017Q1"


def give_back_usage() -> str:
    """退回的写法。"""
    return "请写单位、季度和原因，例如：/季报 退回 岳阳县第三中学 2017Q1 缺修改日期"
