"""文字规整、近义、读音与纠错。"""

import pytest

from faq.correction import Corrector
from faq.cues import default_cues
from faq.pinyin import default_pinyin, fold
from faq.reading import bare
from faq.synonyms import Synonyms
from faq.text import clauses, compact, grams, normalise, strip_noise


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("帐號密碼", "账号密码"),
        ("登陆", "登录"),
        ("ＱＱ群", "qq群"),
        ("附件一", "附件1"),
        ("附表3", "附件3"),
        ("二十五号前", "25日前"),
        ("25号", "25日"),
        ("第三步", "第3步"),
        ("十二月", "12月"),
        ("账号", "账号"),
        ("责任书一式两份", "责任书1式2份"),
    ],
)
def test_writings_fold(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


def test_polite_words_carry_nothing() -> None:
    assert compact(strip_noise(normalise("请问老师，密码忘了，谢谢"))) == compact("老师密码忘")


def test_mention_is_not_part_of_question() -> None:
    assert strip_noise(normalise("@小助手 密码忘了")) == "密码忘了"


def test_grams_are_single_and_pairs() -> None:
    assert grams("密码25日") == ["密", "码", "25", "日", "密码", "码25", "25日"]


def test_pairs_do_not_cross_punctuation() -> None:
    assert "了退" not in grams("密码，退休")
    assert "码退" not in grams("密码，退休")


def test_clauses_split_at_punctuation() -> None:
    assert clauses("我是老师,密码忘了。怎么办") == ["我是老师", "密码忘了", "怎么办"]


def test_longest_synonym_wins() -> None:
    synonyms = Synonyms({"登录": ["登录"], "录入": ["录"]})
    assert synonyms.find("登录后录") == [("登录", "〈登录〉"), ("录", "〈录入〉")]


def test_phrase_may_belong_to_two_groups() -> None:
    synonyms = Synonyms({"密码": ["初始密码"], "初始密码": ["初始密码"]})
    assert [name for _, name in synonyms.find("初始密码")] == ["〈初始密码〉", "〈密码〉"]


def test_shipped_synonyms_have_no_doubled_phrase_in_a_group() -> None:
    found = Synonyms.load().find("全教系统的信管")
    assert ("全教系统", "〈教师系统〉") in found
    assert ("信管", "〈信息管理员〉") in found


@pytest.mark.parametrize(
    ("left", "right"), [("zhang", "zan"), ("shen", "sheng"), ("lan", "nan"), ("hui", "fui")]
)
def test_accents_fold(left: str, right: str) -> None:
    assert fold(left) == fold(right)


def test_letters_split_into_syllables() -> None:
    assert default_pinyin().split("zhanghao") == ["zhang", "hao"]
    assert default_pinyin().split("chrome") == []


def corrector(*phrases: str) -> Corrector:
    known = {word[i : i + 2] for word in phrases for i in range(len(word) - 1)}
    return Corrector(dict.fromkeys(phrases, 30), known, phrases, default_pinyin())


def test_homophone_is_corrected() -> None:
    assert corrector("审核").correct("审合谁来做") == ("审核谁来做", 1)


def test_typed_pinyin_is_corrected() -> None:
    assert corrector("密码").correct("mima 忘了") == ("密码 忘了", 1)


def test_known_word_is_left_alone() -> None:
    assert corrector("审核", "省核").correct("审核了") == ("审核了", 0)


def test_english_word_is_left_alone() -> None:
    assert corrector("密码").correct("chrome打不开") == ("chrome打不开", 0)


@pytest.mark.parametrize("text", ["收到", "好的", "今天天气好", "已经报了"])
def test_statements_are_bare(text: str) -> None:
    assert bare(default_cues().find(normalise(text)))


@pytest.mark.parametrize("text", ["密码忘了", "录不录", "责任书几份", "五个节点的日期"])
def test_questions_are_not_bare(text: str) -> None:
    assert not bare(default_cues().find(normalise(text)))
