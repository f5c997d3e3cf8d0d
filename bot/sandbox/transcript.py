"""把对话按人们看到的样子写到终端：日期、群名、名片、引用、文件；演示靠它让人看懂发生了什么。"""

from __future__ import annotations

import os
import shutil
import unicodedata
from datetime import date, datetime, timedelta, timezone
from typing import TextIO

from bot.sandbox.values import Happening, Message, Place, StoredFile
from bot.sandbox.world import SimulatedQQ

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
_WEEKDAYS = "一二三四五六日"
_INDENT = "       "
_WIDEST = 100
_NO_LINE_START = "，。、；：？！）」』】》…,.;:?!)"
_DIM, _BOLD, _GREEN, _CYAN, _YELLOW = "2", "1", "32;1", "36;1", "33"


class Transcript:
    """旁观者：world.subscribe(Transcript(world, sys.stdout))。

    colour 为空时只在终端里上色（尊重 NO_COLOR）；width 是列数，一个汉字两列，为空时取终端宽度。
    """

    def __init__(
        self, world: SimulatedQQ, out: TextIO, *, colour: bool | None = None, width: int | None = None
    ) -> None:
        self._world = world
        self._out = out
        self._colour = _wants_colour(out) if colour is None else colour
        self._width = width or min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
        self._place: Place | None = None
        self._day: date | None = None

    def __call__(self, happening: Happening) -> None:
        """写下一件事；名单变化不写。"""
        if happening.kind == "message" and happening.message is not None:
            self._write_message(happening.message)
        elif happening.kind in {"recall", "notice"} and happening.place is not None:
            self._open(happening.place, self._world.now())
            self._line(_INDENT + self._paint(f"· {happening.text}", _DIM))
        self._out.flush()

    def _write_message(self, message: Message) -> None:
        self._open(message.place, message.time)
        clock = self._paint(message.time.astimezone(SHANGHAI).strftime("%H:%M"), _DIM)
        self._line(f"{clock}  {self._sender(message)}")
        if message.quoted_id is not None:
            quoted = message.text[: len(message.text) - len(message.body)].strip("「」").removeprefix("引用 ")
            for line in wrap(quoted, self._width - len(_INDENT) - 2):
                self._line(_INDENT + self._paint(f"│ {line}", _DIM))
        body = _body(message)
        for line in wrap(body, self._width - len(_INDENT)) if body else []:
            self._line((_INDENT + line).rstrip())
        for stored in message.files:
            self._line(_INDENT + self._paint(f"[文件] {stored.name}（{readable_size(stored)}）", _YELLOW))

    def _sender(self, message: Message) -> str:
        if message.by_bot:
            return self._paint(f"{message.sender_name} [机器人]", _GREEN)
        person = self._world.state.people.get(message.sender)
        label = person.label if person is not None else ""
        shown = self._paint(message.sender_name, _CYAN)
        if person is not None and person.nickname not in message.sender_name:
            label = f"{person.nickname}，{label}" if label else person.nickname
        return shown + (self._paint(f"（{label}）", _DIM) if label else "")

    def _open(self, place: Place, moment: datetime) -> None:
        """换了日子或会话时写一行抬头。"""
        local = moment.astimezone(SHANGHAI)
        if local.date() != self._day:
            self._day = local.date()
            self._place = None
            title = f" {local:%Y-%m-%d} 周{_WEEKDAYS[local.weekday()]} "
            rule = "═" * max((self._width - display_width(title)) // 2, 2)
            self._line("")
            self._line(self._paint(rule + title + rule, _BOLD))
        if place != self._place:
            self._place = place
            title = f"── {self._title(place)} "
            self._line("")
            self._line(self._paint(title + "─" * max(self._width - display_width(title), 2), _BOLD))

    def _title(self, place: Place) -> str:
        if place.kind == "group":
            group = self._world.state.groups.get(place.number)
            return f"群聊：{group.name}（{len(group.members)} 人）" if group else f"群聊：{place.number}"
        return f"私聊：{self._world.state.name_of(place.number)}"

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and text else text

    def _line(self, text: str) -> None:
        self._out.write(text + "\n")


def display_width(text: str) -> int:
    """终端里占几列：汉字和全角符号两列，组合字符零列。"""
    return sum(_columns(char) for char in text)


def wrap(text: str, width: int) -> list[str]:
    """按列数折行，保留原有换行；标点不放行首，英文单词不拆。"""
    return [line for paragraph in text.splitlines() or [""] for line in _wrap_line(paragraph, max(width, 8))]


def readable_size(stored: StoredFile) -> str:
    """人看的大小：37.2 KB。"""
    if stored.size < 1024:
        return f"{stored.size} B"
    if stored.size < 1024 * 1024:
        return f"{stored.size / 1024:.1f} KB"
    return f"{stored.size / 1024 / 1024:.1f} MB"


def _wrap_line(text: str, width: int) -> list[str]:
    lines: list[str] = []
    while display_width(text) > width:
        cut = _cut(text, width)
        lines.append(text[:cut].rstrip())
        text = text[cut:].lstrip(" ")
    lines.append(text)
    return lines


def _cut(text: str, width: int) -> int:
    used = 0
    cut = len(text)
    for position, char in enumerate(text):
        used += _columns(char)
        if used > width:
            cut = position
            break
    start = cut
    while start > 1 and text[start] in _NO_LINE_START:
        start -= 1
    while start > 1 and _is_word(text[start]) and _is_word(text[start - 1]):
        start -= 1
    return start if start > cut // 4 else cut


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Cf", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _is_word(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in "-_./@")


def _body(message: Message) -> str:
    """文件另起一行写，正文里就不再重复。"""
    body = message.body
    for stored in message.files:
        body = body.replace(f"[文件 {stored.name}]", "")
    return body.strip("\n") if body.strip() else ""


def _wants_colour(out: TextIO) -> bool:
    return out.isatty() and "NO_COLOR" not in os.environ
