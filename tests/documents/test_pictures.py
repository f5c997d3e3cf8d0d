"""图片：宽 1080、随内容变高，罕见字有字形，人写的字原样画出来；字体随项目带、许可证在旁边。"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
import typst

from bot.documents.pictures import (
    FONTS,
    Bar,
    BarGroup,
    Cell,
    Column,
    Part,
    Picture,
    Table,
    Tone,
    draw,
)
from faq.entries import load_entries

PNG = b"\x89PNG\r\n\x1a\n"
# 字体里没有的两个字，画出来都是同一个方框
ABSENT = ("\U0002a6d6", "\U0002a6d5")


def size(png: bytes) -> tuple[int, int]:
    """PNG 头里写的宽和高。"""
    assert png.startswith(PNG)
    return struct.unpack(">II", png[16:24])


def characters(font: Path) -> set[str]:
    """字体收的字：读 cmap 里的第 12 种表。"""
    data = font.read_bytes()
    (count,) = struct.unpack(">H", data[4:6])
    tables = {data[at : at + 4]: data[at + 8 : at + 16] for at in range(12, 12 + 16 * count, 16)}
    start, _length = struct.unpack(">II", tables[b"cmap"])
    (subtables,) = struct.unpack(">H", data[start + 2 : start + 4])
    found: set[str] = set()
    for number in range(subtables):
        (offset,) = struct.unpack(">I", data[start + 8 + 8 * number : start + 12 + 8 * number])
        at = start + offset
        if struct.unpack(">H", data[at : at + 2]) != (12,):
            continue
        (groups,) = struct.unpack(">I", data[at + 12 : at + 16])
        for group in range(groups):
            first, last, _glyph = struct.unpack(">III", data[at + 16 + 12 * group : at + 28 + 12 * group])
            found |= {chr(code) for code in range(first, last + 1)}
    return found


def chart(*values: float, label: str = "样例问题") -> Picture:
    """几根横条。"""
    return Picture("样例图", groups=(BarGroup("一组", tuple(Bar(label, value) for value in values)),))


def test_width_is_for_a_phone_and_height_follows_the_content() -> None:
    low, high = size(draw(chart(3, 2))), size(draw(chart(*range(10))))
    assert low[0] == high[0] == 1080
    assert low[1] < high[1] < 2000


def test_bars_are_as_long_as_their_values() -> None:
    assert draw(chart(10, 5)) == draw(chart(20, 10))
    assert draw(chart(10, 5)) != draw(chart(10, 6))


def test_long_labels_stand_above_their_bars() -> None:
    short, long = size(draw(chart(1, label="岳阳县"))), size(draw(chart(1, label="岳阳县第三中学的老师")))
    assert short[1] < long[1]


def test_everything_empty_or_zero_can_be_drawn() -> None:
    zero = BarGroup("都是零", (Bar("甲", 0), Bar("乙", whole=0, parts=(Part(0, Tone.RED),))))
    assert size(draw(Picture("空图", groups=(BarGroup("没有条", ()), zero))))[0] == 1080


def test_progress_bar_never_leaves_its_track() -> None:
    over = BarGroup("", (Bar("甲", whole=5, parts=(Part(9, Tone.GREEN), Part(1, Tone.RED))),))
    full = BarGroup("", (Bar("甲", whole=10, parts=(Part(9, Tone.GREEN), Part(1, Tone.RED))),))
    assert draw(Picture("进度", groups=(over,))) == draw(Picture("进度", groups=(full,)))


def test_legend_and_table_are_drawn() -> None:
    columns = (Column("单位", wide=True), Column("应报", "right"), Column("状态", "center"))
    rows = (("岳阳县", "12", Cell("逾期", Tone.RED)), ("华容县", "9", "正常"))
    bars = (Bar("岳阳县", parts=(Part(3, Tone.GREEN), Part(1, Tone.RED))),)
    bare = draw(Picture("进度", groups=(BarGroup("各县", bars),)))
    legend = (("已通过", Tone.GREEN), ("逾期", Tone.RED))
    full = draw(
        Picture(
            "进度", groups=(BarGroup("各县", bars, legend=legend),), table=Table(columns, rows), footer="注"
        )
    )
    assert size(full)[1] > size(bare)[1] + 150


@pytest.mark.parametrize(
    "written", ["#panic()", "*粗* _斜_ $x$", "[括号", '引号" \\ 反斜杠', "<标签> @引用", "// 注释"]
)
def test_peoples_words_are_drawn_as_written(written: str) -> None:
    drawn = draw(chart(1, label=written))
    assert size(drawn)[0] == 1080
    assert drawn != draw(chart(1, label=""))


@pytest.mark.parametrize("rare", ["䶮", "㛃", "𬭩", "堃", "喆", "㐂", "镕"])
def test_rare_name_characters_are_not_boxes(rare: str) -> None:
    box = draw(Picture("样例", subtitle=ABSENT[0]))
    assert box == draw(Picture("样例", subtitle=ABSENT[1]))
    assert draw(Picture("样例", subtitle=rare)) != box
    # 粗体里没有的字用细体的，也不是方框
    assert draw(Picture(rare)) != draw(Picture(ABSENT[0]))


def test_every_character_of_the_knowledge_base_has_a_glyph() -> None:
    known = characters(FONTS / "NotoSansSC-Regular.ttf")
    written = {
        char for entry in load_entries() for char in f"{entry.question}{entry.answer}" if char.isprintable()
    }
    assert len(known) > 9000
    assert written - known == set()


def test_bold_has_every_common_character() -> None:
    common = {bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)}
    assert common - characters(FONTS / "NotoSansSC-Bold.ttf") == set()


def test_only_the_fonts_of_the_project_are_needed() -> None:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    assert {(font.family, font.weight) for font in fonts.fonts()} == {
        ("Noto Sans SC", 400),
        ("Noto Sans SC", 700),
    }


def test_licence_travels_with_the_fonts() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("ascii")
    readme = (FONTS / "README.md").read_text("utf-8")
    assert {font.name for font in FONTS.glob("*.ttf")} == {
        name for name in readme.split("`") if name.endswith(".ttf") and name.startswith("NotoSansSC-")
    }
    assert sum(font.stat().st_size for font in FONTS.glob("*.ttf")) < 5_300_000
