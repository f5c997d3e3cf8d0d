"""变更登记、登记表、季报的文字；姓名和前后值一律遮住。"""

from __future__ import annotations

from datetime import date
from types import ModuleType

import pytest
from inline_snapshot import snapshot

from bot.app import Shell
from bot.domain.change_filing import Filed
from bot.domain.registers import RegisterState
from storage.words import NoticeState, ObligationState
from tests.plugins.values import FIRST_QUARTER, notice, obligation
from tests.stage import COUNTY, FIRST, NURSERY, THIRD


@pytest.fixture(scope="module")
def render(shell: tuple[Shell, str]) -> ModuleType:
    """插件由 NoneBot 先装好，这里才能引用。"""
    from plugins.change_notices import render

    return render


def _state(
    rows: int, state: ObligationState = ObligationState.OWING, *, reason: str = "", late: bool = False
) -> RegisterState:
    """县三中的季报；报过的，报的就是这几条。"""
    numbers = {} if state is ObligationState.OWING else {"rows": rows}
    return RegisterState(
        THIRD, FIRST_QUARTER, rows, obligation("quarterly", state, numbers=numbers, reason=reason, late=late)
    )


def test_usages(render: ModuleType) -> None:
    assert render.usage(date(2017, 3, 2)) == snapshot("""\
请照下面的样子填好发我（几个人之间空一行，可加一行“备注：”）：
/变更
姓名：王样例
字段：政治面貌
原因：入党
修改前：群众
修改后：中共党员
日期：2017-03-02
本人申请：是\
""")
    assert render.problems("第1条：缺 姓名\n第2条：缺 日期") == snapshot("""\
一条也没登记，请改好后整段重发：
第1条：缺 姓名
第2条：缺 日期
看样子发 /变更\
""")
    assert render.number_usage() == snapshot("请写要撤回的编号，例如：/变更 撤回 2。编号发 /变更 列表 看。")
    assert render.correct_usage() == snapshot(
        "登记过的不能直接改：先发 /变更 撤回 编号，再重新登记。编号发 /变更 列表 看。"
    )
    assert render.archive_usage() == snapshot("请写单位和季度，例如：/备案 岳阳县第三中学 2017Q1")
    assert render.give_back_usage() == snapshot(
        "请写单位、季度和原因，例如：/季报 退回 岳阳县第三中学 2017Q1 缺修改日期"
    )


def test_lines_never_show_a_name_or_a_value(render: ModuleType) -> None:
    assert render.notice_line(notice()) == snapshot("1. 欧*** 政治面貌：***→中***（2017-02-13）")
    assert render.notice_line(notice(before="", after="长沙大学")) == snapshot(
        "1. 欧*** 政治面貌：***→长***（2017-02-13）"
    )
    assert render.notice_line(notice(2, NoticeState.WITHDRAWN)) == snapshot(
        "2. 欧*** 政治面貌：***→中***（2017-02-13）［已撤回］"
    )


def test_filed_with_remarks_said_once(render: ModuleType) -> None:
    remark = "变更日期 2016年11月2日 不在2017年第一季度，按补登收下"
    done = Filed(THIRD, FIRST_QUARTER, (notice(), notice(2, field="学历")), (remark, remark))
    assert render.filed(done) == snapshot("""\
已登记 2 条（岳阳县第三中学 2017年第一季度）
1. 欧*** 政治面貌：***→中***（2017-02-13）
2. 欧*** 学历：***→中***（2017-02-13）
注意：变更日期 2016年11月2日 不在2017年第一季度，按补登收下
生效的变更请及时报送：/季报 报送；撤回发 /变更 撤回 编号\
""")


def test_listings(render: ModuleType) -> None:
    assert render.listing(THIRD, FIRST_QUARTER, [notice(), notice(2, NoticeState.WITHDRAWN)]) == snapshot("""\
岳阳县第三中学 2017年第一季度：有效 1 条
1. 欧*** 政治面貌：***→中***（2017-02-13）
2. 欧*** 政治面貌：***→中***（2017-02-13）［已撤回］\
""")
    assert render.listing(THIRD, FIRST_QUARTER, []) == snapshot(
        "岳阳县第三中学 2017年第一季度还没有登记变更。登记发 /变更"
    )
    assert render.listing(COUNTY, FIRST_QUARTER, []) == snapshot(
        "岳阳县本级 2017年第一季度没有登记。看学校的发 /变更 列表 学校名，看汇总发 /季报"
    )


def test_withdrawal(render: ModuleType) -> None:
    assert render.withdraw_prompt(notice(3)) == snapshot("""\
将撤回这一条：
3. 欧*** 政治面貌：***→中***（2017-02-13）\
""")
    assert render.withdrawn(notice(3)) == snapshot("已撤回第 3 条，编号保留不再用。")


def test_register(render: ModuleType) -> None:
    assert render.register_prompt(THIRD, FIRST_QUARTER) == snapshot(
        "将把 岳阳县第三中学 2017年第一季度的更新登记表（含完整姓名和修改前后内容）发到这个私聊，"
        "请妥善保管，不要转发到群里。"
    )
    assert render.register_sent(THIRD, FIRST_QUARTER, 2) == snapshot(
        "岳阳县第三中学 2017年第一季度更新登记表（附件3），2 条。.docx 用来打印盖章，.xlsx 是电子稿。"
    )
    assert render.register_sent(THIRD, FIRST_QUARTER, 0) == snapshot(
        "岳阳县第三中学 2017年第一季度更新登记表（附件3），没有变更，是空表。"
        ".docx 用来打印盖章，.xlsx 是电子稿。"
    )


def test_sent(render: ModuleType) -> None:
    reported = _state(2, ObligationState.REPORTED)
    assert render.sent(reported, zero=False, receiver=COUNTY) == snapshot("""\
已报送：岳阳县第三中学 2017年第一季度季报 2 条
等岳阳县备案。之后又有变更，登记后再发一次 /季报 报送。\
""")
    late = _state(0, ObligationState.REPORTED, late=True)
    assert render.sent(late, zero=True, receiver=COUNTY) == snapshot("""\
已报送：岳阳县第三中学 2017年第一季度零报告（迟报）
等岳阳县备案。之后又有变更，登记后再发一次 /季报 报送。\
""")


def test_state_of_one_school(render: ModuleType) -> None:
    assert render.state(_state(2)) == snapshot("""\
2017年第一季度季报
岳阳县第三中学：未报，2 条，3月20日（周一）截止（全市3月25日周六）
报送发 /季报 报送；没有变更发 /零报告\
""")
    assert render.state(_state(2, ObligationState.RETURNED, reason="漏了两人")) == snapshot("""\
2017年第一季度季报
岳阳县第三中学：已退回，2 条，原因：漏了两人，3月20日（周一）截止（全市3月25日周六）
报送发 /季报 报送；没有变更发 /零报告\
""")
    assert render.state(_state(0, ObligationState.DONE)) == snapshot("""\
2017年第一季度季报
岳阳县第三中学：已备案，零报告\
""")
    assert render.state(RegisterState(THIRD, FIRST_QUARTER, 0, None)) == snapshot("""\
2017年第一季度季报
岳阳县第三中学：不用报\
""")


def test_rows_filed_after_sending_are_pointed_out(render: ModuleType) -> None:
    sent = obligation("quarterly", ObligationState.REPORTED, numbers={"rows": 2})
    assert render.state_line(RegisterState(THIRD, FIRST_QUARTER, 3, sent)) == snapshot(
        "岳阳县第三中学：已报送，待备案，2 条，之后新登记 1 条还没报送"
    )


def test_overview_of_a_county(render: ModuleType) -> None:
    own = RegisterState(COUNTY, FIRST_QUARTER, 5, obligation("quarterly", unit=COUNTY.code))
    below = [
        _state(2, ObligationState.REPORTED),
        RegisterState(
            FIRST, FIRST_QUARTER, 3, obligation("quarterly", ObligationState.DONE, numbers={"rows": 3})
        ),
        RegisterState(NURSERY, FIRST_QUARTER, 0, obligation("quarterly")),
    ]
    assert render.overview(own, below) == snapshot("""\
2017年第一季度季报，岳阳县：已备案 1 · 待备案 1 · 未报 1，共 5 条
本级 岳阳县：未报，5 条，3月20日（周一）截止（全市3月25日周六）
待备案：
· 岳阳县第三中学：已报送，待备案，2 条
备案发 /备案 岳阳县第三中学 2017Q1\
""")


def test_settled(render: ModuleType) -> None:
    assert render.archived(_state(2, ObligationState.DONE)) == snapshot(
        "已备案：岳阳县第三中学 2017年第一季度，2 条。"
    )
    assert render.given_back(_state(2, ObligationState.RETURNED), "漏了两人") == snapshot("""\
已退回：岳阳县第三中学 2017年第一季度季报
原因：漏了两人\
""")
