"""打开 .xlsx 之前的把关：先读压缩包目录，超大、加密、带宏、残缺的一律不进解析器。

交给解析器的是这里重新打包的一份：只含表格需要的部件，每个部件都已按目录写明的大小读过并核对校验和，
解析器见到的字节数不会超过 ``MAX_INFLATED``。几百 KB 的文件能膨胀到上百 MB，两格之间也能隔一百万行。
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

from bot.documents.sheet_error import SheetError

MAX_INFLATED = 60_000_000
MAX_ENTRIES = 1_000
MAX_COLUMNS = 200
MAX_CELLS = 400_000
MAX_TEXT = 100_000_000  # 有字的格数 × 最长一段文字的字节数：同一段长文字可以被几十万格引用

# 占有量词（++ *+）不回溯，又不许跨过下一个“<”：扫一遍的时间与文件大小成正比，恶意内容也一样
_CELL_START = re.compile(rb"<(?:\w{1,20}:)?c(?=[\s>/])")
_ATTRIBUTES = re.compile(rb"((?:[^<>\"']++|\"[^<\"]*+\"|'[^<']*+')*+)>")
# 公式写在格的最前面；</f> 之前是公式，之后才是上次算出来的结果
_FORMULA = re.compile(rb"\s{0,9}<(?:\w{1,20}:)?f(?=[\s>/])")
_PLACE = re.compile(rb"\br\s{0,9}=\s{0,9}[\"']([A-Za-z]{1,9})(\d{1,9})")
_ROW_NUMBER = re.compile(rb"\br\s{0,9}=\s{0,9}[\"'](\d{1,9})[\"']")
_TEXT_END = re.compile(rb"</(?:\w{1,20}:)?si\s{0,9}>")
_SHOWN_FORMULAS = 3
_TOO_MUCH = "表格内容太多，请只留下要导入的列，或拆成几个文件"
_ODD_STRUCTURE = "文件的内部结构不正常，请把表格复制到新建的工作簿里，另存为 .xlsx 再发"
_NOT_A_WORKBOOK = "这个文件不是 Excel 表格，请在 Excel 或 WPS 里另存为 .xlsx 后再发"


def checked_workbook(content: bytes, *, max_rows: int, refuse_formulas: bool = False) -> BytesIO:
    """查过的工作簿，可放心交给解析器；有问题抛 :class:`SheetError`。"""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_directory(entries)
            parts = {entry.filename: archive.read(entry) for entry in entries if _is_needed(entry.filename)}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise SheetError(["文件不完整，可能没有传完，请重新发一次；还不行就另存为新的 .xlsx 再发"]) from error
    except RuntimeError as error:  # zipfile 对加密部件抛 RuntimeError
        raise SheetError(["文件加了密码，请取消密码后另存为 .xlsx 再发"]) from error
    _check_cells(parts, max_rows=max_rows)
    if refuse_formulas:
        _check_formulas(parts)
    return _repacked(parts)


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    lowered = {name.lower() for name in names}
    if len(entries) > MAX_ENTRIES or len(lowered) != len(names):
        raise SheetError([_ODD_STRUCTURE])
    if sum(entry.file_size for entry in entries) > MAX_INFLATED:
        raise SheetError(["文件解开后太大，请只留下要导入的那张表，另存为 .xlsx 再发"])
    if any(entry.flag_bits & 1 for entry in entries):
        raise SheetError(["文件加了密码，请取消密码后另存为 .xlsx 再发"])
    if any(name.endswith("vbaproject.bin") for name in lowered):
        raise SheetError(["文件带有宏，请另存为不带宏的 .xlsx 再发"])
    if any(name.startswith("xl/externallinks/") for name in lowered):
        raise SheetError(
            ["文件里有指向别的文件的链接，请把内容复制到新的工作簿，只粘贴数值，另存为 .xlsx 再发"]
        )
    if "xl/workbook.xml" not in lowered:
        raise SheetError([_wrong_package(lowered)])


def _wrong_package(names: set[str]) -> str:
    if "word/document.xml" in names:
        return "这是 Word 文档，不是表格；请把内容放进 Excel，另存为 .xlsx 再发"
    if "ppt/presentation.xml" in names:
        return "这是 PPT 演示文稿，不是表格；请发 .xlsx 表格"
    if "xl/workbook.bin" in names:
        return "这是 .xlsb 格式的表格，请另存为 .xlsx 再发"
    if "content.xml" in names:
        return "这是 .ods 格式的表格，请另存为 .xlsx 再发"
    if any(name.endswith((".xlsx", ".xls", ".csv")) for name in names):
        return "这是压缩包，请先解压，把里面的表格直接发来"
    return _NOT_A_WORKBOOK


def _is_needed(name: str) -> bool:
    lowered = name.lower()
    if lowered.startswith(("xl/media/", "xl/drawings/", "xl/charts/", "xl/embeddings/")):
        return False
    return lowered.startswith(("xl/", "_rels/")) or lowered == "[content_types].xml"


def _check_cells(parts: dict[str, bytes], *, max_rows: int) -> None:
    used = longest = 0
    for part in parts.values():  # 表可以放在任何部件里，所以每个部件都查
        if part[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise SheetError([_ODD_STRUCTURE])
        rows, columns, cells = _extent(part)
        used += cells
        longest = max(longest, _longest_text(part))
        if rows > max_rows:
            raise SheetError([f"表格有 {rows} 行，最多 {max_rows} 行，请删去多余的行或拆成几个文件"])
        if columns > MAX_COLUMNS:
            raise SheetError([f"表格有 {columns} 列，最多 {MAX_COLUMNS} 列，请删去多余的列"])
    if used > MAX_CELLS or used * longest > MAX_TEXT:
        raise SheetError([_TOO_MUCH])


def _check_formulas(parts: dict[str, bytes]) -> None:
    """有公式的格一律指出来：存着的结果可能是旧的，也可能和看到的不一样。"""
    found: list[str] = []
    for part in parts.values():
        for start in _CELL_START.finditer(part):
            match = _ATTRIBUTES.match(part, start.end())
            if match is not None and _FORMULA.match(part, match.end()):
                place = next(iter(_PLACE.findall(match.group(1))), None)
                found.append(f"{place[0].decode().upper()}{place[1].decode()}" if place else "某一格")
    if found:
        listed = "、".join(found[:_SHOWN_FORMULAS]) + ("等" if len(found) > _SHOWN_FORMULAS else "")
        raise SheetError([f"{listed} {len(found)} 格是公式，请全选复制，用“选择性粘贴”只粘贴数值，再发一次"])


def _extent(part: bytes) -> tuple[int, int, int]:
    """一张表有内容的最后一行、最后一列、有内容的格数；只有格式没有内容的格不算。"""
    rows = columns = cells = 0
    unplaced = False
    for start in _CELL_START.finditer(part):
        match = _ATTRIBUTES.match(part, start.end())
        if match is None or cells > MAX_CELLS:
            raise SheetError([_ODD_STRUCTURE if match is None else _TOO_MUCH])
        attributes = match.group(1)
        if attributes.endswith(b"/") or part.startswith(b"</", match.end()):
            continue
        cells += 1
        places = _PLACE.findall(attributes)
        unplaced = unplaced or not places
        for letters, digits in places:
            rows = max(rows, int(digits))
            columns = max(columns, _column_number(letters))
    if unplaced:  # 没写地址的格按顺序排，行号取自所在行
        rows = max(rows, max((int(number) for number in _ROW_NUMBER.findall(part)), default=0))
    return rows, columns, cells


def _longest_text(part: bytes) -> int:
    """共享文字表里最长一段的字节数（按结束标签之间的距离算，只多不少）；不是共享文字表则为 0。"""
    longest = start = 0
    for match in _TEXT_END.finditer(part):
        longest = max(longest, match.end() - start)
        start = match.end()
    return longest


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _repacked(parts: dict[str, bytes]) -> BytesIO:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    buffer.seek(0)
    return buffer
