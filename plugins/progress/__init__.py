"""进度：上报、审核、进度、未报、导出、节点。"""

from nonebot.plugin import PluginMetadata

from . import exporting as exporting
from . import milestones as milestones
from . import notices as notices
from . import owing as owing
from . import reporting as reporting
from . import reviewing as reviewing
from . import status as status

__plugin_meta__ = PluginMetadata(
    name="进度",
    description="上报、审核各时间节点，查谁报了谁没报，导出和比对",
    usage="/上报 初审 应采集52 已录入52 已审52；/审核 单位 初审 通过；/进度；/未报；/导出 进度",
    type="application",
    supported_adapters={"~onebot.v11"},
)
