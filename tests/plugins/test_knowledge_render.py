"""知识维护的文字：第一行就是答案，手机一屏看得完。"""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest
from inline_snapshot import snapshot

from bot.app import Shell
from bot.domain.entry_differences import differences
from bot.domain.knowledge_editing import Draft, Revision, View
from bot.domain.knowledge_proposals import Ruling
from bot.domain.open_questions import Answered
from bot.domain.question_clusters import Cluster
from faq.entries import Entry
from storage.proposals import Proposal
from storage.questions import OpenQuestion
from storage.words import KnowledgeChange, ProposalKind, ProposalState, QuestionState
from tests.plugins.values import NOON

ENTRY = Entry(
    id="local.0001",
    topic="local",
    question="校车司机要录吗",
    answer="不用录，由学校另外登记。",
    basis="岳阳县信息管理员答复 2017-02-20",
    certainty="confirmed",
    audience=("anyone",),
    aliases=("司机录不录", "开校车的要录吗"),
)


@pytest.fixture(scope="module")
def knowledge(shell: tuple[Shell, str]) -> ModuleType:
    """插件由 NoneBot 先装好，这里才能引用。"""
    import plugins.knowledge
    import plugins.knowledge.render
    import plugins.knowledge.render_entries

    return plugins.knowledge


def group(*numbers: int, text: str = "") -> Cluster:
    return Cluster(
        tuple(
            OpenQuestion(
                number, text or f"样例问题{number}", 10000 + number, None, NOON, QuestionState.OPEN, ""
            )
            for number in numbers
        )
    )


def proposal(number: int, kind: ProposalKind = ProposalKind.ENTRY) -> Proposal:
    if kind is ProposalKind.ALIAS:
        content, entry_id = {"alias": "司机录不录"}, ENTRY.id
    else:
        content, entry_id = {"question": f"样例问题{number}", "answer": f"样例答案{number}"}, ""
    return Proposal(number, kind, entry_id, content, None, 10002, NOON, ProposalState.WAITING)


def test_open_questions(knowledge: ModuleType) -> None:
    render = knowledge.render
    assert render.open_questions([]) == snapshot("没有待答问题。")
    assert render.open_questions([group(3), group(5)]) == snapshot("""\
待答问题 2 个：
3. 样例问题3
5. 样例问题5
回答请发：/知识 回答 编号 答案\
""")
    assert render.open_questions([group(5, 8, 9), group(3)]) == snapshot("""\
待答问题 4 个，相近的归成 2 组：
5. 样例问题5 ×3人
3. 样例问题3
回答请发：/知识 回答 编号 答案\
""")
    many = [group(number, text="很长的问题" * 20) for number in range(1, 13)]
    first, second = render.open_questions(many).splitlines(), render.open_questions(many, 2).splitlines()
    assert (len(first), first[-2]) == snapshot((13, "第 1 页，共 2 页，下一页发 /知识 待答 2"))
    assert [line.split(".")[0] for line in second[1:3]] == ["11", "12"]
    assert second[-2] == snapshot("第 2 页，共 2 页")
    assert max(len(line) for line in first) <= 64


def test_groups_see_counts_only(knowledge: ModuleType) -> None:
    render = knowledge.render
    assert render.open_in_group([]) == snapshot("没有待答问题。")
    assert render.open_in_group([group(5, 8), group(3)]) == snapshot(
        "待答问题 3 个，相近的归成 2 组，请私聊我发 /知识 待答"
    )
    assert render.waiting_in_group(0) == snapshot("没有待定的提案。")
    assert render.waiting_in_group(2) == snapshot("待定提案 2 个，请私聊我发 /知识 待定")


def test_answered(knowledge: ModuleType) -> None:
    render = knowledge.render
    assert render.answered(Answered(3, (), 1, 7), publisher=False) == snapshot("""\
已答复 3 号问题，提问的人会收到。
已记为 7 号提案，市级确认后进知识库。\
""")
    assert render.answered(Answered(3, (5, 8), 3, 7), publisher=True) == snapshot("""\
已答复 3 号，和相近的 5、8 号，3 位提问的人会收到。
已记为 7 号提案，要进知识库请发：/知识 通过 7\
""")
    assert render.two_numbers(12, 7) == snapshot("""\
引用的是 12 号，后面写的是 7 号，不知道该答哪一个。
请去掉引用，或写成：/知识 回答 12 答案\
""")


def test_waiting_proposals(knowledge: ModuleType) -> None:
    render = knowledge.render
    assert render.waiting([]) == snapshot("没有待定的提案。")
    found = [(proposal(3), "岳阳县信息管理员"), (proposal(4, ProposalKind.ALIAS), "岳阳县第三中学信息管理员")]
    assert render.waiting(found) == snapshot("""\
待定提案 2 个：
3. 新条目：样例问题3（岳阳县信息管理员）
   答：样例答案3
4. 给 local.0001 加问法：司机录不录（岳阳县第三中学信息管理员）
定一个：/知识 通过 编号，或 /知识 驳回 编号 原因\
""")
    many = render.waiting([(proposal(number), "岳阳县信息管理员") for number in range(1, 8)], 2).splitlines()
    assert (many[1], many[-2]) == snapshot(("6. 新条目：样例问题6（岳阳县信息管理员）", "第 2 页，共 2 页"))


def test_ruling(knowledge: ModuleType) -> None:
    render = knowledge.render
    fresh = Ruling(proposal(3), "岳阳县信息管理员", None, ENTRY, {})
    assert render.accept_prompt(fresh) == snapshot("""\
3 号提案（岳阳县信息管理员提）通过后成为新条目，所有人都能问到：
问：校车司机要录吗
答：不用录，由学校另外登记。
依据：岳阳县信息管理员答复 2017-02-20
可信程度：确认 · 读者：所有人
同样答的问法 2 个：“司机录不录”、“开校车的要录吗”
要改写：/知识 通过 3 问：… 答：… 依据：…\
""")
    assert render.accepted(fresh, ENTRY) == snapshot("""\
已通过，新条目 local.0001，马上就答得出。
试试：/问 校车司机要录吗\
""")
    phrase = Ruling(proposal(4, ProposalKind.ALIAS), "岳阳县信息管理员", ENTRY, ENTRY, {})
    assert render.accept_prompt(phrase) == snapshot("""\
4 号提案（岳阳县信息管理员提）通过后，local.0001（校车司机要录吗）多一个问法：
“司机录不录”\
""")
    assert render.accepted(phrase, ENTRY) == snapshot("已通过，local.0001 多了一个问法，马上生效。")
    assert render.reject_prompt(proposal(3), "方案里写了") == snapshot("""\
将驳回 3 号提案（新条目：样例问题3）
原因：方案里写了
提案的人会收到原因。\
""")
    assert render.rejected(proposal(3)) == snapshot("已驳回 3 号提案。")
    assert render.alias_proposed(4) == snapshot("已记为 4 号提案，市级确认后生效，结果会告诉你。")


def test_the_proposer_is_told(knowledge: ModuleType) -> None:
    facts = {"number": 3, "kind": "entry", "text": "校车司机要录吗", "entry_id": "local.0001", "reason": ""}
    assert knowledge.render.decided(facts) == snapshot(
        "你提的新条目“校车司机要录吗”通过了，已进知识库，编号 local.0001。"
    )
    refused = facts | {"kind": "alias", "entry_id": "", "reason": "意思不一样"}
    assert knowledge.render.decided(refused) == snapshot("""\
你提的新问法“校车司机要录吗”没有采纳。
原因：意思不一样\
""")


def test_an_entry_and_its_phrasings(knowledge: ModuleType) -> None:
    entries = knowledge.render_entries
    assert entries.view(View(ENTRY, 0, None)) == snapshot("""\
local.0001（出厂底本，没改过）
问：校车司机要录吗
答：不用录，由学校另外登记。
依据：岳阳县信息管理员答复 2017-02-20
可信程度：确认 · 读者：所有人
问法 2 个，看问法发：/知识 别名 local.0001\
""")
    assert entries.view(View(ENTRY, 2, NOON)).splitlines()[0] == snapshot("local.0001（第 2 版，2017-02-24）")
    assert entries.aliases(ENTRY) == snapshot("""\
local.0001：校车司机要录吗
别的问法 2 个：
1. 司机录不录
2. 开校车的要录吗
加一个：/知识 别名 local.0001 新问法\
""")
    many = entries.aliases(replace(ENTRY, aliases=tuple(f"问法{number}" for number in range(25))))
    assert (len(many.splitlines()), many.splitlines()[-2]) == snapshot((24, "……还有 5 个"))


def draft(before: Entry | None, after: Entry | None, change: KnowledgeChange, reason: str = "") -> Draft:
    return Draft(ENTRY.id, before, after, 1, change, reason)


def test_prompts_show_before_and_after(knowledge: ModuleType) -> None:
    entries = knowledge.render_entries
    after = replace(ENTRY, answer="要录，由学校统一登记。", certainty="general", basis="")
    assert entries.prompt(draft(ENTRY, after, KnowledgeChange.EDIT)) == snapshot("""\
将修改 local.0001：
答：不用录，由学校另外登记。 → 要录，由学校统一登记。
依据 去掉：岳阳县信息管理员答复 2017-02-20
可信程度：确认 → 一般\
""")
    more = replace(ENTRY, aliases=(*ENTRY.aliases, "开校车的师傅"))
    assert entries.prompt(draft(ENTRY, more, KnowledgeChange.ALIAS)) == snapshot("""\
将给 local.0001（校车司机要录吗）加问法：
问法 加：“开校车的师傅”\
""")
    assert entries.prompt(draft(ENTRY, None, KnowledgeChange.DELETE, "规定改了")) == snapshot("""\
将删除 local.0001：校车司机要录吗
原因：规定改了
删了就不再这样答，以后可以回滚。\
""")
    long = replace(ENTRY, answer="不用录。校车司机由学校所在的中心校另外登记在册，每季度核对一次。")
    assert entries.prompt(draft(ENTRY, long, KnowledgeChange.ROLL_BACK), 0) == snapshot("""\
将把 local.0001 回滚到出厂底本：
答 改前：不用录，由学校另外登记。
答 改后：不用录。校车司机由学校所在的中心校另外登记在册，每季度核对一次。\
""")
    assert entries.prompt(draft(None, ENTRY, KnowledgeChange.ROLL_BACK), 2) == snapshot("""\
将把 local.0001 回滚到第 2 版：
（现在是删除的，回滚就恢复成这样）
问：校车司机要录吗
答：不用录，由学校另外登记。
依据：岳阳县信息管理员答复 2017-02-20
可信程度：确认 · 读者：所有人\
""")


def test_done_says_how_to_go_back(knowledge: ModuleType) -> None:
    entries = knowledge.render_entries
    assert entries.published(draft(ENTRY, ENTRY, KnowledgeChange.EDIT), 2) == snapshot("""\
已改好，local.0001 现在是第 2 版，马上生效。
不对就发：/知识 回滚 local.0001 1\
""")
    assert entries.published(draft(ENTRY, None, KnowledgeChange.DELETE, "规定改了"), 2) == snapshot("""\
已删除 local.0001。
要恢复发：/知识 回滚 local.0001 1\
""")
    assert entries.published(draft(None, ENTRY, KnowledgeChange.ROLL_BACK), 3) == snapshot(
        "已改好，local.0001 现在是第 3 版，马上生效。"
    )


def test_history(knowledge: ModuleType) -> None:
    who = "岳阳市信息管理员"
    changed = differences(ENTRY, replace(ENTRY, certainty="general"))
    revisions = [
        Revision(3, KnowledgeChange.ROLL_BACK, who, NOON, differences(None, ENTRY)[:1]),
        Revision(2, KnowledgeChange.DELETE, who, NOON, (), "规定改了"),
        Revision(1, KnowledgeChange.EDIT, who, NOON, changed),
        Revision(0, None, "", None, ()),
    ]
    assert knowledge.render_entries.history(ENTRY.id, revisions) == snapshot("""\
local.0001 的历史，现在是第 3 版：
第 3 版 2017-02-24 12:00 岳阳市信息管理员 回滚
  问 加：校车司机要录吗
第 2 版 2017-02-24 12:00 岳阳市信息管理员 删除，原因：规定改了
第 1 版 2017-02-24 12:00 岳阳市信息管理员 修改
  可信程度：确认 → 一般
第 0 版 出厂底本
回到某一版：/知识 回滚 local.0001 版本\
""")
    longer = [Revision(number, KnowledgeChange.NEW, who, NOON, ()) for number in range(9, 0, -1)]
    assert knowledge.render_entries.history(ENTRY.id, longer).splitlines()[-2] == snapshot(
        "更早的发 /知识 历史 local.0001 2"
    )
