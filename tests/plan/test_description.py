from dataclasses import replace

from bot.plan import Ladder, describe_plan, load_plan

PLAN = load_plan()
TEXT = describe_plan(PLAN)


def test_a_milestone_reads_like_a_short_card() -> None:
    card = (
        "【信息采集初审（初审）】2017-02-28 截止\n"
        "谁交：市直学校、学校\n"
        "交什么：学校完成教师信息采集和初审，报应采集、已录入、已审的人数。\n"
        "完成：审核通过后完成\n"
        "怎么报：/上报 初审 应采集52 已录入52 已审52\n"
        "依据：方案三（三）"
    )
    assert card in TEXT.split("\n\n")


def test_every_deliverable_is_shown() -> None:
    assert all(item.name in TEXT for item in PLAN.deliverables)


def test_the_quarter_names_both_days() -> None:
    assert "每年3、6、9、12月25日前，自2017年第一季度起（县属学校报县：默认20日）" in TEXT


def test_derived_ones_say_from_what() -> None:
    assert "完成：直接下级的初审都完成后自动完成" in TEXT
    assert "完成：本单位和全部下级的初审都完成后自动完成" in TEXT


def test_the_ladder_is_told_in_words() -> None:
    assert "截止：前10天、前3天、前1天、当天（休息日提前到上一个工作日）\n逾期：第1、3、7个工作日" in TEXT


def test_a_plan_without_reminders_says_so() -> None:
    quiet = replace(PLAN, ladder=Ladder(before=(), on_day=False, overdue=()))
    assert "截止：不提醒" in describe_plan(quiet)


def test_an_unknown_phone_leaves_no_empty_line() -> None:
    text = describe_plan(replace(PLAN, contact=replace(PLAN.contact, phone="", mail="")))
    assert "电话" not in text.split("【联系】")[1]
    assert text.endswith(f"{PLAN.contact.office}\n{PLAN.contact.caution}")


def test_roles_and_their_clauses_are_shown() -> None:
    assert "信息管理员（附件1二）\n1. " in TEXT
    assert "共同要求（附件1五）" in TEXT
