"""三张附件共用的 Word 排版：纸张、中文字体、表格框线、跨页表头、页码。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from bot.documents.plain_text import writable

SONG = "宋体"
HEI = "黑体"
WESTERN = "Times New Roman"
A4_SHORT, A4_LONG = Mm(210), Mm(297)


def blank_page(*, landscape: bool, margin_mm: int, title: str, author: str, day: date | None) -> WordDocument:
    """一份空白 A4 文书，正文宋体 10.5 磅；``title``、``author``、``day`` 写进文件属性。"""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (A4_LONG, A4_SHORT) if landscape else (A4_SHORT, A4_LONG)
    section.left_margin = section.right_margin = Mm(margin_mm)
    section.top_margin, section.bottom_margin = Mm(margin_mm), Mm(20)  # 下面留出页脚
    section.footer_distance = Mm(10)
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)  # noqa: S101
    normal.font.name = WESTERN
    normal.font.size = Pt(10.5)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    normal.paragraph_format.space_after = Pt(0)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = writable(title), writable(author), ""
    if day:
        properties.created = properties.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return document


def set_font(run: Run, *, size: float, chinese: str = SONG, bold: bool = False) -> Run:
    """给一段文字定字号（磅）和中文字体；西文与数字用 Times New Roman。"""
    run.font.size = Pt(size)
    run.font.bold = bold
    run.font.name = WESTERN
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), chinese)
    return run


def write_line(
    document: WordDocument,
    text: str,
    *,
    size: float = 12,
    chinese: str = SONG,
    bold: bool = False,
    centered: bool = False,
    indent: float = 0,
    before: float = 0,
    after: float = 0,
    spacing: float = 1.0,
) -> Paragraph:
    """加一段文字；``indent`` 首行缩进字数，``before``/``after`` 段前段后磅数，``spacing`` 行距倍数。"""
    paragraph = document.add_paragraph()
    set_font(paragraph.add_run(writable(text)), size=size, chinese=chinese, bold=bold)
    if centered:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    layout = paragraph.paragraph_format
    layout.first_line_indent = Pt(indent * size)
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.line_spacing = spacing
    return paragraph


def grid(document: WordDocument, *, rows: int, widths_mm: Sequence[float]) -> Table:
    """一张全框线、固定列宽、居中的表。"""
    table = document.add_table(rows=rows, cols=len(widths_mm))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _pad_cells(table)
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)
    return table


def _pad_cells(table: Table) -> None:
    """格内留白：上下 0.7 毫米、左右 1.2 毫米，折行的字不贴框线。"""
    margins = OxmlElement("w:tblCellMar")
    for side, millimetres in (("top", 0.7), ("left", 1.2), ("bottom", 0.7), ("right", 1.2)):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), str(round(Mm(millimetres).twips)))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))  # 规范要求 tblCellMar 排在 tblLook 之前
    if look is None:
        properties.append(margins)
    else:
        look.addprevious(margins)


def set_row(row: _Row, *, height_mm: float, repeat: bool = False) -> None:
    """定最小行高；整行不拆到两页；``repeat`` 的行在每页重复作表头。"""
    row.height = Mm(height_mm)
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    settings = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader") if repeat else ("w:cantSplit",):
        settings.append(OxmlElement(name))


def fill(cell: _Cell, text: str, *, size: float = 10.5, chinese: str = SONG, centered: bool = True) -> None:
    """把文字写进单元格，上下居中。"""
    paragraph = cell.paragraphs[0]
    set_font(paragraph.add_run(writable(text)), size=size, chinese=chinese)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centered else WD_ALIGN_PARAGRAPH.LEFT
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def number_pages(document: WordDocument, label: str) -> None:
    """页脚写 ``label　第 X 页 共 Y 页``，打印后散了也能归位。"""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    parts = ((f"{label}　第 ".lstrip("　"), "PAGE"), (" 页 共 ", "NUMPAGES"), (" 页", ""))
    for text, field_name in parts:
        set_font(paragraph.add_run(writable(text)), size=9)
        if field_name:
            _insert_field(paragraph, field_name)


def _insert_field(paragraph: Paragraph, name: str) -> None:
    for kind in ("begin", "instruction", "separate", "shown", "end"):
        run = set_font(paragraph.add_run(), size=9)
        if kind == "instruction":
            element = OxmlElement("w:instrText")
            element.text = f" {name} "
        elif kind == "shown":
            run.text = "1"
            continue
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._element.append(element)


def to_bytes(document: WordDocument) -> bytes:
    """文书的 .docx 字节。"""
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
