"""样例名册：数目、比例、名称和代码，以及它经得起名册核对。"""

from collections import Counter
from datetime import date

from bot.documents.roster_sheet import read_roster, roster_xlsx
from bot.domain.roster import check_roster, roster_choices, roster_lines
from bot.domain.sample_roster import SAMPLE_SHEET_NAME, sample_units
from bot.domain.units import UnitTree
from storage.words import Ownership, SchoolType, UnitKind

UNITS = sample_units()
SCHOOLS = [unit for unit in UNITS if unit.kind is UnitKind.SCHOOL]


def test_it_is_the_same_every_time():
    assert sample_units() == UNITS


def test_it_counts_2234_units():
    kinds = Counter(unit.kind for unit in UNITS)
    assert kinds == {
        UnitKind.CITY: 1,
        UnitKind.COUNTY: 13,
        UnitKind.MUNICIPAL_SCHOOL: 20,
        UnitKind.SCHOOL: 2200,
    }


def test_it_passes_the_roster_check_through_a_real_file():
    content = roster_xlsx(roster_lines(UNITS), sheet_name=SAMPLE_SHEET_NAME, choices=roster_choices())
    check = check_roster(read_roster(content, "样例名册.xlsx"), today=date(2017, 2, 20))
    assert check.problems == ()
    assert check.units == UNITS


def test_types_follow_the_published_proportions():
    types = Counter(unit.school_type for unit in SCHOOLS)
    assert types[SchoolType.KINDERGARTEN] == 1100
    assert types[SchoolType.PRIMARY] > types[SchoolType.JUNIOR] > types[SchoolType.NINE_YEAR]
    assert types[SchoolType.SPECIAL] == 7
    assert set(types) == set(SchoolType)


def test_yueyang_county_has_the_published_numbers():
    types = Counter(unit.school_type for unit in SCHOOLS if unit.parent_code == "YY04")
    assert types == {
        SchoolType.KINDERGARTEN: 179,
        SchoolType.PRIMARY: 65,
        SchoolType.TEACHING_POINT: 48,
        SchoolType.JUNIOR: 27,
        SchoolType.SENIOR: 4,
        SchoolType.VOCATIONAL: 2,
        SchoolType.TWELVE_YEAR: 1,
        SchoolType.SPECIAL: 1,
    }


def test_most_kindergartens_are_private_and_most_schools_public():
    def share(wanted: bool) -> float:
        chosen = [unit for unit in SCHOOLS if (unit.school_type is SchoolType.KINDERGARTEN) is wanted]
        return sum(unit.ownership is Ownership.PRIVATE for unit in chosen) / len(chosen)

    assert 0.6 < share(True) < 0.85
    assert share(False) < 0.1


def test_the_school_of_the_examples_is_found_by_name_and_short_forms():
    tree = UnitTree(UNITS)
    county = tree.find("岳阳县教育局")
    school = tree.find("岳阳县第三中学")
    assert (school.parent_code, county.code) == ("YY04", "YY04")
    assert school.aliases == ("县三中", "岳阳县三中")
    assert tree.find("岳阳县三中") == school
    assert tree.find("县三中", within=[county]) == school


def test_city_and_counties_carry_the_names_people_use():
    tree = UnitTree(UNITS)
    assert tree.find("教师工作科") == tree.city
    assert [unit.name for unit in tree.counties()] == [
        "岳阳楼区",
        "云溪区",
        "君山区",
        "岳阳县",
        "华容县",
        "湘阴县",
        "平江县",
        "汨罗市",
        "临湘市",
        "屈原管理区",
        "经济技术开发区",
        "南湖新区",
        "城陵矶新港区",
    ]


def test_every_code_is_plainly_a_sample_code():
    assert {unit.code[:2] for unit in UNITS} == {"YY"}
    assert len({unit.code for unit in UNITS}) == len(UNITS)
    assert {"YY", "YY01", "YY13", "YYS01", "YYS20", "YY04-0001"} <= {unit.code for unit in UNITS}


def test_names_are_unique_in_the_whole_sample():
    assert len({unit.name for unit in UNITS}) == len(UNITS)
