"""加好友：绑定群里的人自动通过，别人的不理。"""

from __future__ import annotations

from tests.stage import COUNTY_GROUP, Stage

NEWCOMER, STRANGER = 10020, 10021


async def test_member_of_a_bound_group_becomes_a_friend(stage: Stage) -> None:
    stage.world.add_person(NEWCOMER, "新管理员（样例）")
    stage.world.join(COUNTY_GROUP, NEWCOMER)
    await stage.world.request_friend(NEWCOMER)
    call = await stage.world.next_call("set_friend_add_request")
    assert call.params["approve"] is True
    assert (await stage.tell(NEWCOMER, "/我的")).body.startswith("你还没有登记")


async def test_stranger_is_left_waiting(stage: Stage) -> None:
    stage.world.add_person(STRANGER, "陌生人（样例）")
    await stage.world.request_friend(STRANGER)
    await stage.world.next_call("get_group_member_info")
    await stage.world.settled(seconds=1.5)
    assert "set_friend_add_request" not in {call.action for call in stage.world.calls}
