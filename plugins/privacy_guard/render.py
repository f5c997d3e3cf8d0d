"""隐私保护的文字。"""

from __future__ import annotations


def id_number_in_group() -> str:
    """群里出现身份证号时的一句话，不提是谁、不重复号码。"""
    return (
        "刚才有消息带了身份证号，已尝试撤回；没撤掉的请本人手动撤回。\n群里请不要发个人信息，办理请私聊我。"
    )
