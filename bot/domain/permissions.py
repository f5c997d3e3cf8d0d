"""权限：只有 permissions.csv 一张表，表里没写的一律不行。

表的列：member 是没登记的人；四种角色列指在学校担任；county、city 指在那里担任信息管理员；operator 是运维。
格子里写的是范围：all、self、own_unit（担任角色的那个单位）、subtree（本单位及下级）……空就是不行。
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.domain.actor import Actor, Assignment, PlaceKind
from bot.domain.errors import Denied, WrongPlace
from bot.domain.units import UnitTree
from storage.units import Unit
from storage.words import Role, UnitKind

TABLE_FILE = Path(__file__).with_name("permissions.csv")

# 不看对象是谁都放行的范围：对自己、对所有人、交服务另行限制的几种
UNTARGETED = {"all", "self", "bind_only", "request_self", "earlier_only"}
# 县、市的系统管理员只管账号、邀请、管理员、名册、重置密码（其余列为空）
SYSTEM_ADMIN_ACTIONS = {
    "issue an invite code",
    "freeze or revoke a role",
    "list administrators",
    "see the roster of units",
    "import or edit the roster",
    "record a password reset as done",
}
# 县、市的信息查询员（人事科、计财科、信息科等）只看进度和统计
VIEWER_ACTIONS = {"query status and who still owes"}
# 县、市的培训管理员只报本单位的培训
TRAINING_ACTIONS = {"report training"}
# 中心校可以替挂靠的教学点办的：上报和看进度
CENTRAL_SCHOOL_ACTIONS = {
    "report launch and account progress",
    "report training",
    "report first review and quarter",
    "report the plan's undated deliverables (工作方案 责任书 承诺表)",
    "query status and who still owes",
}
# 临时会话里（没加好友）只答操作指南
TEMPORARY_ACTIONS = {"ask a question", "ask for a human", "give feedback on an answer"}


@dataclass(frozen=True, slots=True)
class Rule:
    """表里的一行。"""

    action: str
    scopes: Mapping[str, str]
    where: str
    confirm: bool
    basis: str


@dataclass(frozen=True, slots=True)
class Grant:
    """放行的依据：凭哪个席位、什么范围。凭身份人人可做的没有席位。"""

    scope: str
    assignment: Assignment | None = None


def load_rules(path: Path = TABLE_FILE) -> dict[str, Rule]:
    """读权限表。"""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    fixed = {"action", "commands", "where", "confirm", "basis"}
    return {
        row["action"]: Rule(
            action=row["action"],
            scopes={column: scope for column, scope in row.items() if column not in fixed and scope},
            where=row["where"],
            confirm=row["confirm"] == "yes",
            basis=row["basis"],
        )
        for row in rows
    }


class Permissions:
    """照表放行或拒绝；说话人有几个席位就逐个看。"""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules

    def rule(self, action: str) -> Rule:
        """一个动作的规则；没有这一行是程序错误。"""
        return self._rules[action]

    def require(self, actor: Actor, action: str, tree: UnitTree, target: Unit | None = None) -> Grant:
        """放行并说明依据；不行就抛出拒绝。"""
        rule = self.rule(action)
        self._require_place(actor, rule)
        for grant in self.grants(actor, action):
            if self._reaches(grant, rule, tree, target):
                return grant
        raise Denied(_denial(rule, actor, target))

    def allows(self, actor: Actor, action: str) -> bool:
        """这个人（不论对谁）能不能做这个动作。"""
        return next(self.grants(actor, action), None) is not None

    def grants(self, actor: Actor, action: str) -> Iterator[Grant]:
        """说话人做这个动作的各种依据。"""
        rule = self.rule(action)
        for assignment in actor.assignments:
            scope = _scope_of(rule, assignment)
            if scope:
                yield Grant(scope, assignment)
        if actor.operator and rule.scopes.get("operator"):
            yield Grant(rule.scopes["operator"])
        if rule.scopes.get("member") in UNTARGETED:
            yield Grant(rule.scopes["member"])

    def check_place(self, actor: Actor, action: str) -> None:
        """这个动作能不能在这里办；不看是谁。"""
        self._require_place(actor, self.rule(action))

    def _require_place(self, actor: Actor, rule: Rule) -> None:
        if rule.where == "private" and actor.place.kind is PlaceKind.GROUP:
            raise WrongPlace("这件事请私聊我办理，群里不处理。")
        if rule.where not in ("private", "group+private"):
            raise Denied("这件事不在聊天里办理。")
        if actor.place.kind is PlaceKind.TEMPORARY and rule.action not in TEMPORARY_ACTIONS:
            raise WrongPlace("临时会话里只能问操作问题。办理业务请先加我为好友，再私聊我。")

    def _reaches(self, grant: Grant, rule: Rule, tree: UnitTree, target: Unit | None) -> bool:
        if grant.scope in UNTARGETED or target is None:
            return True
        if grant.assignment is None:
            return False
        own = grant.assignment.unit.code
        if grant.scope == "own_unit" and rule.action in CENTRAL_SCHOOL_ACTIONS:
            return own in (target.code, target.central_school_code)
        if grant.scope in ("own_unit", "own_before_archive", "own_group"):
            return target.code == own
        return grant.scope in ("subtree", "return_only") and tree.covers(grant.assignment.unit, target)


def _scope_of(rule: Rule, assignment: Assignment) -> str:
    kind, role = assignment.unit.kind, assignment.role
    if kind.is_school:
        return rule.scopes.get(role.value, "")
    column = "county" if kind is UnitKind.COUNTY else "city"
    scope = rule.scopes.get(column, "")
    if role is Role.INFO_ADMIN:
        return scope
    # 只对自己的，和没登记的人也能做的，不看担任什么；但不因为坐在县里就管得更宽
    if scope == "self" or rule.scopes.get("member"):
        return scope if scope == "self" else rule.scopes["member"]
    if role is Role.TRAINING_ADMIN:
        return "own_unit" if scope and rule.action in TRAINING_ACTIONS else ""
    limits = {Role.SYSTEM_ADMIN: SYSTEM_ADMIN_ACTIONS, Role.INFO_VIEWER: VIEWER_ACTIONS}
    return scope if rule.action in limits[role] else ""


def _denial(rule: Rule, actor: Actor, target: Unit | None) -> str:
    if not actor.assignments and not actor.operator:
        return (
            "你还没有登记为管理员，办不了这件事。\n"
            "请向本单位或上级要邀请码，私聊我发：/注册 邀请码 姓名 手机号"
        )
    if target is not None and any(_scope_of(rule, seat) for seat in actor.assignments):
        return f"你没有权限办理“{target.name}”的这件事，只能办理自己单位（或下级单位）的。"
    seats = "、".join(f"{seat.unit.name}{seat.role.label}" for seat in actor.assignments[:3])
    return f"你登记的是{seats or '运维'}，没有办这件事的权限。发 /帮助 看你能用的命令。"
