"""Invented data in the place of people's, row by row as an archive is read: for copies that people practise in.

What a column gets is declared by the apps (`masks` on their AppConfig, by model and field). The same person becomes the same
invented person everywhere, by a secret of this copy that nobody keeps: what was joined stays joined, and nothing leads back.
"""

import hashlib
import hmac
import json
import os
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string
from stdnum.cn import ric

from accounts.encryption import NotReadable, decrypt, encrypt
from accounts.fields import EncryptedJSONField, EncryptedTextField
from audit import retention
from tenants.shared.archive.records import Content
from tenants.shared.archive.tables import Table

KEEP, BLANK, NAME, MASKED_NAME, ID_NUMBER, PHONE, TEXT, FACTS, INDEX, CODE, LEFT_OUT = (
    "keep", "blank", "name", "masked name", "id number", "phone", "text", "facts", "index", "code", "left out",
)  # fmt: skip
FILE_NAME, FILE_TYPE, FILE_SIZE, FILE_DIGEST = "file name", "file type", "file size", "file digest"
# of a whole table, under this name
ROWS = "*"

Rules = dict[str, dict[str, str]]
# of the layer below, which can declare nothing here: who did what in the hall is not what is practised on
_BELOW: Rules = {"audit.Record": {ROWS: LEFT_OUT}, "audit.Seal": {ROWS: LEFT_OUT}}

# a page with one word on it, instead of every file
PLACEHOLDER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 44>>stream\nBT /F 36 Tf 120 140 Td (PRACTICE COPY) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R/Size 6>>\n%%EOF\n"
)
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "安宁平和春夏秋冬晨光山川江海云雨松竹梅兰文武明亮青蓝远近东西南北"
_WORDS = "（练习用的文字，不是真的）"
# a division that no resident has: numbers with it are never anybody's
_NOWHERE = "990000"
_ID = re.compile(r"[1-9]\d{16}[\dXx]")
_PHONE = re.compile(r"1\d{10}")
_DAY = re.compile(r"(\d{4})-\d\d-\d\d")
_CHOICE = re.compile(r"[a-z][a-z0-9_]{0,30}")
_NAMES = re.compile(r"name|applicant|person|spouse|holder|who|contact|father|mother|receiver", re.IGNORECASE)
_NULL = b"\\N"
_ESCAPES = {
    b"\\b": b"\b",
    b"\\f": b"\f",
    b"\\n": b"\n",
    b"\\r": b"\r",
    b"\\t": b"\t",
    b"\\v": b"\v",
    b"\\\\": b"\\",
}
_ESCAPE = re.compile(rb"\\[bfnrtv\\]")
_TO_ESCAPE = {value: key for key, value in _ESCAPES.items()}
_SPECIAL = re.compile(rb"[\b\f\n\r\t\v\\]")


def kept(*fields: str) -> dict[str, str]:
    """Return that these fields stay as they are: they say nothing of anybody, or only of whoever works there."""
    return dict.fromkeys(fields, KEEP)


def rules() -> Rules:
    """Return what the apps declare: by table, by column."""
    declared = dict(_BELOW)
    for config in apps.get_app_configs():
        for name in getattr(config, "masks", ()):
            declared |= import_string(name)
    found: Rules = {}
    for label, fields in declared.items():
        options = apps.get_model(label)._meta
        found[options.db_table] = {
            name if name == ROWS else options.get_field(name).column: rule for name, rule in fields.items()
        }
    return found


def without_rule() -> list[str]:
    """Return the fields with personal data that nobody has said anything of: none, or a test fails."""
    personal = {name for rule in retention.register() for name in rule.models}
    found, declared = [], rules()
    for model in hall_models():
        here = declared.get(model._meta.db_table, {})
        for field in model._meta.concrete_fields:
            is_personal = model._meta.label in personal or isinstance(
                field, EncryptedTextField | EncryptedJSONField
            )
            if is_personal and ROWS not in here and needs_rule(field) and field.column not in here:
                found.append(f"{model._meta.label}.{field.name}")
    return found


def hall_models() -> Iterator[type[models.Model]]:
    """Yield the models whose tables stand in every hall's schema."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_config.name in settings.TENANT_APPS and model._meta.managed:
            yield model


def needs_rule(field: "models.Field[Any, Any]") -> bool:
    """Say whether a field may hold what somebody wrote or is: free text, names, facts; not choices, codes of few signs, numbers."""
    if isinstance(field, models.UUIDField | models.ForeignKey):
        return False  # every key is changed, and in the same way everywhere
    if isinstance(field, EncryptedTextField | EncryptedJSONField | models.TextField | models.JSONField):
        return True
    return isinstance(field, models.CharField) and not field.choices


def invented_id(seed: int) -> str:
    """Return 18 digits with a right check digit, of a place that there is not."""
    year, month, day = 1950 + seed % 60, 1 + seed // 60 % 12, 1 + seed // 720 % 28
    body = f"{_NOWHERE}{year}{month:02d}{day:02d}{seed // 20160 % 1000:03d}"
    return body + ric.calc_check_digit(body)


class Mask:
    """One copy's masking. `look` at the archive first: it must know who works in the hall, since they sign in as themselves."""

    def __init__(self) -> None:
        self._secret = os.urandom(32)
        self._rules = rules()
        self._fields = {
            model._meta.db_table: {f.column: f for f in model._meta.concrete_fields}
            for model in hall_models()
        }
        self._staff = set[str]()
        tables = {model._meta.label: model._meta.db_table for model in hall_models()}
        self._undeclared = {
            f"{tables[label]}.{name}"
            for label, _dot, name in (found.rpartition(".") for found in without_rule())
        }

    def look(self, entry: Content) -> None:
        """Take from an entry what must be known before the first row is changed."""
        table, column = settings.ARCHIVE_STAFF
        if entry.told.get("kind") == "rows" and entry.told.get("name") == table:
            place = list(entry.told["columns"]).index(column)
            for line in lines(entry):
                self._staff.add(line.split(b"\t")[place].decode())
        entry.skip()

    def is_left_out(self, table: str) -> bool:
        """Whether a copy has none of a table's rows."""
        return self._rules.get(table, {}).get(ROWS) == LEFT_OUT

    def hides(self, name: str) -> bool:
        """Whether a copy has a page with one word instead of the file of this name; what a look shows is no secret."""
        return name.split("/")[1] not in {folder for _table, _column, folder in settings.ARCHIVE_FACT_FILES}

    def of(self, entry: Content, table: Table, columns: list[str]) -> "Masked":
        """Return the rows of an entry with invented data, to be copied in."""
        return Masked(entry, [self._change(table, column) for column in columns])

    def _change(self, table: Table, column: str) -> Callable[[str], str] | None:
        declared = self._rules.get(table.name, {})
        field = self._fields.get(table.name, {}).get(column)
        rule = declared.get(column)
        if table.types[column] == "uuid":
            return None if rule == KEEP else self._key
        if rule is None:
            # nobody has said: nothing may get through
            rule = BLANK if f"{table.name}.{column}" in self._undeclared else KEEP
        if rule == KEEP:
            return None
        plain: Callable[[str], str] = getattr(self, f"_{rule.replace(' ', '_')}")
        if isinstance(field, EncryptedTextField | EncryptedJSONField):
            context = field.context
            return lambda stored: encrypt(plain(_opened(stored, context)), context)
        if rule == BLANK and table.types[column] in {"jsonb", "json"}:
            return lambda stored: "{}" if stored.startswith("{") else "[]"
        return plain

    def _seed(self, *of: str) -> int:
        return int.from_bytes(hmac.digest(self._secret, "\0".join(of).encode(), "sha256")[:8], "big")

    def _key(self, value: str) -> str:
        if value in self._staff:
            return value
        return str(uuid.UUID(bytes=hmac.digest(self._secret, value.encode(), "sha256")[:16], version=4))

    def _blank(self, value: str) -> str:
        return ""

    def _name(self, value: str) -> str:
        if not value:
            return ""
        seed = self._seed("name", value)
        return (
            _FAMILY[seed % len(_FAMILY)]
            + _GIVEN[seed // 97 % len(_GIVEN)]
            + _GIVEN[seed // 7919 % len(_GIVEN)]
        )

    def _masked_name(self, value: str) -> str:
        return self._name(value)[:1] + "*" * (len(value) - 1)

    def _id_number(self, value: str) -> str:
        return invented_id(self._seed("id", value.upper())) if value else ""

    def _phone(self, value: str) -> str:
        # no provider has 100
        return f"100{self._seed('phone', value) % 10**8:08d}" if value else ""

    def _text(self, value: str) -> str:
        return _WORDS if value else ""

    def _index(self, value: str) -> str:
        return hashlib.sha256(f"{self._seed('index', value)}".encode()).hexdigest() if value else ""

    def _code(self, value: str) -> str:
        """Return another code of the same length and signs, as much a secret as the first."""
        digest = hmac.digest(self._secret, b"code" + value.encode(), "sha512") * 2
        signs = "0123456789" if value.isdigit() else "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
        return "".join(signs[byte % len(signs)] for byte in digest[: len(value)])

    def _file_name(self, value: str) -> str:
        return "练习.pdf" if value else ""

    def _file_type(self, value: str) -> str:
        return "application/pdf" if value else ""

    def _file_size(self, value: str) -> str:
        return str(len(PLACEHOLDER))

    def _file_digest(self, value: str) -> str:
        return hashlib.sha256(PLACEHOLDER).hexdigest() if value else ""

    def _facts(self, value: str) -> str:
        try:
            told = json.loads(value)
        except ValueError:
            return "{}"
        return json.dumps(self._walked("", told), ensure_ascii=False)

    def _walked(self, name: str, value: Any) -> Any:
        """Change every text of some facts: keep what is a choice, a code or yes and no; invent what is a person's."""
        if isinstance(value, dict):
            return {key: self._walked(key, each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._walked(name, each) for each in value]
        if not isinstance(value, str) or not value:
            return value if isinstance(value, bool) or value is None or value == "" else 0
        if _ID.fullmatch(value):
            return self._id_number(value)
        if _PHONE.fullmatch(value):
            return self._phone(value)
        if day := _DAY.fullmatch(value):
            return f"{day[1]}-01-01"
        if _CHOICE.fullmatch(value):
            return value
        return self._name(value) if _NAMES.search(name) else _WORDS


def _opened(stored: str, context: str) -> str:
    try:
        return decrypt(stored, context)
    except NotReadable:
        return ""


def lines(entry: Content) -> Iterator[bytes]:
    """Yield the lines of COPY's text, without their ends."""
    left = b""
    for part in entry.parts():
        *whole, left = (left + part).split(b"\n")
        yield from whole


class Masked:
    """Rows of COPY's text with some columns changed, to be read as a stream."""

    def __init__(self, entry: Content, changes: list[Callable[[str], str] | None]) -> None:
        self._lines, self._changes = lines(entry), changes
        self._waiting = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, nothing at the end."""
        while (
            len(self._waiting) < (size if size > 0 else 1) and (line := next(self._lines, None)) is not None
        ):
            self._waiting += self._changed(line)
        part, self._waiting = (
            (self._waiting[:size], self._waiting[size:]) if size > 0 else (self._waiting, b"")
        )
        return part

    def _changed(self, line: bytes) -> bytes:
        values = line.split(b"\t")
        for place, change in enumerate(self._changes):
            if change is not None and values[place] != _NULL:
                plain = _ESCAPE.sub(lambda found: _ESCAPES[found[0]], values[place]).decode()
                values[place] = _SPECIAL.sub(lambda found: _TO_ESCAPE[found[0]], change(plain).encode())
        return b"\t".join(values) + b"\n"
