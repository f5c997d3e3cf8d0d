"""答问：@机器人、/问、引用别人的问题；答不上就转人工。"""

from nonebot.plugin import PluginMetadata

from . import feedback as feedback
from . import hand_off as hand_off
from . import handlers as handlers

__plugin_meta__ = PluginMetadata(
    name="答问",
    description="按工作方案回答操作问题，并写明依据",
    usage="@机器人 怎么重置密码；/问 怎么重置密码；/转人工",
    type="application",
    supported_adapters={"~onebot.v11"},
)
