"""Encrypted fields: ciphertext goes to the database, and nothing but null can be asked of it."""

from datetime import date

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.models.expressions import Col
from django.db.models.sql import Query

from accounts.encryption import NotReadable, decrypt
from accounts.fields import EncryptedJSONField, EncryptedTextField


class Sealed(models.Model):
    """A model of no installed app, without a table."""

    text = EncryptedTextField(null=True)
    facts = EncryptedJSONField(default=dict, context="facts")

    class Meta:
        app_label = "nowhere"
        managed = False

    def __str__(self):
        return "sealed"


TEXT, FACTS = Sealed._meta.get_field("text"), Sealed._meta.get_field("facts")


def read(field, stored):
    return field.from_db_value(stored, Col("t", field), connection)


def test_text_goes_in_encrypted_and_comes_out():
    stored = TEXT.get_db_prep_save("张三", connection)

    assert "张" not in stored
    assert decrypt(stored) == "张三"
    assert read(TEXT, stored) == "张三"
    assert read(TEXT, TEXT.get_prep_value("")) == ""


def test_null_stays_null():
    assert TEXT.get_db_prep_save(None, connection) is None
    assert read(TEXT, None) is None


def test_facts_go_in_as_json_under_their_context():
    stored = FACTS.get_prep_value({"姓名": ["张三", None, 1.5], "生日": date(1949, 12, 31)})

    assert read(FACTS, stored) == {"姓名": ["张三", None, 1.5], "生日": "1949-12-31"}
    with pytest.raises(NotReadable):
        read(TEXT, stored)


def test_column_is_text_and_a_migration_can_write_the_field():
    assert TEXT.db_type(connection) == FACTS.db_type(connection) == "text"
    name, path, args, kwargs = FACTS.deconstruct()

    assert (name, path, list(args)) == ("facts", "accounts.fields.EncryptedJSONField", [])
    assert kwargs == {"default": dict, "context": "facts"}
    assert FACTS.clone().context == "facts"


@pytest.mark.parametrize(
    "lookup", ["text", "text__in", "text__contains", "text__gt", "facts__key", "facts", "text__regex"]
)
def test_every_search_is_refused(lookup):
    with pytest.raises(FieldError):
        Query(Sealed).add_q(models.Q(**{lookup: ["张三"] if lookup.endswith("__in") else "张三"}))


def test_null_can_be_looked_for():
    query = Query(Sealed)
    query.add_q(models.Q(text__isnull=True))

    assert "IS NULL" in str(query)
