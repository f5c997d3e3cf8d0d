"""知识：答没答上的问题，把答案变成条目，改条目、看历史、回滚。"""

from nonebot.plugin import PluginMetadata

from . import handlers as handlers

__plugin_meta__ = PluginMetadata(
    name="知识",
    description="把机器人答不上的问题变成答案，管好知识库",
    usage="/知识 待答；/知识 回答 12 答案；/知识 待定；/知识 看 编号",
    type="application",
    supported_adapters={"~onebot.v11"},
)
