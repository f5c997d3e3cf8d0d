"""帮助：按身份和场合列出能用的命令。"""

from nonebot.plugin import PluginMetadata

from . import handlers as handlers

__plugin_meta__ = PluginMetadata(
    name="帮助",
    description="列出能用的命令",
    usage="/帮助；/帮助 上报",
    type="application",
    supported_adapters={"~onebot.v11"},
)
