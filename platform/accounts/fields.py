"""Model fields that are encrypted at rest: the database, its logs and its backups hold ciphertext alone."""

import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.encryption import decrypt, encrypt

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
    _Text = models.TextField[str, str]
else:
    _Field = models.Field
    _Text = models.TextField


class _Encrypted(_Field):
    """Stores text encrypted. Two equal values differ at rest, so nothing but null can be looked for.

    `context` is bound into the ciphertext: give one where a value of another field must not be put in its place.
    """

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        self.context = context
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return the field for a migration; the context is part of what is stored."""
        name, path, args, kwargs = super().deconstruct()
        if self.context:
            kwargs["context"] = self.context
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        """Be a text column."""
        return "TextField"

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse every search but for null: a filter would compare ciphertexts and silently find nothing."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> Any:
        """Refuse every transform."""

    def as_text(self, value: Any) -> str:
        """Return the value as the text to encrypt."""
        return str(value)

    def from_text(self, text: str) -> Any:
        """Return the value of a decrypted text."""
        return text

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt what is written; null stays null."""
        return None if value is None else encrypt(self.as_text(value), self.context)

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Decrypt what was read. Raises NotReadable."""
        return None if value is None else self.from_text(decrypt(value, self.context))


class EncryptedTextField(_Encrypted, _Text):
    """Text, encrypted."""


class EncryptedJSONField(_Encrypted):
    """A value of JSON (with dates as text), encrypted whole."""

    def as_text(self, value: Any) -> str:
        """Return the value as JSON."""
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)

    def from_text(self, text: str) -> Any:
        """Return the value of the JSON."""
        return json.loads(text)
