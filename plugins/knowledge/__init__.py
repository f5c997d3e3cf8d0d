"""知识：看待答问题、回答它们。"""

from nonebot.plugin import PluginMetadata

from . import handlers as handlers

__plugin_meta__ = PluginMetadata(
    name="知识",
    description="把机器人答不上的问题变成答案",
    usage="/知识 待答；/知识 回答 12 答案",
    type="application",
    supported_adapters={"~onebot.v11"},
)
