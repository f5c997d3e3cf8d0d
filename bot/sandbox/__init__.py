"""模拟 QQ：真正的 OneBot v11 反向 WebSocket 客户端，演示、测试和压测都用它；不引用本项目其他部分。

    world = SimulatedQQ(10001, now=clock)
    world.add_person(20001, "王丽")
    world.add_group(900001, "工作群")
    world.join(900001, 20001, card="三中 王丽")
    await world.connect("ws://127.0.0.1:8081/onebot/v11/ws", token)
    await world.say(20001, "密码忘了", group=900001, at_bot=True)
    answer = await world.next_reply(group=900001)

网页在 bot.sandbox.page，终端里的对话记录在 bot.sandbox.transcript。
"""

from bot.sandbox.segments import at, picture, text
from bot.sandbox.values import (
    Call,
    Dialect,
    Group,
    Happening,
    Member,
    Message,
    Person,
    Place,
    SandboxError,
    Segment,
    StoredFile,
)
from bot.sandbox.world import SimulatedQQ

__all__ = [
    "Call",
    "Dialect",
    "Group",
    "Happening",
    "Member",
    "Message",
    "Person",
    "Place",
    "SandboxError",
    "Segment",
    "SimulatedQQ",
    "StoredFile",
    "at",
    "picture",
    "text",
]
