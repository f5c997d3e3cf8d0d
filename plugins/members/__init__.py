"""成员：邀请、注册、移交、停用、复核、重置密码、日志，以及群的绑定与设置。"""

from nonebot.plugin import PluginMetadata

from . import handlers as handlers
from . import handover as handover
from . import letter as letter
from . import log as log
from . import resets as resets
from . import roster as roster
from . import standing as standing

__plugin_meta__ = PluginMetadata(
    name="成员",
    description="凭邀请码登记管理员，绑定工作群",
    usage="/注册 邀请码 姓名 手机号；/我的；/邀请 单位 角色；/绑定 岳阳县",
    type="application",
    supported_adapters={"~onebot.v11"},
)
