"""主动发的几种消息：审核结果、每日摘要。"""

from __future__ import annotations

from bot.chat.composing import Parts, composes
from bot.domain.digest import DAILY_KIND
from bot.domain.transport import Outgoing
from bot.plan.values import Plan

from . import render_digest, render_reviewing


@composes("review_result")
def compose_review_result(outgoing: Outgoing, plan: Plan) -> Parts:
    """审核结果的通知。"""
    return (render_reviewing.review_result(outgoing.facts, plan),)


@composes(DAILY_KIND)
def compose_daily_digest(outgoing: Outgoing, plan: Plan) -> Parts:
    """给审核单位的每日摘要。"""
    return (render_digest.daily(outgoing.facts, plan),)
