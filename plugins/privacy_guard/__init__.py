"""隐私保护：群里出现身份证号就撤回并提醒，不重复那个号码。"""

from nonebot.plugin import PluginMetadata

from . import handlers as handlers

__plugin_meta__ = PluginMetadata(
    name="隐私保护",
    description="群里不留个人信息",
    usage="自动生效，没有命令",
    type="application",
    supported_adapters={"~onebot.v11"},
)
