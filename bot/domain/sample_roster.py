"""样例名册：演示、测试和压测用的一整个市，2,234 个单位，每次生成都一样。

规模按公开年鉴估的比例：市 1、县市区 9、功能区 4、市直学校 20、县属学校 2,200（约一半是幼儿园；岳阳县各类数目
照县里公布的写）。县市区与乡镇是真实地名，学校名称由地名和常用字拼成，不代表真实的学校名单、办学类型和举办者。

标记：代码都以 ``YY`` 开头——市 ``YY``，县市区 ``YY01`` 至 ``YY13``，市直学校 ``YYS01`` 起，
学校 ``YY04-0001`` 起；导出的工作表名为 ``SAMPLE_SHEET_NAME``。名称里不加“样例”，方便在演示里照常打字。
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from storage.units import Unit
from storage.words import Ownership, SchoolType, UnitKind

SAMPLE_SHEET_NAME = "样例名册"
CITY_CODE = "YY"
_SEED = 20170220
_NUMBERED = re.compile("第(.{1,2})中学")
_TYPES = (
    SchoolType.KINDERGARTEN,
    SchoolType.PRIMARY,
    SchoolType.TEACHING_POINT,
    SchoolType.JUNIOR,
    SchoolType.NINE_YEAR,
    SchoolType.SENIOR,
    SchoolType.COMPLETE,
    SchoolType.TWELVE_YEAR,
    SchoolType.VOCATIONAL,
    SchoolType.SPECIAL,
)


@dataclass(frozen=True, slots=True)
class _County:
    """一个县市区：``short`` 用来拼别名，``towns`` 是乡镇街道，``counts`` 与 ``_TYPES`` 对应。"""

    name: str
    short: str
    towns: tuple[str, ...]
    counts: tuple[int, ...]
    bureaus: tuple[str, ...] = ("教育局", "教体局")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _county(name: str, short: str, towns: str, *counts: int) -> _County:
    return _County(name, short, _words(towns), counts)


_COUNTIES = (
    _county(
        "岳阳楼区",
        "楼区",
        "东茅岭 三眼桥 吕仙亭 金鹗山 站前路 洞庭 王家河 五里牌 望岳路 枫桥湖 奇家岭 洛王 梅溪 郭镇",
        *(149, 55, 0, 14, 10, 3, 3, 1, 4, 0),
    ),
    _county("云溪区", "云溪", "云溪 松杨湖 长岭 陆城 路口", *(42, 22, 4, 9, 4, 1, 1, 0, 1, 0)),
    _county("君山区", "君山", "柳林洲 钱粮湖 许市 广兴洲 良心堡", *(52, 27, 6, 12, 5, 1, 1, 0, 1, 0)),
    _county(
        "岳阳县",
        "岳阳县",
        "荣家湾 新墙 公田 毛田 月田 张谷英 筻口 黄沙街 新开 柏祥 步仙 杨林街 长湖 中洲",
        *(179, 65, 48, 27, 0, 4, 0, 1, 2, 1),
    ),
    _county(
        "华容县",
        "华容",
        "章华 三封寺 治河渡 北景港 鲇鱼须 万庾 插旗 注滋口 操军 东山 梅田湖 禹山 团洲 新河",
        *(122, 66, 18, 29, 6, 3, 2, 0, 3, 1),
    ),
    _county(
        "湘阴县",
        "湘阴",
        "文星 东塘 南湖洲 岭北 静河 三塘 鹤龙湖 金龙 新泉 洋沙湖 湘滨 樟树 六塘 杨林寨 石塘 玉华",
        *(132, 72, 18, 31, 7, 3, 2, 1, 3, 1),
    ),
    _county(
        "平江县",
        "平江",
        "汉昌 天岳 安定 三市 加义 长寿 龙门 虹桥 南江 梅仙 浯口 瓮江 伍市 向家 "
        "童市 岑川 福寿山 余坪 上塔市 石牛寨 大洲 三阳 三墩 板江 木金",
        *(162, 98, 38, 41, 10, 4, 2, 0, 4, 1),
    ),
    _county(
        "汨罗市",
        "汨罗",
        "归义 汨罗 罗江 新市 弼时 古培 白水 川山坪 屈子祠 桃林寺 三江 大荆 长乐 神鼎山 白塘",
        *(108, 60, 15, 27, 6, 3, 2, 1, 3, 1),
    ),
    _county(
        "临湘市",
        "临湘",
        "长安 五里牌 桃矿 忠防 聂市 江南 羊楼司 桃林 长塘 白羊田 詹桥 黄盖 坦渡 定湖",
        *(88, 53, 14, 22, 5, 2, 2, 0, 2, 1),
    ),
    _county("屈原管理区", "屈原", "营田 河市 凤凰", *(18, 10, 4, 5, 2, 1, 0, 0, 1, 0)),
    _county("经济技术开发区", "经开区", "金凤桥 通海路 康王 西塘", *(28, 16, 2, 6, 3, 0, 1, 0, 2, 0)),
    _county("南湖新区", "南湖", "湖滨 求索 龙山", *(14, 9, 1, 4, 1, 1, 0, 0, 1, 1)),
    _county("城陵矶新港区", "新港区", "城陵矶 永济 松阳", *(6, 7, 2, 3, 1, 0, 0, 0, 0, 0)),
)
_CITY_SCHOOLS = (
    *((f"第{number}中学", SchoolType.COMPLETE) for number in "一四五七九"),
    *((f"第{number}中学", SchoolType.JUNIOR) for number in ("十", "十二", "十六")),
    ("外国语学校", SchoolType.COMPLETE),
    ("湖滨中学", SchoolType.SENIOR),
    ("洞庭高级中学", SchoolType.SENIOR),
    ("南湖学校", SchoolType.NINE_YEAR),
    ("金鹗实验学校", SchoolType.NINE_YEAR),
    ("东方红小学", SchoolType.PRIMARY),
    ("岳阳楼小学", SchoolType.PRIMARY),
    ("机关幼儿园", SchoolType.KINDERGARTEN),
    ("实验幼儿园", SchoolType.KINDERGARTEN),
    ("第一职业中等专业学校", SchoolType.VOCATIONAL),
    ("旅游职业学校", SchoolType.VOCATIONAL),
    ("特殊教育学校", SchoolType.SPECIAL),
)
_CENTRE = "中心小学"
_ORDINALS = "一二三四五六七八九"
_VILLAGE_STARTS = "新石双大长金高白青黄清东南西北上下中朝永兴和太龙凤桃枫松竹杨柳荷莲"
_VILLAGE_ENDS = "桥塘湖山冲坪坡湾洲港源堰岭田畈庄屋林井泉洞溪"
_KINDERGARTEN_WORDS = _words(
    "小太阳 金苹果 童乐 阳光 蓝天 春蕾 苗苗 蓓蕾 星星 贝贝 七彩 童心 育才 启明 小天使 爱心 智慧树 花朵 乐乐 "
    "红星 希望 未来 童星 博雅 晨曦 小博士 快乐 欢欢 向阳 朝阳 金色摇篮 小精灵 百灵 小燕子 彩虹 金童 英才 "
    "天天 宝贝 小白鸽 新苗 幼苗 新星 明珠 哈哈 童话 小龙人 蒲公英 向日葵 小红花"
)
_PRIVATE_WORDS = _words("育英 博才 明德 洞庭 巴陵 楚才 文昌 鸿鹄 弘毅 求实 致远 长江")
_TRADES = _words("职业中等专业学校 第一职业中学 高级职业技术学校 科技职业学校 工业职业学校")


def sample_units() -> tuple[Unit, ...]:
    """整个样例市，上级在前；同一版程序每次结果一样。"""
    chance = random.Random(_SEED)  # noqa: S311  造样例数据，不是密码用途
    counties = [_county_unit(number, county) for number, county in enumerate(_COUNTIES, start=1)]
    schools = [
        school
        for unit, county in zip(counties, _COUNTIES, strict=True)
        for school in _schools(unit, county, chance)
    ]
    return (_city_unit(), *counties, *_city_schools(), *_attached(schools))


def _attached(schools: list[Unit]) -> Iterator[Unit]:
    """教学点挂靠在本乡镇的中心小学。"""
    centres = {
        (school.parent_code, school.name.removesuffix(_CENTRE)): school.code
        for school in schools
        if school.name.endswith(_CENTRE)
    }
    for school in schools:
        found = [
            code
            for (county, town), code in centres.items()
            if county == school.parent_code and school.name.startswith(town)
        ]
        is_point = school.school_type is SchoolType.TEACHING_POINT
        yield replace(school, central_school_code=found[0]) if is_point and found else school


def _city_unit() -> Unit:
    return Unit(
        code=CITY_CODE,
        name="岳阳市",
        kind=UnitKind.CITY,
        aliases=("市教体局", "岳阳市教育体育局", "教师工作科"),
    )


def _county_unit(number: int, county: _County) -> Unit:
    aliases = [f"{county.name}{bureau}" for bureau in county.bureaus]
    if county.short != county.name:  # 岳阳县没有更短的叫法：“岳阳”分不清是市还是县
        aliases.append(county.short)
    return Unit(
        code=f"{CITY_CODE}{number:02}",
        name=county.name,
        kind=UnitKind.COUNTY,
        parent_code=CITY_CODE,
        aliases=tuple(aliases),
    )


def _city_schools() -> Iterator[Unit]:
    for number, (name, school_type) in enumerate(_CITY_SCHOOLS, start=1):
        numbered = _NUMBERED.fullmatch(name)
        aliases = (f"岳阳市{numbered[1]}中", f"市{numbered[1]}中") if numbered else (f"市{name}",)
        yield Unit(
            code=f"{CITY_CODE}S{number:02}",
            name=f"岳阳市{name}",
            kind=UnitKind.MUNICIPAL_SCHOOL,
            parent_code=CITY_CODE,
            school_type=school_type,
            ownership=Ownership.PUBLIC,
            aliases=aliases,
        )


def _schools(unit: Unit, county: _County, chance: random.Random) -> Iterator[Unit]:
    taken: set[str] = set()
    number = 0
    for school_type, count in zip(_TYPES, county.counts, strict=True):
        makers = _names(school_type, county, chance)
        for _ in range(count):
            part, public = next(pair for pair in makers if pair[0] not in taken)
            taken.add(part)
            number += 1
            yield Unit(
                code=f"{unit.code}-{number:04}",
                name=f"{county.name}{part}",
                kind=UnitKind.SCHOOL,
                parent_code=unit.code,
                school_type=school_type,
                ownership=Ownership.PUBLIC if public else Ownership.PRIVATE,
                aliases=_aliases(county, part, chance),
            )


def _names(school_type: SchoolType, county: _County, chance: random.Random) -> Iterator[tuple[str, bool]]:
    """一类学校的候选（去掉县名的名称，是否公办）：先是每个乡镇都有的，后是村里的、民办的。"""
    towns = county.towns
    match school_type:
        case SchoolType.KINDERGARTEN:
            yield from ((f"{town}中心幼儿园", True) for town in towns)
            yield from _mixed(towns, _KINDERGARTEN_WORDS, "幼儿园", chance, public=0.12)
        case SchoolType.PRIMARY:
            yield from ((f"{town}中心小学", True) for town in towns)
            yield from _mixed(towns, _villages(chance), "小学", chance, public=0.97)
        case SchoolType.TEACHING_POINT:
            yield from _mixed(towns, _villages(chance), "教学点", chance, public=1)
        case SchoolType.JUNIOR:
            yield from ((f"{town}中学", True) for town in towns)
            yield from _mixed(towns, _villages(chance), "中学", chance, public=0.96)
        case SchoolType.NINE_YEAR:
            yield from _mixed(("",), towns, "学校", chance, public=0.8)
        case SchoolType.SENIOR:
            yield from ((f"第{ordinal}中学", True) for ordinal in _ORDINALS)
        case SchoolType.COMPLETE:
            yield ("实验中学", True)
            yield from _mixed(("",), _PRIVATE_WORDS, "中学", chance, public=0.3)
        case SchoolType.TWELVE_YEAR:
            yield from _mixed(("",), _PRIVATE_WORDS, "实验学校", chance, public=0)
        case SchoolType.VOCATIONAL:
            yield from ((trade, position < 2) for position, trade in enumerate(_TRADES))
        case SchoolType.SPECIAL:
            yield ("特殊教育学校", True)


def _mixed(
    towns: tuple[str, ...], words: tuple[str, ...], ending: str, chance: random.Random, *, public: float
) -> Iterator[tuple[str, bool]]:
    """乡镇轮着来，字号打乱了取，搭配不重复；公办的比例约为 ``public``。"""
    shuffled = chance.sample(words, len(words))
    for turn in range(len(shuffled)):
        for position, town in enumerate(towns):
            word = shuffled[(turn + 7 * position) % len(shuffled)]
            yield f"{town}{word}{ending}", chance.random() < public


def _villages(chance: random.Random) -> tuple[str, ...]:
    pairs = [start + end for start in _VILLAGE_STARTS for end in _VILLAGE_ENDS]
    return tuple(chance.sample(pairs, 120))


def _aliases(county: _County, part: str, chance: random.Random) -> tuple[str, ...]:
    """平时的叫法：第三中学 → 县三中、岳阳县三中；名称里有乡镇的，六成有一个去掉县名的短名。"""
    if numbered := _NUMBERED.fullmatch(part):
        last = county.name[-1] if county.name[-1] in "县区" else ""
        prefixes = dict.fromkeys(prefix for prefix in (last, county.name, county.short) if prefix)
        return tuple(f"{prefix}{numbered[1]}中" for prefix in prefixes)
    if not part.startswith(county.towns):  # 没有乡镇名的，光去掉县名分不清是哪个县
        return (f"{county.short}{part}",) if county.short != county.name else ()
    if chance.random() < 0.6:
        return (part.replace("中心小学", "中心校"),)
    return ()
