"""名册表格：认列、写出来的文件文员打开就能用。"""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from bot.documents.roster_sheet import ROSTER_HEADER, RosterLine, read_roster, roster_csv, roster_xlsx
from bot.documents.sheets import SheetError

COUNTY = RosterLine("YY04", "岳阳县", "县市区", aliases="岳阳县教育局、岳阳县教体局", number=2)
SCHOOL = RosterLine("YY04-0001", "岳阳县第三中学", "学校", "岳阳县", "高级中学", "公办", "县三中", number=3)


def opened(content: bytes):
    return load_workbook(BytesIO(content)).worksheets[0]


@pytest.mark.parametrize("write", [roster_xlsx, roster_csv])
def test_what_is_written_reads_back_the_same(write):
    assert read_roster(write([COUNTY, SCHOOL]), "名册") == (COUNTY, SCHOOL)


def test_workbook_has_frozen_header_filter_and_text_cells():
    sheet = opened(roster_xlsx([COUNTY, SCHOOL], sheet_name="样例名册"))
    assert sheet.title == "样例名册"
    assert tuple(cell.value for cell in sheet[1]) == ROSTER_HEADER
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:L3"
    assert {cell.data_type for row in sheet["A1:L3"] for cell in row if cell.value} == {"s"}
    assert all(sheet.column_dimensions[letter].width >= 10 for letter in "ABCDEFGHIJK")


def test_choices_become_drop_down_lists():
    sheet = opened(roster_xlsx([COUNTY], choices={"类别": ("市", "县市区")}))
    (validation,) = sheet.data_validations.dataValidation
    assert (validation.formula1, str(validation.sqref)) == ('"市,县市区"', "C2:C20000")


def test_empty_roster_is_still_a_usable_template():
    assert opened(roster_xlsx([])).auto_filter.ref == "A1:L1"


def test_formulas_stay_text_in_both_formats():
    line = RosterLine("=1+1", "@SUM(A1)", "-x", "+y")
    cells = opened(roster_xlsx([line]))["A2:D2"][0]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=1+1", "s"),
        ("@SUM(A1)", "s"),
        ("-x", "s"),
        ("+y", "s"),
    ]
    assert roster_csv([line]).decode("utf-8-sig").splitlines()[1] == "'=1+1,'@SUM(A1),'-x,'+y,,,,,,,,"


def test_csv_starts_with_a_bom_for_excel():
    assert roster_csv([COUNTY]).startswith(b"\xef\xbb\xbf")


def read(text: str):
    return read_roster(text.encode(), "名册.csv")


def test_columns_are_found_by_name_in_any_order_with_hints_and_titles():
    text = "岳阳县学校名册\n备注,县市区,类别（市/学校）,学校名称,单位代码*\n无,岳阳县,学校,月田中学,YY04-2\n"
    assert read(text) == (RosterLine("YY04-2", "月田中学", "学校", "岳阳县", number=3),)


def test_english_column_names_are_accepted():
    header = "code,name,kind,county,school_type,ownership,aliases"
    (line,) = read(f"{header}\nYY04-2,月田中学,school,YY04,junior,public,月中\n")
    assert line.cells == (
        "YY04-2",
        "月田中学",
        "school",
        "YY04",
        "junior",
        "public",
        "月中",
        "",
        "",
        "",
        "",
        "",
    )


def test_missing_and_doubled_columns_are_all_named():
    with pytest.raises(SheetError) as caught:
        read("代码,名称,名称\n1,2,3\n")
    assert caught.value.problems == [
        "第1行表头缺少“类别”一列；表头应为：代码、名称、类别、县市区、办学类型、举办者、别名、曾用名、教职工数、状态、并入单位、中心校",
        "第1行表头缺少“县市区”一列；表头应为：代码、名称、类别、县市区、办学类型、举办者、别名、曾用名、教职工数、状态、并入单位、中心校",
        "第1行表头有 2 个“名称”列，请只留一个",
    ]


def test_header_without_units_is_refused():
    with pytest.raises(SheetError, match="只有表头"):
        read("代码,名称,类别,县市区\n")


def test_codes_stored_as_numbers_keep_their_digits():
    book = Workbook()
    book.worksheets[0].append(["代码", "名称", "类别", "县市区"])
    book.worksheets[0].append([4306210001, "月田中学", "学校", "岳阳县"])
    buffer = BytesIO()
    book.save(buffer)
    assert read_roster(buffer.getvalue(), "a.xlsx")[0].code == "4306210001"


def test_hints_pop_up_beside_the_drop_down():
    sheet = opened(roster_xlsx([], choices={"类别": ("市",)}, hints={"类别": "四选一", "代码": "文本格式"}))
    found = {str(one.sqref): (one.prompt, one.type) for one in sheet.data_validations.dataValidation}
    assert found == {"A2:A20000": ("文本格式", None), "C2:C20000": ("四选一", "list")}


def test_a_code_stored_as_a_number_is_marked():
    book = Workbook()
    book.worksheets[0].append(["代码", "名称", "类别", "县市区"])
    book.worksheets[0].append([4306210001, "月田中学", "学校", "岳阳县"])
    book.worksheets[0].append(["0430", "月山中学", "学校", "岳阳县"])
    buffer = BytesIO()
    book.save(buffer)
    assert [line.code_as_number for line in read_roster(buffer.getvalue(), "a.xlsx")] == [True, False]


def test_columns_that_are_missing_are_known_to_be_missing():
    (line,) = read("代码,名称,类别,县市区,应采集人数\nYY04-2,月田中学,学校,岳阳县,52\n")
    assert line.given == {"代码", "名称", "类别", "县市区", "教职工数"}
    assert line.staff_count == "52"


def test_a_formula_in_the_roster_is_refused():
    book = Workbook()
    book.worksheets[0].append(["代码", "名称", "类别", "县市区"])
    book.worksheets[0].append(["YY04-2", '=HYPERLINK("http://example.com","月田")', "学校", "岳阳县"])
    buffer = BytesIO()
    book.save(buffer)
    with pytest.raises(SheetError, match="B2 1 格是公式"):
        read_roster(buffer.getvalue(), "名册.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le"])
def test_a_csv_is_read_in_every_usual_encoding(encoding):
    text = "代码,名称,类别,县市区\r\nYY04-2,月田中学,学校,岳阳县\r\n"
    (line,) = read_roster(text.encode(encoding), "../../名册.csv")
    assert (line.code, line.name) == ("YY04-2", "月田中学")
