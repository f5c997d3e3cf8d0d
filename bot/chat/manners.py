"""没被点名时的分寸：这句话是不是对着某个人说的、有没有人已经接了话、是不是开口太勤。

都是纯函数和只靠传进来的时刻办事的小容器；等他安静、排队在 listening。
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from faq.cues import default_cues
from faq.text import normalise

Key = TypeVar("Key")
Value = TypeVar("Value")

# 两个人刚说过话，接着说的多半还是说给对方听的
TALK = timedelta(seconds=60)
# 一分钟里引得机器人开口这么多次，多半是另一个机器人
MOST_PROMPTS = 3
PROMPTS_WITHIN = timedelta(minutes=1)
MUTED_FOR = timedelta(minutes=10)
REMEMBERED = 2000

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕张孔曹严华金魏陶姜戚谢邹章苏潘葛范彭郎鲁韦马苗方俞袁柳鲍史唐费廉薛雷贺倪汤"
    "滕罗毕郝安常于傅康伍余顾孟黄穆萧尹姚邵汪毛米戴宋庞熊纪舒屈项祝董梁杜阮蓝季贾江颜郭梅林钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫"
    "丁邓洪包左石崔龚程邢陆翁段侯宁仇刘叶黎白赖卓池谭姬申冉涂文欧向易曾廖肖邝聂晏游龙喻瞿漆"
)
TITLES = "老师|主任|校长|园长|科长|局长|股长|处长|书记|会计|主席|老板|姐|哥|总|工"
# 以“王老师，”“小李，”开头：在叫一个人
CALLING = re.compile(
    rf"^@?(?:[{SURNAMES}](?:{TITLES})|[{SURNAMES}][一-鿿]{{1,2}}(?:老师|主任|校长|园长)|[小老][{SURNAMES}])"
    r"(?:[,，、:：!！~ \n]|您?好|你好|在吗|在不在|请问|麻烦|$)"
)
NOT_A_NAME = re.compile(r"^(?:高中|任课|高校|方案|文科|余下|安全|游泳)")
# 应一声，不是在回答；每个字只有一种切法（哈，不写哈+），不然几十个“哈”要试遍各种切法
ACKNOWLEDGING = re.compile(
    r"(?:收到|好|嗯|哦|噢|哈|嘿|谢谢|感谢|辛苦|知道|明白|了解|同问|蹲|顶|ok|老师|大家|了|您|你|啦|的|[+1👍🙏🌹])*"
)


@dataclass(frozen=True, slots=True)
class Line:
    """群里没有点名机器人的一句话；``text`` 已折叠全角，``quote_id`` 是引用的消息编号。"""

    qq: int
    message_id: str
    text: str
    at: datetime
    quote_id: str = ""
    mentions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Manners:
    """没被点名时怎么听、多勤快；值来自设置。"""

    quiet_seconds: float = 6.0
    person_seconds: float = 30.0
    group_seconds: float = 20.0
    ignored: frozenset[int] = frozenset()


def calls_someone(text: str) -> bool:
    """以称呼开头，叫的是一个具体的人；“各位老师”“哪位老师”不算。"""
    return CALLING.match(text) is not None and NOT_A_NAME.match(text) is None


def is_addressed(line: Line) -> bool:
    """这句话是说给某个人听的：@ 了人、引用了人、或以称呼开头。"""
    return bool(line.mentions or line.quote_id) or calls_someone(line.text)


def sounds_asking(text: str) -> bool:
    """像在提问。"""
    return default_cues().find(normalise(text)).get("question", 0) > 0


def sounds_answering(text: str) -> bool:
    """像在接话：有内容、不是提问、不是“收到”一类的应声。"""
    plain = "".join(char for char in text.lower() if char.isalnum() or char in "+👍🙏🌹")
    if not plain or text.startswith("/") or ACKNOWLEDGING.fullmatch(plain):
        return False
    return not sounds_asking(text)


def answered_by_others(burst: Sequence[Line], room: Iterable[Line]) -> bool:
    """这一串话说出来以后，别的人有没有接话：引用了他、@ 了他，或说了句不像提问、也不是说给别人的话。"""
    asker, mine = burst[0].qq, {line.message_id for line in burst}
    started = False
    for line in room:
        started = started or line.message_id in mine
        if not started or line.qq == asker:
            continue
        if line.quote_id in mine or asker in line.mentions:
            return True
        if not is_addressed(line) and sounds_answering(line.text):
            return True
    # 连他的话都刷得看不见了，群里正热闹
    return not started


def in_talk(burst: Sequence[Line], room: Iterable[Line]) -> bool:
    """他正和某个人说着话：刚叫过谁，或刚有人引用、@ 了他。"""
    asker, first = burst[0].qq, burst[0]
    before = [line for line in room if line is not first and line.at <= first.at]
    own = {line.message_id for line in before if line.qq == asker}
    for line in before:
        if first.at - line.at > TALK:
            continue
        if line.qq == asker and is_addressed(line):
            return True
        if line.qq != asker and (asker in line.mentions or line.quote_id in own):
            return True
    return False


class Restraint:
    """开口的节制：同一人、同一群隔一会儿才自动说一次；老被同一个人引得开口就闭嘴一阵。"""

    def __init__(self, manners: Manners) -> None:
        self._person = timedelta(seconds=manners.person_seconds)
        self._group = timedelta(seconds=manners.group_seconds)
        self._spoken: OrderedDict[tuple[int, int | None], datetime] = OrderedDict()
        self._prompts: OrderedDict[int, list[datetime]] = OrderedDict()
        self._muted: OrderedDict[int, datetime] = OrderedDict()

    def may_interject(self, group_id: int, qq: int, now: datetime) -> bool:
        """没被点名，现在能不能对这个人自动开口。"""
        gaps = (((group_id, qq), self._person), ((group_id, None), self._group))
        for key, gap in gaps:
            last = self._spoken.get(key)
            if last is not None and timedelta(0) <= now - last < gap:
                return False
        return not self.is_muted(qq, now)

    def interjected(self, group_id: int, qq: int, now: datetime) -> None:
        """记下自动开口了一次。"""
        for key in ((group_id, qq), (group_id, None)):
            _keep(self._spoken, key, now)

    def is_muted(self, qq: int, now: datetime) -> bool:
        """这个人引得机器人说话太勤，先不理他。"""
        until = self._muted.get(qq)
        return until is not None and until - MUTED_FOR <= now < until

    def admits(self, qq: int, now: datetime) -> bool:
        """他又引得机器人要开口：还行就记一次，太勤了就从现在起闭嘴一阵。"""
        if self.is_muted(qq, now):
            return False
        recent = [at for at in self._prompts.get(qq, ()) if timedelta(0) <= now - at < PROMPTS_WITHIN]
        if len(recent) >= MOST_PROMPTS:
            _keep(self._muted, qq, now + MUTED_FOR)
            return False
        _keep(self._prompts, qq, [*recent, now])
        return True


def _keep(table: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    table[key] = value
    table.move_to_end(key)
    if len(table) > REMEMBERED:
        table.popitem(last=False)
