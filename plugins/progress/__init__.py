"""进度：上报、审核、进度、未报、节点。"""

from nonebot.plugin import PluginMetadata

from . import handlers as handlers

__plugin_meta__ = PluginMetadata(
    name="进度",
    description="上报、审核各时间节点，查谁报了谁没报",
    usage="/上报 初审 应采集52 已录入52 已审52；/审核 单位 初审 通过；/进度；/未报",
    type="application",
    supported_adapters={"~onebot.v11"},
)
