"""SM3, SM4 and SM4-GCM by the standards' own vectors, and what a stored value must withstand."""

import base64

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.core.exceptions import ImproperlyConfigured

from accounts import encryption
from accounts.encryption import NotReadable, SM4Cipher, hmac_sm3, key_from, seal, unseal

KEY, OTHER_KEY = b"k" * 16, b"o" * 16
ID_NUMBER = "11010519491231002X"


def sm3(data):
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_by_gb_t_32905(data, digest):
    assert sm3(data).hex() == digest


def test_sm4_by_gb_t_32907():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    block = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 -- one block, as the standard gives it

    assert block.update(key).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_by_rfc_8998():
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    bound = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    text = bytes.fromhex("".join(letter * 16 for letter in "ABCDEFEA"))
    closed = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )

    assert seal(key, nonce, text, bound) == closed
    assert unseal(key, nonce, closed, bound) == text
    with pytest.raises(InvalidTag):
        unseal(key, nonce, closed, bound + b"x")


def test_hmac_sm3_is_hmac_of_rfc_2104():
    key = b"key".ljust(64, b"\0")
    inner = sm3(bytes(byte ^ 0x36 for byte in key) + b"data")

    assert hmac_sm3(b"key", b"data") == sm3(bytes(byte ^ 0x5C for byte in key) + inner)


@pytest.mark.parametrize("text", ["", ID_NUMBER, "张三丰", "😀" * 1000, "\0\n"])
def test_what_was_encrypted_opens_again(text):
    cipher = SM4Cipher(KEY)
    stored = cipher.encrypt(text, "person.name")

    assert cipher.decrypt(stored, "person.name") == text
    assert not text or text not in stored
    assert stored != cipher.encrypt(text, "person.name")


def test_every_changed_character_is_noticed():
    cipher = SM4Cipher(KEY)
    # 12 + 17 + 16 bytes: base64 without padding, whose spare bits nobody reads
    stored = cipher.encrypt(ID_NUMBER[:17])

    for position, letter in enumerate(stored):
        changed = stored[:position] + ("B" if letter == "A" else "A") + stored[position + 1 :]
        with pytest.raises(NotReadable):
            cipher.decrypt(changed)


@pytest.mark.parametrize(
    "stored", ["", ".", "plain text", "{id}.", "{id}.AAAA", "{id}.====", "{id}.密", "{id}.AA AA"]
)
def test_what_is_no_ciphertext_is_refused(stored):
    cipher = SM4Cipher(KEY)
    key_id = cipher.encrypt("x").partition(".")[0]

    with pytest.raises(NotReadable):
        cipher.decrypt(stored.format(id=key_id))


def test_a_value_of_another_field_does_not_open():
    cipher = SM4Cipher(KEY)

    with pytest.raises(NotReadable):
        cipher.decrypt(cipher.encrypt(ID_NUMBER, "person.id_number"), "person.phone")


def test_after_a_change_of_key_old_values_open_and_new_ones_take_the_new_key():
    old, new = SM4Cipher(KEY), SM4Cipher(OTHER_KEY, old_keys=[KEY])
    stored = old.encrypt(ID_NUMBER)

    assert new.decrypt(stored) == ID_NUMBER
    with pytest.raises(NotReadable):
        old.decrypt(new.encrypt(ID_NUMBER))


def test_blind_index_is_keyed_and_tells_nothing():
    cipher = SM4Cipher(KEY)

    assert cipher.blind_index(ID_NUMBER) == SM4Cipher(KEY).blind_index(ID_NUMBER)
    assert cipher.blind_index(ID_NUMBER) != SM4Cipher(OTHER_KEY).blind_index(ID_NUMBER)
    assert cipher.blind_index(ID_NUMBER) != cipher.blind_index(ID_NUMBER[:-1])
    assert cipher.blind_index(ID_NUMBER) not in {
        sm3(ID_NUMBER.encode()).hex(),
        hmac_sm3(KEY, ID_NUMBER.encode()).hex(),
    }
    assert len(cipher.blind_index("")) == 64


def test_key_is_16_bytes_or_32_hex_digits():
    assert key_from("00" * 16) == key_from(bytes(16)) == bytes(16)
    for wrong in ("", "00" * 15, "zz" * 16, b"short"):
        with pytest.raises(ImproperlyConfigured) as refusal:
            key_from(wrong)
        assert not wrong or str(wrong) not in str(refusal.value)
    with pytest.raises(ValueError, match="16 bytes"):
        SM4Cipher(b"short")


def test_the_settings_key_is_used(settings):
    settings.FIELD_KEY = "11" * 16
    stored, index = encryption.encrypt("甲", "here"), encryption.blind_index("甲")
    settings.FIELD_KEY, settings.OLD_FIELD_KEYS = "22" * 16, ["11" * 16]

    assert encryption.decrypt(stored, "here") == "甲"
    assert encryption.blind_index("甲") != index
    assert base64.urlsafe_b64decode(stored.partition(".")[2])
    settings.OLD_FIELD_KEYS = []
    with pytest.raises(NotReadable):
        encryption.decrypt(stored, "here")
