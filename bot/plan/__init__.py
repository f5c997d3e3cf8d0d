"""工作方案：数据在 yueyang.toml，这里把它读成有类型、检查过的对象。"""

from bot.plan.description import describe_plan
from bot.plan.reader import PlanError, load_plan
from bot.plan.values import (
    Contact,
    Deliverable,
    Ladder,
    NumberField,
    Office,
    Plan,
    QuarterlyRule,
    RoleDuties,
)

__all__ = [
    "Contact",
    "Deliverable",
    "Ladder",
    "NumberField",
    "Office",
    "Plan",
    "PlanError",
    "QuarterlyRule",
    "RoleDuties",
    "describe_plan",
    "load_plan",
]
