"""变更登记：填附件3 的行，出官方登记表，报季报、备案。"""

from nonebot.plugin import PluginMetadata

from . import handlers as handlers

__plugin_meta__ = PluginMetadata(
    name="变更登记",
    description="登记教师信息变更，按季度出官方登记表",
    usage="/变更；/登记表；/季报 报送；/零报告；/备案 单位 季度",
    type="application",
    supported_adapters={"~onebot.v11"},
)
