"""附件的文字。"""

from __future__ import annotations

from bot.chat.wording import full_day_text
from bot.domain.letters import FilledLetter


def usage() -> str:
    """附件的写法。"""
    return (
        "请写要哪一个：\n/附件 1 责任书（姓名和确认日期填好）\n"
        "/附件 2 承诺签名确认汇总表\n/附件 3 更新登记表空表"
    )


def blank(number: int) -> str:
    """空表发出了。"""
    more = "\n已经登记过变更的，发 /登记表 就是填好的。" if number == 3 else ""
    return f"附件{number} 空表，打印后手填。{more}"


def letter(found: FilledLetter) -> str:
    """责任书发出了，说清谁确认过。"""
    lines = [f"{found.unit.name}责任书（附件1），请打印签字盖章，一式两份。"]
    lines += [f"· {one.role.label} {one.name}：{full_day_text(one.day)}确认" for one in found.pledges]
    if found.missing:
        lines.append("还没有人确认：" + "、".join(role.label for role in found.missing) + "（留空）")
    lines.append("签好后发 /上报 责任书")
    return "\n".join(lines)
