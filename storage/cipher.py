"""个人信息按列加密：AES-256-GCM，密文绑定所在的表、行、列；检索用带密钥的盲索引。

钥匙串是一个只有本人可读的文件，第一次启动时生成；丢了它，姓名、电话和变更内容就再也读不出来。
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


class KeyringError(Exception):
    """钥匙串文件不能用；文字可以直接给运维看。"""


@dataclass(frozen=True, slots=True)
class Keyring:
    """加密用的钥匙们（可轮换）和盲索引用的一把钥匙（不轮换）。"""

    current: str
    keys: dict[str, bytes]
    index_key: bytes

    @classmethod
    def generate(cls) -> Keyring:
        """一串全新的钥匙。"""
        return cls("k1", {"k1": secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))


def load_keyring(path: Path, *, may_create: bool = True) -> Keyring:
    """读钥匙串；没有就生成一份，权限 600。别人也能读的文件拒绝使用。

    库已经在了（``may_create`` 为假）却没有钥匙串，多半是丢了，不能悄悄换一串。
    """
    if not path.exists() and not may_create:
        raise KeyringError(f"数据库在，钥匙串 {path.name} 却不见了，请从备份恢复，否则加密的内容读不出来")
    if not path.exists():
        keyring = Keyring.generate()
        _write(path, keyring)
        return keyring
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyringError(f"钥匙串 {path.name} 别人也能读，请先执行 chmod 600 {path.name}")
    try:
        data = json.loads(path.read_text("utf-8"))
        keys = {name: base64.b64decode(value) for name, value in data["keys"].items()}
        keyring = Keyring(data["current"], keys, base64.b64decode(data["index"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyringError(f"钥匙串 {path.name} 内容不完整，请从备份恢复") from error
    sizes = {len(key) for key in (*keys.values(), keyring.index_key)}
    if keyring.current not in keys or sizes != {KEY_BYTES}:
        raise KeyringError(f"钥匙串 {path.name} 内容不完整，请从备份恢复")
    return keyring


def _write(path: Path, keyring: Keyring) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {
        "current": keyring.current,
        "keys": {name: base64.b64encode(key).decode() for name, key in keyring.keys.items()},
        "index": base64.b64encode(keyring.index_key).decode(),
    }
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(data, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


class ColumnCipher:
    """给存储层用的列加密器。"""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def encrypt(self, text: str, context: str) -> str:
        """加密一列；``context`` 写明 表:行:列，换了位置就解不开。"""
        nonce = secrets.token_bytes(NONCE_BYTES)
        key_id = self._keyring.current
        sealed = AESGCM(self._keyring.keys[key_id]).encrypt(nonce, text.encode(), context.encode())
        return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, stored: str, context: str) -> str:
        """解密一列；钥匙不对或密文被挪动过就报错。"""
        key_id, _, body = stored.partition(":")
        key = self._keyring.keys.get(key_id)
        if key is None:
            raise KeyringError(f"钥匙串里没有编号 {key_id} 的钥匙，请用加密时的钥匙串")
        raw = base64.b64decode(body)
        try:
            return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()).decode()
        except InvalidTag as error:
            raise KeyringError("加密内容校验不通过：钥匙串不匹配，或数据被改动过") from error

    @property
    def fingerprint(self) -> str:
        """钥匙串的指纹：存在库里，换错了钥匙串一启动就知道。"""
        return self.blind_index("keyring", "fingerprint")

    def blind_index(self, text: str, purpose: str) -> str:
        """同一个值得到同一个指纹，没有钥匙算不出来，用于查重和查找。"""
        message = f"{purpose}\x1f{text}".encode()
        return hmac.new(self._keyring.index_key, message, hashlib.sha256).hexdigest()
