"""撤回一次上报以后该是什么样：从历史里找出这次上报以前的样子。纯函数。"""

from __future__ import annotations

from collections.abc import Sequence

from storage.obligations import PriorState
from storage.submissions import Submission
from storage.words import ObligationState, SubmissionAction


def prior_state(history: Sequence[Submission]) -> PriorState:
    """最近这一轮上报（连同更正）以前的样子：没报过是“未报”，被退回过是“已退回”，原因和当时的数字都还在。"""
    round_starts = 0
    for place, step in enumerate(history):
        if step.action in (SubmissionAction.APPROVE, SubmissionAction.RETURN):
            round_starts = place + 1
    settled = history[:round_starts]
    if not settled or settled[-1].action is not SubmissionAction.RETURN:
        return PriorState()
    report = next((step for step in reversed(settled) if step.action is SubmissionAction.REPORT), settled[-1])
    return PriorState(
        state=ObligationState.RETURNED,
        late=report.late,
        numbers=dict(report.numbers or {}),
        reported_by=report.actor_qq if report.action is SubmissionAction.REPORT else None,
        reported_at=report.at if report.action is SubmissionAction.REPORT else None,
        reason=settled[-1].note,
    )
