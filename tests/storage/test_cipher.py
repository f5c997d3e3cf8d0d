"""按列加密：换了位置、换了钥匙、动过一个字节都解不开；钥匙串文件只有本人能读。"""

from __future__ import annotations

import base64
import json
import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from storage.cipher import NONCE_BYTES, ColumnCipher, Keyring, KeyringError, load_keyring

HERE = "administrators:1:name"


@pytest.fixture(scope="module")
def keyring() -> Keyring:
    return Keyring.generate()


@given(text=st.text(max_size=200), context=st.text(max_size=60))
def test_what_is_sealed_can_be_opened_again(text: str, context: str) -> None:
    cipher = ColumnCipher(Keyring.generate())
    assert cipher.decrypt(cipher.encrypt(text, context), context) == text


def test_it_is_aes_256_gcm_with_the_place_as_associated_data(keyring: Keyring) -> None:
    key_id, _, body = ColumnCipher(keyring).encrypt("王样例", HERE).partition(":")
    raw = base64.b64decode(body)
    key = keyring.keys[key_id]
    assert len(key) == 32
    assert AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], HERE.encode()).decode() == "王样例"


def test_the_same_value_never_looks_the_same_twice(keyring: Keyring) -> None:
    cipher = ColumnCipher(keyring)
    assert cipher.encrypt("王样例", HERE) != cipher.encrypt("王样例", HERE)


@pytest.mark.parametrize(
    "elsewhere", ["administrators:2:name", "administrators:1:phone", "change_notices:1:name", ""]
)
def test_a_ciphertext_moved_to_another_row_column_or_table_is_refused(
    keyring: Keyring, elsewhere: str
) -> None:
    cipher = ColumnCipher(keyring)
    with pytest.raises(KeyringError, match="校验不通过"):
        cipher.decrypt(cipher.encrypt("王样例", HERE), elsewhere)


def test_a_changed_byte_is_refused(keyring: Keyring) -> None:
    cipher = ColumnCipher(keyring)
    key_id, _, body = cipher.encrypt("王样例", HERE).partition(":")
    raw = bytearray(base64.b64decode(body))
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        with pytest.raises(KeyringError):
            cipher.decrypt(f"{key_id}:{base64.b64encode(bytes(changed)).decode()}", HERE)


def test_another_keyring_cannot_open_it(keyring: Keyring) -> None:
    sealed = ColumnCipher(keyring).encrypt("王样例", HERE)
    with pytest.raises(KeyringError, match="不匹配"):
        ColumnCipher(Keyring.generate()).decrypt(sealed, HERE)


def test_a_missing_key_is_named_by_its_number_only(keyring: Keyring) -> None:
    sealed = ColumnCipher(keyring).encrypt("王样例", HERE)
    newer = Keyring("k2", {"k2": Keyring.generate().keys["k1"]}, keyring.index_key)
    with pytest.raises(KeyringError, match="没有编号 k1 的钥匙") as caught:
        ColumnCipher(newer).decrypt(sealed, HERE)
    assert sealed not in str(caught.value)


def test_after_a_rotation_old_values_open_and_new_ones_use_the_new_key(keyring: Keyring) -> None:
    old = ColumnCipher(keyring).encrypt("旧值", HERE)
    rotated = Keyring("k2", keyring.keys | {"k2": Keyring.generate().keys["k1"]}, keyring.index_key)
    cipher = ColumnCipher(rotated)
    assert cipher.decrypt(old, HERE) == "旧值"
    assert cipher.encrypt("新值", HERE).startswith("k2:")


def test_the_blind_index_is_the_same_only_for_same_value_purpose_and_key(keyring: Keyring) -> None:
    cipher = ColumnCipher(keyring)
    index = cipher.blind_index("王样例", "name")
    assert index == cipher.blind_index("王样例", "name")
    assert index != cipher.blind_index("王样例", "phone")
    assert index != cipher.blind_index("李样例", "name")
    assert index != ColumnCipher(Keyring.generate()).blind_index("王样例", "name")
    assert len(index) == 64


def test_a_missing_keyring_is_generated_for_the_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "keys.json"
    previous = os.umask(0)
    try:
        keyring = load_keyring(file)
    finally:
        os.umask(previous)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
    assert load_keyring(file) == keyring


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    one, other = load_keyring(tmp_path / "1.json"), load_keyring(tmp_path / "2.json")
    assert one.keys != other.keys
    assert one.index_key != other.index_key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o777])
def test_a_keyring_others_can_reach_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "keys.json"
    load_keyring(file)
    file.chmod(mode)
    with pytest.raises(KeyringError, match=r"chmod 600 keys\.json"):
        load_keyring(file)


KEY = base64.b64encode(b"k" * 32).decode()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "不是 JSON",
        "[]",
        "{}",
        json.dumps({"current": "k1", "keys": {"k1": KEY}}),
        json.dumps({"current": "k2", "keys": {"k1": KEY}, "index": KEY}),
        json.dumps({"current": "k1", "keys": {"k1": "c2hvcnQ="}, "index": KEY}),
        json.dumps({"current": "k1", "keys": {"k1": "!"}, "index": KEY}),
        json.dumps({"current": "k1", "keys": {"k1": KEY}, "index": ""}),
    ],
)
def test_a_damaged_keyring_is_refused_and_never_replaced(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content, "utf-8")
    file.chmod(0o600)
    with pytest.raises(KeyringError, match="从备份恢复"):
        load_keyring(file)
    assert file.read_text("utf-8") == content
