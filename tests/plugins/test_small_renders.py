"""答问、寒暄、帮助、隐私保护的文字。"""

from __future__ import annotations

from time import process_time
from types import ModuleType

import pytest
from inline_snapshot import snapshot

from bot.app import Shell
from bot.chat.composing import Mention
from bot.chat.registry import COMMANDS
from faq.entries import load_entries


@pytest.fixture(scope="module")
def plugins(shell: tuple[Shell, str]) -> ModuleType:
    """插件由 NoneBot 先装好，这里才能引用。"""
    import plugins
    import plugins.ask.courtesy
    import plugins.ask.render
    import plugins.help.render
    import plugins.privacy_guard.render

    return plugins


def test_ask(plugins: ModuleType) -> None:
    render = plugins.ask.render
    entries = [entry for entry in load_entries() if entry.id.startswith("accounts.teacher")][:2]
    offered = render.suggestions(entries).splitlines()
    assert offered[0] == snapshot("你是不是想问：")
    assert offered[1] == f"1. {entries[0].question}"
    assert offered[-1] == snapshot("回复编号看答案；都不是就发 /转人工")
    assert render.unknown(7, in_group=True) == snapshot("""\
这个问题知识库里还没有，已记为待答问题（7 号），有人答了会告诉你。
着急请找本校信息管理员，或发 /转人工\
""")
    assert render.unknown(7, in_group=False).splitlines()[1] == snapshot(
        "着急请找本校信息管理员，或回复“转”，转给管理员"
    )
    assert render.nothing_asked(in_group=True) == snapshot("""\
请直接写问题，例如：@我 忘记密码怎么办
发 /帮助 看我还能做什么。\
""")
    assert render.nothing_asked(in_group=False) == snapshot("""\
请直接写问题，例如：忘记密码怎么办
发 /帮助 看我还能做什么。\
""")


def test_told_answer(plugins: ModuleType) -> None:
    facts = {"question": "账号登不上", "answer": "找系统管理员", "asked_by": 10006}
    in_group = plugins.ask.render.answered(facts, in_group=True)
    assert in_group[0] == Mention(10006)
    assert plugins.ask.render.answered(facts, in_group=False) == (in_group[1],)
    assert in_group[1] == snapshot("""\
你问的“账号登不上”有答复了：
找系统管理员\
""")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("谢谢", "THANKS"),
        ("好的，谢谢老师！", "THANKS"),
        ("辛苦了", "THANKS"),
        ("你好，在吗？", "GREETING"),
        ("大家早上好", "GREETING"),
        ("你是谁呀", "GREETING"),
        ("没用", "DISSATISFIED"),
        ("不对啊", "DISSATISFIED"),
        ("收到", "NOTHING"),
        ("OK", "NOTHING"),
        ("哈哈哈哈", "NOTHING"),
        ("👍", "SATISFIED"),
        ("很有用，谢谢", "SATISFIED"),
        ("👎", "DISSATISFIED"),
        ("没有用👍", "DISSATISFIED"),
        ("？？", "NOTHING"),
        ("1", "NUMBER"),
        ("２", "NUMBER"),
        ("12", None),
        ("你好，怎么重置密码", None),
        ("好的那退休老师要录吗", None),
        ("可以重置密码吗", None),
        ("密码", None),
        ("早读", None),
        ("哈" * 40, "NOTHING"),
        ("好吧okay哈哈喽", "GREETING"),
    ],
)
def test_courtesy_is_told_from_a_question(plugins: ModuleType, said: str, name: str | None) -> None:
    found = plugins.ask.courtesy.courtesy(said)
    assert (found.name if found else None) == name


@pytest.mark.parametrize("unit", ["哈", "好吧", "知道了", "嗯哦"])
def test_a_long_laugh_is_read_at_once(plugins: ModuleType, unit: str) -> None:
    """从前要试遍各种切法：十八个“哈”要几秒，四十个就再也不回来，整个机器人卡住。"""
    started = process_time()
    found = plugins.ask.courtesy.courtesy(unit * 16 + "笑")
    assert (found, process_time() - started < 0.05) == (None, True)


def test_courtesy_words(plugins: ModuleType) -> None:
    kinds = [kind for kind in plugins.ask.courtesy.Courtesy if kind.name != "NOTHING"]
    assert {kind.name: plugins.ask.render.courtesy(kind) for kind in kinds} == snapshot(
        {
            "GREETING": """\
你好，我是教师系统工作群的助手。有问题直接写，例如：忘记密码怎么办
发 /帮助 看我还能做什么。\
""",
            "THANKS": "不客气。",
            "DISSATISFIED": "抱歉没帮上。换个说法再问一次，或发 /转人工 把问题转给管理员。",
            "SATISFIED": "谢谢反馈。",
            "NUMBER": "现在没有等你选的编号，可能已经过时，请把问题再发一遍。",
        }
    )


def test_help(plugins: ModuleType) -> None:
    render = plugins.help.render
    ask, report, change = (COMMANDS.get(name) for name in ("问", "上报", "变更"))
    assert render.menu([report, ask], in_group=True) == snapshot("""\
你在这里能用的命令：
【问答】
/问 问操作问题
【报送】
/上报 报一项任务
看写法发 /帮助 命令名，例如 /帮助 上报
要填个人信息的，请私聊我办理。\
""")
    assert render.menu([ask], in_group=False) == snapshot("""\
你能用的命令：
【问答】
/问 问操作问题
看写法发 /帮助 命令名，例如 /帮助 问\
""")
    assert render.one(report, private_only=False) == snapshot("""\
/上报：报一项任务
也可以写 /report
例如：
/上报 初审 应采集52 已录入52 已审52
/上报 培训
/上报 责任书
/上报 撤回 初审\
""")
    assert render.one(change, private_only=True) == snapshot("""\
/变更：登记教师信息变更
也可以写 /change
只在私聊里用。
例如：
/变更
姓名：王样例
字段：政治面貌
原因：入党
修改前：群众
修改后：中共党员
日期：2017-03-02
本人申请：是
/变更 列表
/变更 撤回 2\
""")
    assert render.unknown("上抱", report) == snapshot("没有叫“上抱”的命令。是不是 /上报？")
    assert render.unknown("xyz", None) == snapshot("没有叫“xyz”的命令。发 /帮助 看全部命令。")


def test_privacy_line_names_nobody(plugins: ModuleType) -> None:
    assert plugins.privacy_guard.render.id_number_in_group() == snapshot("""\
刚才有消息带了身份证号，已尝试撤回；没撤掉的请本人手动撤回。
群里请不要发个人信息，办理请私聊我。\
""")
