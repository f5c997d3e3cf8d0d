"""隐私保护的文字。"""

from __future__ import annotations


def id_number_in_group() -> str:
    """群里出现身份证号时的一句话，不提是谁、不重复号码。"""
    return (
        "刚才有消息带了身份证号，已尝试撤回；没撤掉的请本人手动撤回。\n群里请不要发个人信息，办理请私聊我。"
    )


def invite_code_in_group() -> str:
    """群里出现邀请码时的一句话。"""
    return "邀请码谁看见谁能用，已尝试撤回。请本人私聊我发 /注册；怕被别人用了，请发码的人再发一张。"


def invite_code_voided() -> str:
    """群里出现还能用的邀请码：已经作废。"""
    return "邀请码谁看见谁能用，已尝试撤回。这张码已经作废，已请发码的人重新发，收到后请私聊我登记。"


def how_to_register() -> str:
    """光发了一张邀请码。"""
    return "登记请把命令写全：\n/注册 邀请码 姓名 手机号\n例如：/注册 ABCDE-FGHJK 王样例 13800000000"
