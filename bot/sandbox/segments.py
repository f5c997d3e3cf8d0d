"""消息段与 CQ 码：机器人可能用数组、字符串或单个对象发消息，这里统一成消息段，也能写回 CQ 码。"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Any

from bot.sandbox.values import SandboxError, Segment

_CODE = re.compile(r"\[CQ:([A-Za-z0-9_.-]+)((?:,[^,\[\]]+)*)\]")


def text(value: str) -> Segment:
    """文字段。"""
    return Segment("text", {"text": value})


def at(qq: int | str) -> Segment:
    """@ 某人；"all" 是全体成员。"""
    return Segment("at", {"qq": str(qq)})


def picture(content: bytes, name: str = "图片.png") -> Segment:
    """图片段，内容直接给字节。"""
    return Segment("image", {"file": encode_file(content), "name": name})


def encode_file(content: bytes) -> str:
    """字节写成 base64:// 形式。"""
    return "base64://" + base64.b64encode(content).decode("ascii")


def escape(value: str, *, parameter: bool = False) -> str:
    """CQ 码转义；参数里还要转义逗号。"""
    value = value.replace("&", "&amp;").replace("[", "&#91;").replace("]", "&#93;")
    return value.replace(",", "&#44;") if parameter else value


def unescape(value: str) -> str:
    """还原 CQ 码转义。"""
    return value.replace("&#44;", ",").replace("&#91;", "[").replace("&#93;", "]").replace("&amp;", "&")


def parse(message: object, *, auto_escape: bool = False) -> list[Segment]:
    """把 API 的 message 参数读成消息段；读不懂时抛 SandboxError。"""
    if isinstance(message, str):
        return [text(message)] if auto_escape else _parse_codes(message)
    if isinstance(message, dict):
        return [_parse_object(message)]
    if isinstance(message, Iterable):
        return merge_texts(part for item in message for part in _parse_item(item))
    raise SandboxError("消息体无法解析, 请检查是否发送了不支持的消息类型")


def merge_texts(segments: Iterable[Segment]) -> list[Segment]:
    """相邻的文字段合成一段，空文字丢掉。"""
    merged: list[Segment] = []
    for segment in segments:
        if segment.type != "text":
            merged.append(segment)
            continue
        value = str(segment.data.get("text") or "")
        if not value:
            continue
        if merged and merged[-1].type == "text":
            value = merged.pop().data["text"] + value
        merged.append(text(value))
    return merged


def to_codes(segments: Iterable[Segment]) -> str:
    """写成 CQ 码字符串（raw_message 与 go-cqhttp 的 message）。"""
    return "".join(_to_code(segment) for segment in segments)


def to_objects(segments: Iterable[Segment]) -> list[dict[str, Any]]:
    """写成 OneBot 数组形式。"""
    return [{"type": segment.type, "data": dict(segment.data)} for segment in segments]


def _to_code(segment: Segment) -> str:
    if segment.type == "text":
        return escape(str(segment.data.get("text", "")))
    plain = {key: value for key, value in segment.data.items() if isinstance(value, str | int)}
    parameters = "".join(f",{key}={escape(str(value), parameter=True)}" for key, value in plain.items())
    return f"[CQ:{segment.type}{parameters}]"


def _parse_codes(value: str) -> list[Segment]:
    parts: list[Segment] = []
    position = 0
    for match in _CODE.finditer(value):
        parts.append(text(unescape(value[position : match.start()])))
        pairs = (item.partition("=") for item in match[2].split(",")[1:])
        parts.append(Segment(match[1], {key: unescape(data) for key, _, data in pairs}))
        position = match.end()
    parts.append(text(unescape(value[position:])))
    return merge_texts(parts)


def _parse_item(item: object) -> list[Segment]:
    return _parse_codes(item) if isinstance(item, str) else [_parse_object(item)]


def _parse_object(item: object) -> Segment:
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        raise SandboxError("消息体无法解析, 请检查是否发送了不支持的消息类型")
    data = item.get("data")
    return Segment(item["type"], dict(data) if isinstance(data, dict) else {})
