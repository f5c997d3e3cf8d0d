"""发给模型之前：证件、电话、QQ、邮箱、网址、人名、学校名都遮住；说的是哪件事留着。"""

from __future__ import annotations

import pytest

from bot.domain.model_redaction import LONGEST, redacted

UNITS = ("荣家湾中心幼儿园", "县三中", "洞庭", "东方红学校")


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("身份证430602198001011234填错了", "430602198001011234"),
        ("身份证43060219800101123X填错了", "43060219800101123"),
        ("身份证 430602 19800101 1234 填错了", "1234"),
        ("身份证430602 1980-01-01 1234填错了", "1980"),
        ("身份证４３０６０２１９８００１０１１２３４", "4306"),
        ("手机13812345678收不到验证码", "138"),
        ("手机138 1234 5678收不到", "5678"),
        ("手机138-1234-5678收不到", "1234"),
        ("手机１３８１２３４５６７８收不到", "138"),
        ("手机一三八一二三四五六七八收不到", "一三八"),
        ("加我QQ 12345", "12345"),
        ("QQ号123456789登不上", "123456789"),
        ("发到 wang.li@qq.com 行吗", "wang"),
        ("发到ｗａｎｇ＠ｑｑ．ｃｏｍ行吗", "wang"),
        ("打开 https://jspt.example.cn/?token=abc 报错", "token"),
        ("打开www.example.cn报错", "example"),
        ("@李样例 你看下密码怎么改", "李样例"),
        ("[CQ:at,qq=10001] 密码怎么改", "10001"),
        ("王丽老师的政治面貌怎么改", "王丽"),
        ("张校长让我问密码", "张校长"),
        ("关老师和向老师调走了", "关老师"),
        ("关老师和向老师调走了", "向老师"),
        ("欧阳样例主任说要盖章", "欧阳"),
        ("我叫欧阳样例，登不上", "样例"),
        ("姓名：王丽", "王丽"),
        ("姓 名: 王小丽 填错", "王小丽"),
        ("本人李四，要改学历", "李四"),
        ("帮王丽改一下学历", "王丽"),
        ("李四的身份证被占用", "李四"),
        ("小王的照片传不上", "小王"),
        ("岳阳县第三中学初审了没", "第三中学"),
        ("第一中学怎么还没审", "第一中学"),
        ("荣家湾中心幼儿园的账号", "荣家湾"),
        ("东方红学校登不上", "东方红"),
        ("县三中的账号", "三中"),
        ("华容一中怎么报", "一中"),
        ("13\u200b812345678收不到", "812345678"),
    ],
)
def test_what_says_who_is_hidden(said: str, hidden: str) -> None:
    assert hidden not in redacted(said, UNITS)


@pytest.mark.parametrize(
    "said",
    [
        "退休老师要不要录",
        "任课老师和高中老师怎么填",
        "老师调走了怎么办",
        "系统管理员是谁",
        "教师的信息怎么改",
        "学校的信息在哪里改",
        "县属学校什么时候初审",
        "市直学校季报报给谁",
        "中小学和幼儿园都要报吗",
        "2017-02-28前要完成吗",
        "2017年3月20日前审完吗",
        "附件3填几份",
        "统一中小学的口径",
        "洞庭片区什么时候培训",
    ],
)
def test_what_is_asked_stays(said: str) -> None:
    assert redacted(said, UNITS) == said


def test_the_rest_of_the_question_stays_readable() -> None:
    assert (
        redacted("岳阳县第三中学王丽老师手机13812345678换了怎么改")
        == "〔某校〕〔某人〕手机〔号码〕换了怎么改"
    )


def test_long_texts_are_cut_after_hiding() -> None:
    said = "啊" * (LONGEST - 5) + "13812345678"
    found = redacted(said)
    assert len(found) <= LONGEST
    assert "138" not in found
    assert len(redacted("很长" * 5000)) == LONGEST


def test_placeholders_of_its_own_cannot_be_smuggled_in() -> None:
    assert "1980" not in redacted("\x00\ue000\x00 430602 1980-01-01 1234")
