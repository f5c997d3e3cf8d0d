"""网页里打的 @名字 变成真正的 @：名字取群名片和昵称，长的先认。"""

from __future__ import annotations

import re

from bot.sandbox import segments as forms
from bot.sandbox.values import Place, Segment
from bot.sandbox.world import SimulatedQQ


def split_mentions(world: SimulatedQQ, group_id: int, qq: int, text: str) -> list[Segment]:
    """按群成员的名字拆成文字段和 at 段；@全体成员 只有群主和管理员能用。"""
    targets = _targets(world, group_id, qq)
    longest_first = sorted(targets, key=len, reverse=True)
    pattern = "|".join(re.escape(name) for name in longest_first)
    parts: list[Segment] = []
    position = 0
    for match in re.finditer(f"@({pattern})", text):
        parts += [forms.text(text[position : match.start()]), forms.at(targets[match[1]])]
        position = match.end()
    parts.append(forms.text(text[position:]))
    return forms.merge_texts(parts)


def _targets(world: SimulatedQQ, group_id: int, qq: int) -> dict[str, str]:
    members = world.state.group(group_id).members
    place = Place("group", group_id)
    targets = {"机器人": str(world.self_id)}
    for member in members:
        targets.setdefault(world.state.name_of(member), str(member))
        targets[world.state.name_of(member, place)] = str(member)
    if qq in members and members[qq].role != "member":
        targets["全体成员"] = "all"
    return targets
