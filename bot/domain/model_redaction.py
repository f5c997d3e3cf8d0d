"""发给大模型之前先遮住：证件号、电话、QQ、邮箱、网址、人名称呼、单位名。宁可多遮，不可漏。纯函数。"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 200
READ = 3 * LONGEST
SHORTEST_UNIT = 3

_HIDDEN = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_CODE = re.compile(r"\[CQ:[^\]]*\]?", re.IGNORECASE)
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+\s?@\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*")
_LINK = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff]+", re.IGNORECASE)
_MENTION = re.compile(r"@[^\s@，。,!?：:]+")
# 五位以上的一串数字；中间可以隔空格、横线、点
_NUMBER = re.compile(r"\d(?:[\s\-.·]{0,2}\d){5,}[\s\-]{0,2}[Xx]?|\d{5,}[Xx]?")
# 2017-02-28、2017.2.28 不是号码；挨着别的数字的可能是分开写的证件号，不算日期
_DAY = re.compile(
    r"(?<!\d)(?<!\d[\s\-.·])(?:19|20)\d{2}[\-./](?:0?[1-9]|1[0-2])[\-./](?:[12]\d|3[01]|0?[1-9])"
    r"(?![\s\-.·]{0,2}\d)"
)
_CHINESE_NUMBER = re.compile(r"[零〇一二三四五六七八九幺]{5,}")

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜"
    "詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍覃霍翁隋植甘景薄单包司柏宁柯阮桂闵喻丛"
)
_DOUBLE = "欧阳|司马|诸葛|上官|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|东方|端木|南宫"
_TITLES = "老师|校长|园长|主任|科长|局长|书记|处长|股长|站长|干事|会计|组长|同志|先生|女士|同学|师傅"
# 姓开头、其实不是人名的
_NOT_NAMES = (
    "任课|任职|任教|高中|高级|安排|安全|安装|文科|文件|文化|常规|方案|方便|金融|周期|全部|成功|成绩|成员|时候|时间|"
    "向上|单位|关于|关联|关键|有关|管理|章程|项目|白天|万一|石油|江西|查询|查看|武汉|路径|游戏|包括|包含|"
    "司机|施行|许多|何时|何种|于是|温馨|华容|岳阳|临湘|平江|湘阴|汨罗|云溪|君山|屈原|南湖|曾经"
)
_FULL = rf"(?:(?:{_DOUBLE})[\u4e00-\u9fff]{{1,2}}|(?!{_NOT_NAMES})[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
_PEOPLE = (
    re.compile(
        r"(?P<lead>(?:姓\s*名|名\s*字|叫做|叫|本人|我是)\s*[：:是为]?\s*)"
        rf"(?:(?:{_DOUBLE})[\u4e00-\u9fff]{{1,2}}|(?!{_NOT_NAMES})[{_SURNAMES}][\u4e00-\u9fff·]{{1,3}}?)"
        r"(?=$|[\s，。,.；;：:？?！!、/（(〔]|的|和|与|身份|手机|电话|性别|男|女|在|要|想|是|怎|能|有|没|老师)"
    ),
    re.compile(rf"(?P<lead>){_FULL}(?:副|总)?(?:{_TITLES})"),
    re.compile(rf"(?P<lead>)(?:{_DOUBLE}|[{_SURNAMES}])(?:{_TITLES}|总(?=$|[，。,？?]|说|的|让|问))"),
    re.compile(rf"(?P<lead>)[小老阿][{_SURNAMES}](?=的|说|问|$|[\s，。,？?])"),
    re.compile(
        rf"(?P<lead>[帮给把替为请]){_FULL}(?=改|录|报|建|重置|开|申请|转|调|填|上传|注销|解锁|激活|删)"
    ),
    re.compile(
        rf"(?P<lead>){_FULL}(?=的?(?:身份证|手机|电话|账号|帐号|密码|信息|档案|照片|政治面貌|职称|学历|出生|民族|"
        r"工号|工资|籍贯|名字))"
    ),
)
_SCHOOL = re.compile(
    r"[\u4e00-\u9fff]{2,3}[县市区镇乡](?![属直级所有各内里辖民公的办]|中小)[\u4e00-\u9fff]{0,8}?"
    r"(?:中学|小学|幼儿园|学校|完小|中心校|教学点|职校)"
    r"|第[一二三四五六七八九十\d]+(?:中学|小学|幼儿园|完小)|实验(?:中学|小学|幼儿园|学校)"
    r"|(?<!统)[县市区镇]?[一二三四五六七八九十]中(?![小心等专职])"
)


def redacted(text: str, names: Iterable[str] = ()) -> str:
    """遮住个人信息和单位名后的一句话，最多 200 字；``names`` 是名册里的学校名。"""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text[:READ]))[:READ]
    for pattern, mark in ((_CODE, ""), (_LINK, "〔网址〕"), (_MAIL, "〔邮箱〕"), (_MENTION, "〔某人〕")):
        plain = pattern.sub(mark, plain)
    plain = _without_numbers(plain)
    for name in sorted({one for one in names if len(one) >= SHORTEST_UNIT}, key=len, reverse=True):
        if name in plain:
            plain = plain.replace(name, "〔某校〕")
    plain = _SCHOOL.sub("〔某校〕", plain)
    for pattern in _PEOPLE:
        plain = pattern.sub(lambda found: f"{found['lead']}〔某人〕", plain)
    return plain[:LONGEST].strip()


def _without_numbers(text: str) -> str:
    """号码遮住，日期留着。"""
    days: list[str] = []

    def aside(found: re.Match[str]) -> str:
        days.append(found[0])
        return f"\x00{chr(0xE000 + len(days) - 1)}\x00"

    marked = _DAY.sub(aside, text)
    marked = _CHINESE_NUMBER.sub("〔号码〕", _NUMBER.sub("〔号码〕", marked))
    for place, day in enumerate(days):
        marked = marked.replace(f"\x00{chr(0xE000 + place)}\x00", day)
    return marked
