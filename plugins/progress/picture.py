"""进度图：一个县市区（或一项任务）一根横条，四种状态四种颜色，数字写在右边。深浅也不同，色觉不同的人也分得开。"""

from __future__ import annotations

from datetime import date

from bot.chat.wording import day_text, left_text
from bot.documents.pictures import Bar, BarGroup, Part, Picture, Tone
from bot.domain.numbers import numbers_text
from bot.domain.progress_views import CityProgress, CountyProgress
from bot.domain.tallies import Tally

from .wording import full_name, row_name, short_name

LEGEND = (("完成", Tone.BLUE), ("待审", Tone.AMBER), ("退回", Tone.RED), ("待报", Tone.GRAY))


def city_picture(progress: CityProgress) -> Picture | None:
    """全市一项任务：一个县市区一根；没有单位要报的返回 None。"""
    bars = tuple(_bar(row_name(unit, progress.unit), tally) for unit, tally in progress.rows if tally.total)
    if not bars:
        return None
    total = progress.total
    lines = [f"完成 {total.done}/{total.total}（{_percent(total)}）"]
    if progress.due_on:
        lines.append(f"{day_text(progress.due_on)}截止，{left_text(progress.due_on, progress.today)}")
    sums = progress.sums
    totals = numbers_text(progress.deliverable.numbers, sums.numbers) if sums else ""
    return Picture(
        title=f"{progress.unit.name} {full_name(progress.deliverable, progress.period)}",
        subtitle="，".join((*lines, _until(progress.today))),
        groups=(BarGroup("各县市区", bars, legend=LEGEND),),
        footer=f"{sums.units} 所报的合计：{totals}" if sums else "",
    )


def county_picture(progress: CountyProgress) -> Picture | None:
    """一个县：一项任务一根，数的是学校。"""
    bars = tuple(
        _bar(short_name(item, period), tally) for item, period, tally in progress.tallies if tally.total
    )
    if not bars:
        return None
    footer = "；".join(
        f"{item.short}合计 {numbers_text(item.numbers, sums.numbers)}（{sums.units} 所）"
        for item, sums in progress.sums
    )
    return Picture(
        title=f"{progress.unit.name}学校报送进度",
        subtitle=_until(progress.today),
        groups=(BarGroup("各项任务", bars, legend=LEGEND),),
        footer=footer,
    )


def _bar(label: str, tally: Tally) -> Bar:
    numbers = (tally.done, tally.waiting, tally.returned, tally.owing)
    parts = tuple(Part(number, tone) for number, (_, tone) in zip(numbers, LEGEND, strict=True) if number)
    named = [f"{name}{number}" for number, (name, _) in zip(numbers[1:], LEGEND[1:], strict=True) if number]
    note = " ".join((f"{tally.done}/{tally.total}", *named))
    return Bar(label, parts=parts, whole=tally.total, note=note)


def _percent(tally: Tally) -> str:
    return f"{100 * tally.done // tally.total}%"


def _until(today: date) -> str:
    return f"截至 {today:%Y-%m-%d}"
