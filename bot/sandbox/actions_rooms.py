"""人与群的动作：登录信息、状态、群和好友名单、请求的处理，以及能力查询。"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.desk import Desk
from bot.sandbox.values import ActionRefused, Dialect, Group, Member, PendingRequest

Params = dict[str, Any]
_VERSIONS = {
    Dialect.ARRAY: ("NapCat.Onebot", "4.18.0"),
    Dialect.STRING: ("go-cqhttp", "v1.2.0"),
    Dialect.LAGRANGE: ("Lagrange.OneBot", "0.0.3"),
}


class RoomActions:
    """人与群的动作。"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._state = desk.state

    def table(self) -> dict[str, Callable[[Params], Awaitable[Any]]]:
        """动作名到实现。"""
        return {
            "get_login_info": self._login,
            "get_status": self._status,
            "get_version_info": self._version,
            "get_group_list": self._groups,
            "get_group_info": self._group_info,
            "get_group_member_list": self._members,
            "get_group_member_info": self._member_info,
            "get_friend_list": self._friends,
            "get_stranger_info": self._stranger,
            "get_group_at_all_remain": self._at_all_remain,
            "set_friend_add_request": self._friend_request,
            "set_group_add_request": self._group_request,
            "set_group_leave": self._leave,
            "can_send_image": self._can,
            "can_send_record": self._can,
        }

    async def _login(self, params: Params) -> Params:
        return {"user_id": self._state.self_id, "nickname": self._state.name_of(self._state.self_id)}

    async def _status(self, params: Params) -> Params:
        return self._desk.frames.status()

    async def _version(self, params: Params) -> Params:
        name, version = _VERSIONS[self._desk.dialect]
        return {"app_name": name, "protocol_version": "v11", "app_version": version}

    async def _groups(self, params: Params) -> list[Params]:
        groups = self._state.groups.values()
        return [self._group(group) for group in groups if self._state.self_id in group.members]

    async def _group_info(self, params: Params) -> Params:
        return self._group(self._state.group(int(params["group_id"])))

    async def _members(self, params: Params) -> list[Params]:
        group = self._state.group(int(params["group_id"]))
        return [self._member(group, member) for member in group.members.values()]

    async def _member_info(self, params: Params) -> Params:
        group = self._state.group(int(params["group_id"]))
        return self._member(group, self._state.member(group.group_id, int(params["user_id"])))

    async def _friends(self, params: Params) -> list[Params]:
        people = [self._state.people[qq] for qq in sorted(self._state.friends)]
        return [{"user_id": person.qq, "nickname": person.nickname, "remark": ""} for person in people]

    async def _stranger(self, params: Params) -> Params:
        qq = int(params["user_id"])
        if qq not in self._state.people:
            raise ActionRefused("无法获取用户信息")
        return {"user_id": qq, "nickname": self._state.name_of(qq), "sex": "unknown", "age": 0, "level": 0}

    async def _at_all_remain(self, params: Params) -> Params:
        own = self._state.member(int(params["group_id"]), self._state.self_id)
        remaining = self._state.remaining_at_all
        return {
            "can_at_all": own.role != "member",
            "remain_at_all_count_for_group": remaining * 2,
            "remain_at_all_count_for_uin": remaining,
        }

    async def _friend_request(self, params: Params) -> None:
        request = self._take_request(params)
        if params.get("approve", True):
            self._state.befriend(request.qq)
            await self._desk.push(self._desk.frames.notice("friend_add", user_id=request.qq))

    async def _group_request(self, params: Params) -> None:
        request = self._take_request(params)
        if not params.get("approve", True) or request.group_id is None:
            return
        self._state.join(request.group_id, self._state.self_id, "", "member")
        frame = self._desk.frames.notice(
            "group_increase",
            sub_type="invite",
            group_id=request.group_id,
            user_id=self._state.self_id,
            operator_id=request.qq,
        )
        await self._desk.push(frame)

    async def _leave(self, params: Params) -> None:
        self._state.leave(int(params["group_id"]), self._state.self_id)

    async def _can(self, params: Params) -> Params:
        return {"yes": True}

    def _take_request(self, params: Params) -> PendingRequest:
        request = self._state.requests.pop(str(params.get("flag")), None)
        if request is None:
            raise ActionRefused("No such request")
        return request

    def _group(self, group: Group) -> Params:
        return {
            "group_id": group.group_id,
            "group_name": group.name,
            "group_remark": "",
            "group_all_shut": -1 if group.muted else 0,
            "member_count": len(group.members),
            "max_member_count": 500,
        }

    def _member(self, group: Group, member: Member) -> Params:
        joined = int(member.joined_at.timestamp())
        return {
            "group_id": group.group_id,
            "user_id": member.qq,
            "nickname": self._state.name_of(member.qq),
            "card": member.card,
            "sex": "unknown",
            "age": 0,
            "area": "",
            "level": "0",
            "role": member.role,
            "title": "",
            "title_expire_time": 0,
            "unfriendly": False,
            "card_changeable": True,
            "join_time": joined,
            "last_sent_time": joined,
            "shut_up_timestamp": 0,
            "is_robot": False,
        }
