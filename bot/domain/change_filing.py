"""变更登记：学校信息管理员填附件3 的一行行；要么全收，要么一条不收并逐处指出哪里不对。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.errors import Denied, NotFound, Problems, WrongState
from bot.domain.masking import without_numbers
from bot.domain.quarters import Quarter, quarter_of
from storage.changes import ChangeNotice, ChangeRow
from storage.database import Stores
from storage.units import Unit
from storage.words import NoticeState, ObligationState

FILE = "file a change notice"
CORRECT = "correct or withdraw a change notice"
READ = "read change notices (masked)"
MAX_ROWS = 20
MAX_VALUE = 100
MAX_FIELD = 20
SIMILAR_FIELD = 60


@dataclass(frozen=True, slots=True)
class Filed:
    """登记成功；``remarks`` 是要提醒填报人的话（日期不在本季度、与已登记的重复等）。"""

    unit: Unit
    quarter: Quarter
    notices: tuple[ChangeNotice, ...]
    remarks: tuple[str, ...]


class ChangeFiling:
    """变更登记。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def file(self, actor: Actor, unit: Unit, rows: Sequence[ChangeRow]) -> Filed:
        """登记几行；25 日之后登记的算下一季度。"""
        self._context.require(actor, FILE, unit)
        today = self._context.today()
        problems = check_rows(rows, today)
        if problems:
            raise Problems(tuple(problems))
        now = self._context.now()
        async with self._context.database.write() as stores:
            quarter = await self._open_quarter(stores, unit)
            remarks = _date_remarks(rows, quarter, today)
            remarks += _field_remarks(rows, self._context.plan.change_fields)
            for row in rows:
                same = await stores.changes.same_person_and_field(unit.code, quarter.key, row)
                if same:
                    numbers = "、".join(str(number) for number in same)
                    remarks.append(
                        f"与第 {numbers} 条是同一人同一字段（{row.field}），重复的请发 /变更 撤回 编号"
                    )
            notices = await stores.changes.add(unit.code, quarter.key, rows, actor.qq, now)
            await self._context.log(
                stores, actor, FILE, unit.code, detail={"rows": len(rows)}, seat=unit.code
            )
        return Filed(unit, quarter, tuple(notices), tuple(remarks))

    async def listing(self, actor: Actor, unit: Unit, quarter: Quarter) -> list[ChangeNotice]:
        """某单位某季度的登记，含已撤回的。"""
        self._context.require(actor, READ, unit)
        async with self._context.database.read() as stores:
            return await stores.changes.of([unit.code], quarter.key)

    async def find(self, actor: Actor, unit: Unit, number: int) -> ChangeNotice:
        """本季度第几条，撤回之前先给人看一眼；已备案的不能再改。"""
        self._require_correcting(actor, unit)
        async with self._context.database.read() as stores:
            quarter = await self._open_quarter(stores, unit)
            notices = await stores.changes.of([unit.code], quarter.key)
            for notice in notices:
                if notice.number == number:
                    await self._check_open(stores, notice)
                    return notice
        raise NotFound(f"{unit.name}{quarter.label}没有第 {number} 条登记。发 /变更 列表 看编号。")

    async def withdraw(self, actor: Actor, notice: ChangeNotice) -> None:
        """撤回一条，编号保留不重用；看过之后刚备案的也不能再改。"""
        unit = self._context.directory.tree.get(notice.unit_code)
        self._require_correcting(actor, unit)
        async with self._context.database.write() as stores:
            await self._check_open(stores, notice)
            if not await stores.changes.withdraw(notice.id, self._context.now()):
                raise WrongState(f"第 {notice.number} 条已经撤回过了。")
            await self._context.log(
                stores, actor, CORRECT, unit.code, "withdrawn", {"number": notice.number}, seat=unit.code
            )

    async def open_quarter(self, unit: Unit) -> Quarter:
        """现在登记、列表、撤回说的是哪个季度。"""
        async with self._context.database.read() as stores:
            return await self._open_quarter(stores, unit)

    async def _open_quarter(self, stores: Stores, unit: Unit) -> Quarter:
        """平时按今天算；上一季被退回了，改好重报之前还算上一季。"""
        current = quarter_of(self._context.today(), self._context.plan.quarterly_rule.day)
        previous = current.previous()
        key = self._context.plan.quarterly.key
        returned = await stores.obligations.find(unit.code, key, previous.key)
        if returned is not None and returned.state is ObligationState.RETURNED:
            return previous
        return current

    def _require_correcting(self, actor: Actor, unit: Unit) -> None:
        """谁登记的单位谁撤回；县和市只能退回整份登记表（表里的 return_only）。"""
        self._context.require(actor, CORRECT, unit)
        for grant in self._context.permissions.grants(actor, CORRECT):
            seat = grant.assignment
            if grant.scope != "return_only" and seat is not None and seat.unit.code == unit.code:
                return
        raise Denied(f"{unit.name}的登记由学校自己撤回；要它改，请发 /季报 退回 {unit.name} 季度 原因")

    async def _check_open(self, stores: Stores, notice: ChangeNotice) -> None:
        if notice.state is NoticeState.WITHDRAWN:
            raise WrongState(f"第 {notice.number} 条已经撤回过了。")
        key = self._context.plan.quarterly.key
        obligation = await stores.obligations.find(notice.unit_code, key, notice.period)
        if obligation is not None and obligation.state is ObligationState.DONE:
            raise WrongState(f"{notice.period} 的登记表已经备案，第 {notice.number} 条不能再改。")


def check_rows(rows: Sequence[ChangeRow], today: date) -> list[str]:
    """逐条查错，每处一句话，指明第几条哪一项。"""
    problems: list[str] = []
    if not rows:
        problems.append("没有读到变更内容。发 /帮助 变更 看填写样子。")
    if len(rows) > MAX_ROWS:
        problems.append(f"一次最多登记 {MAX_ROWS} 条，这次有 {len(rows)} 条，请分几次发。")
    for number, row in enumerate(rows, start=1):
        where = f"第{number}条：" if len(rows) > 1 else ""
        problems += [f"{where}{problem}" for problem in row_problems(row, today)]
    return problems


def row_problems(row: ChangeRow, today: date) -> list[str]:
    """一行里的错，一处一句话。"""
    problems = []
    values = {
        "姓名": row.name,
        "字段": row.field,
        "原因": row.reason,
        "修改前": row.before,
        "修改后": row.after,
    }
    for label, value in values.items():
        if len(value) > MAX_VALUE:
            problems.append(f"“{label}”太长，请写在 {MAX_VALUE} 字以内")
    if "密码" in row.field:
        problems.append("密码不登记，也不要发给我；忘记密码请找本校系统管理员重置")
    if len(row.field) > MAX_FIELD or without_numbers(row.field) != row.field:
        problems.append(f"“字段”只写改的是哪一项（{MAX_FIELD} 字以内，不带号码），例如 政治面貌")
    if row.before == row.after:
        problems.append("“修改前”和“修改后”一样，请核对")
    if row.changed_on > today:
        problems.append(f"“日期”{row.changed_on.isoformat()} 还没到，请写变更生效的日子")
    return problems


def _field_remarks(rows: Sequence[ChangeRow], usual: Sequence[str]) -> list[str]:
    """字段像是常用写法打错了，提个醒；别的字段照收。"""
    remarks = []
    for row in rows:
        if row.field in usual:
            continue
        near = process.extractOne(row.field, usual, scorer=fuzz.ratio, score_cutoff=SIMILAR_FIELD)
        if near is not None:
            remarks.append(f"字段“{row.field}”是不是“{near[0]}”？写错了请撤回重登")
    return remarks


def _date_remarks(rows: Sequence[ChangeRow], quarter: Quarter, today: date) -> list[str]:
    remarks = []
    start, _ = quarter.window
    if today.month % 3 == 0 and start <= today and today.day > quarter.previous().due_on().day:
        remarks.append(f"25日已过，算在{quarter.label}")
    for row in rows:
        if row.changed_on < start:
            day = f"{row.changed_on.year}年{row.changed_on.month}月{row.changed_on.day}日"
            remarks.append(f"变更日期 {day} 不在{quarter.label}，按补登收下")
    return remarks
