"""名单一页一页看：编号接着上一页数；没有那一页就说有几页，不悄悄换成别的页。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.errors import NotFound

from .wording import SHOWN_UNITS

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """一页：带编号的几行、第几页、共几页、一共几个。"""

    rows: tuple[tuple[int, Row], ...]
    number: int
    pages: int
    total: int


def page_of(rows: Sequence[Row], number: int, size: int = SHOWN_UNITS) -> Page[Row]:
    """取一页；越界抛出 NotFound，说清有几页。"""
    pages = max(1, -(-len(rows) // size))
    if not 1 <= number <= pages:
        raise NotFound(f"没有第 {number} 页，一共 {pages} 页（{len(rows)} 个）。")
    first = (number - 1) * size
    shown = rows[first : first + size]
    return Page(tuple(enumerate(shown, start=first + 1)), number, pages, len(rows))


def page_line(page: Page[Row], command: str) -> list[str]:
    """第 1/2 页，下一页发 …；只有一页的不写。"""
    if page.pages == 1:
        return []
    following = f"，下一页发 {command} 第{page.number + 1}页" if page.number < page.pages else ""
    return [f"第 {page.number}/{page.pages} 页{following}"]
