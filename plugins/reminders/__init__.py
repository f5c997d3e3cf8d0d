"""提醒：到了台阶提醒还欠着的单位；预览、立即、为什么。"""

from nonebot.plugin import PluginMetadata

from . import handlers as handlers

__plugin_meta__ = PluginMetadata(
    name="提醒",
    description="只提醒还没报的单位",
    usage="/提醒 预览；/提醒 立即 初审；/提醒 为什么",
    type="application",
    supported_adapters={"~onebot.v11"},
)
