"""权限：表里没写的一律不行；角色在哪个单位担任，权就到哪个单位为止。"""

from __future__ import annotations

import ast
import csv
from pathlib import Path

import pytest

from bot.domain.actor import Actor, Assignment, Place, PlaceKind
from bot.domain.errors import Denied, WrongPlace
from bot.domain.permissions import TABLE_FILE, Permissions, Rule, load_rules
from bot.domain.units import UnitTree
from storage.units import Unit
from storage.words import Role
from tests.stage import CITY, COUNTY, FIRST, MUNICIPAL, OTHER_COUNTY, OTHER_SCHOOL, THIRD, UNITS

TREE = UnitTree(UNITS)
RULES = load_rules()
PERMISSIONS = Permissions(RULES)
FRIEND, GROUP, TEMPORARY = Place(PlaceKind.FRIEND), Place(PlaceKind.GROUP, 1), Place(PlaceKind.TEMPORARY)

STATUS = "query status and who still owes"
REVIEW = "review a submission (approve or return)"
REPORT = "report first review and quarter"
FILE = "file a change notice"
INVITE = "issue an invite code"
ASK = "ask a question"
BIND = "group settings (answer mode and quiet hours)"
FULL_VALUES = "official register with full values"


def actor(*seats: tuple[Unit, Role], place: Place = FRIEND, operator: bool = False) -> Actor:
    return Actor(10001, tuple(Assignment(unit, role) for unit, role in seats), place, operator)


def may(who: Actor, action: str, target: Unit | None = None) -> bool:
    try:
        PERMISSIONS.require(who, action, TREE, target)
    except Denied:
        return False
    return True


def info(unit: Unit, place: Place = FRIEND) -> Actor:
    return actor((unit, Role.INFO_ADMIN), place=place)


def test_every_row_of_the_table_is_read() -> None:
    with TABLE_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(RULES) == len(rows) > 35
    assert set(RULES) == {row["action"] for row in rows}


def test_an_action_without_a_row_is_an_error_and_never_a_yes() -> None:
    with pytest.raises(KeyError):
        PERMISSIONS.require(info(CITY), "no such action", TREE, CITY)


def test_an_empty_row_lets_nobody_in() -> None:
    nobody = Permissions({"x": Rule("x", {}, "group+private", confirm=False, basis="")})
    for unit in UNITS:
        for role in Role:
            who = Actor(1, (Assignment(unit, role),), FRIEND, operator=True)
            assert not nobody.allows(who, "x")
            with pytest.raises(Denied):
                nobody.require(who, "x", TREE, unit)


@pytest.mark.parametrize("action", sorted(RULES))
def test_who_is_not_registered_may_do_only_what_the_member_column_says(action: str) -> None:
    stranger = actor()
    assert PERMISSIONS.allows(stranger, action) == bool(RULES[action].scopes.get("member"))


def test_showing_full_numbers_or_passwords_is_never_allowed() -> None:
    for action in ("show a full ID or phone number in a chat", "send or ask for or store a password"):
        for unit in UNITS:
            for role in Role:
                assert not may(actor((unit, role), operator=True), action, unit)


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        (Role.SYSTEM_ADMIN, {INVITE, STATUS, "report launch and account progress"}),
        (
            Role.INFO_ADMIN,
            {STATUS, FILE, REPORT, FULL_VALUES, "report training", "report launch and account progress"},
        ),
        (Role.INFO_VIEWER, {STATUS}),
        (Role.TRAINING_ADMIN, {STATUS, "report training"}),
    ],
)
def test_a_role_at_a_school_reaches_its_own_school_only(role: Role, actions: set[str]) -> None:
    who = actor((THIRD, role))
    every = {INVITE, STATUS, FILE, REPORT, FULL_VALUES, REVIEW, "report training"}
    every |= {"report launch and account progress", "archive or return a register"}
    assert {action for action in every if may(who, action, THIRD)} == actions
    for elsewhere in (FIRST, OTHER_SCHOOL, MUNICIPAL, COUNTY, CITY):
        assert not any(may(who, action, elsewhere) for action in every)


def test_a_county_reaches_its_own_schools_and_itself() -> None:
    reached = [unit.code for unit in UNITS if may(info(COUNTY), REVIEW, unit)]
    assert reached == ["YY04", "YY04-0001", "YY04-0002", "YY04-0003"]


def test_the_city_reaches_everybody() -> None:
    assert all(may(info(CITY), REVIEW, unit) for unit in UNITS)


def test_only_schools_file_change_notices() -> None:
    assert may(info(THIRD), FILE, THIRD)
    assert may(info(MUNICIPAL), FILE, MUNICIPAL)
    assert not may(info(COUNTY), FILE, THIRD)
    assert not may(info(CITY), FILE, MUNICIPAL)


def test_several_roles_add_up_and_the_grant_names_the_seat() -> None:
    who = actor((THIRD, Role.INFO_VIEWER), (OTHER_COUNTY, Role.INFO_ADMIN), (FIRST, Role.SYSTEM_ADMIN))
    assert may(who, STATUS, THIRD)
    assert not may(who, REPORT, THIRD)
    assert may(who, REVIEW, OTHER_SCHOOL)
    assert not may(who, REVIEW, THIRD)
    assert may(who, INVITE, FIRST)
    assert not may(who, INVITE, THIRD)
    grant = PERMISSIONS.require(who, STATUS, TREE, OTHER_SCHOOL)
    assert grant.assignment == Assignment(OTHER_COUNTY, Role.INFO_ADMIN)


@pytest.mark.parametrize("unit", [COUNTY, CITY])
def test_a_viewer_at_a_county_or_the_city_reads_status_and_nothing_else(unit: Unit) -> None:
    who = actor((unit, Role.INFO_VIEWER))
    everybody = {action for action in RULES if PERMISSIONS.allows(actor(), action)}
    own_affairs = {"hand over own role", "why was I reminded"}
    allowed = {action for action in RULES if PERMISSIONS.allows(who, action)}
    assert allowed - everybody - own_affairs == {STATUS}


@pytest.mark.parametrize(
    ("unit", "more"), [(COUNTY, {"record a password reset as done"}), (CITY, set[str]())], ids=["县", "市"]
)
def test_a_system_admin_at_a_county_or_the_city_keeps_accounts_only(unit: Unit, more: set[str]) -> None:
    who = actor((unit, Role.SYSTEM_ADMIN))
    everybody = {action for action in RULES if PERMISSIONS.allows(actor(), action)}
    own_affairs = {"hand over own role", "why was I reminded"}
    allowed = {action for action in RULES if PERMISSIONS.allows(who, action)}
    accounts = {INVITE, "freeze or revoke a role", "list administrators"}
    roster = {"see the roster of units", "import or edit the roster"}
    assert allowed - everybody - own_affairs == accounts | roster | more


def test_a_training_admin_at_a_county_reports_its_own_training_only() -> None:
    who = actor((COUNTY, Role.TRAINING_ADMIN))
    assert may(who, "report training", COUNTY)
    assert not may(who, "report training", THIRD)
    assert not may(who, STATUS, COUNTY)


def test_the_operator_sees_no_business_data() -> None:
    who = actor(operator=True)
    assert may(who, BIND)
    for action in (STATUS, REVIEW, REPORT, FULL_VALUES, "read change notices (masked)", INVITE):
        assert not may(who, action, THIRD), action


@pytest.mark.parametrize("action", [action for action, rule in RULES.items() if rule.where == "private"])
def test_personal_matters_are_sent_to_the_private_chat(action: str) -> None:
    with pytest.raises(WrongPlace, match="私聊"):
        PERMISSIONS.require(info(CITY, GROUP), action, TREE, CITY)


@pytest.mark.parametrize("action", sorted(RULES))
def test_a_temporary_session_answers_guide_questions_only(action: str) -> None:
    guide = {ASK, "ask for a human", "give feedback on an answer"}
    who = actor((CITY, Role.INFO_ADMIN), place=TEMPORARY)
    if action in guide:
        PERMISSIONS.require(who, action, TREE)
    else:
        with pytest.raises((WrongPlace, Denied)):
            PERMISSIONS.require(who, action, TREE)


def test_a_refusal_tells_a_stranger_how_to_register() -> None:
    with pytest.raises(Denied, match="还没有登记为管理员") as caught:
        PERMISSIONS.require(actor(), REPORT, TREE, THIRD)
    assert "/注册 邀请码 姓名 手机号" in str(caught.value)


def test_a_refusal_names_the_unit_that_is_out_of_reach() -> None:
    with pytest.raises(Denied, match="你没有权限办理“岳阳县第一中学”的这件事"):
        PERMISSIONS.require(info(THIRD), REPORT, TREE, FIRST)


def test_a_refusal_names_the_seats_one_really_has() -> None:
    with pytest.raises(Denied, match="你登记的是岳阳县第三中学信息查询员，没有办这件事的权限"):
        PERMISSIONS.require(actor((THIRD, Role.INFO_VIEWER)), FILE, TREE, THIRD)


def test_every_action_named_in_the_code_has_a_row() -> None:
    """代码里写到的动作名（常量 ACTION、FILE……和命令的 action=）都在表里。"""
    project = Path(__file__).resolve().parents[2]
    wanted: dict[str, str] = {}
    for file in (*(project / "bot" / "domain").glob("*.py"), *(project / "plugins").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.keyword)
                and node.arg == "action"
                and isinstance(node.value, ast.Constant)
            ):
                wanted[str(node.value.value)] = file.name
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "require"
                and len(node.args) > 1
                and isinstance(node.args[1], ast.Constant)
            ):
                wanted[str(node.args[1].value)] = file.name
    assert len(wanted) >= 3
    assert {action: name for action, name in wanted.items() if action not in RULES} == {}
