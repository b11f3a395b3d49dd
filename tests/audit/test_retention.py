"""The one retention register: complete, the page made from it, and swept by it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.utils.module_loading import import_string

from accounts.fields import EncryptedJSONField, EncryptedTextField
from audit import retention
from tests.cases.hall import making
from tests.cases.hall.booking import making as visits
from tests.template import NOW

PAGE = Path(__file__).parents[2] / "docs" / "retention.md"
# keys of UUIDs that name no person
NO_PERSON = {"key", "claim", "case", "booking", "mandate", "request", "id"}
OURS = {"accounts", "audit", "tenants_shared", "tenants_hall", "theming", "catalog_shared", "catalog_hall",
        "cases_shared", "cases_hall"}  # fmt: skip


def is_personal(field):
    """Whether a field may say who somebody is: whose, encrypted, an address, a stored file, a name of staff."""
    if isinstance(field, models.UUIDField):
        return field.name not in NO_PERSON
    if isinstance(field, EncryptedTextField | EncryptedJSONField | models.GenericIPAddressField):
        return True
    to_person = isinstance(field, models.ForeignKey) and field.related_model._meta.label == "accounts.Person"
    return to_person or field.name == "path" or field.name.endswith(("by_name", "person_name", "actor_name"))


def test_every_model_with_personal_data_stands_in_it_once():
    named = [name for rule in retention.register() for name in rule.models]
    assert sorted(named) == sorted(set(named))
    ours = [model for model in apps.get_models() if model._meta.app_label in OURS and model._meta.managed]
    personal = {model._meta.label for model in ours if any(map(is_personal, model._meta.local_fields))}
    assert len(personal) > 40
    assert personal - set(named) == set()
    assert set(named) <= {model._meta.label for model in ours}


def test_the_page_is_what_the_declarations_make(capsys):
    call_command("retention_page")
    assert capsys.readouterr().out == PAGE.read_text(encoding="utf-8"), (
        "write it anew: manage.py retention_page > docs/retention.md"
    )


def test_every_rule_says_everything_and_its_sweep_is_there():
    rules = retention.register()
    assert len({rule.key for rule in rules}) == len(rules)
    for rule in rules:
        assert all(str(text) for text in (rule.what, rule.kept, rule.ground, rule.ending)), rule.key
        assert (rule.days is None) or rule.sweep, f"{rule.key} has a term and nothing that ends it"
        assert not rule.sweep or callable(import_string(rule.sweep))
        assert rule.days is None or rule.key == "draft" or str(rule.days) in str(rule.kept), rule.key


def test_the_public_page_tells_it(portal_client):
    page = portal_client().get("/privacy/").content.decode()
    missing = [rule.key for rule in retention.register() if str(rule.what) not in page]
    assert missing == []
    assert '/privacy/">隐私说明</a>' in page


@pytest.mark.usefixtures("in_east")
class TestAHallsSweep:
    def test_messages_lose_their_words_after_180_days(self):
        from cases.hall.models import Outbox

        making.submitted()
        Outbox.objects.update(delivered_at=NOW)
        retention.sweep(retention.Place.HALL, now=NOW + timedelta(days=180))
        assert Outbox.objects.get().text
        retention.sweep(retention.Place.HALL, now=NOW + timedelta(days=180, seconds=1))
        row = Outbox.objects.get()
        assert (row.text, row.delivered_at) == (None, NOW)

    def test_a_message_that_waits_is_kept_however_old(self):
        from cases.hall.models import Outbox

        making.submitted()
        retention.sweep(retention.Place.HALL, now=NOW + timedelta(days=500))
        assert Outbox.objects.get().text

    def test_visits_lose_their_person_after_120_days_and_the_figures_stay(self):
        from cases.hall.models.booking import Booking

        booking = visits.book()
        Booking.objects.update(state="done")
        booking.items.update(is_open=False)
        before = visits.slot()
        day = visits.at(visits.TOMORROW, 12)
        retention.sweep(retention.Place.HALL, now=day + timedelta(days=120))
        assert Booking.objects.get().visitor
        retention.sweep(retention.Place.HALL, now=day + timedelta(days=121))
        kept = Booking.objects.get()
        assert (kept.visitor, kept.name_masked, kept.check_index, kept.events.count()) == ({}, "", "", 0)
        assert (kept.number, kept.day, visits.slot()) == (booking.number, visits.TOMORROW, before)
        assert retention.sweep(retention.Place.HALL, now=day + timedelta(days=122)) == 0

    def test_files_that_nobody_used_go_after_thirty_days(self, django_capture_on_commit_callbacks):
        from django.core.files.storage import storages

        from cases.hall.models import CaseFile
        from cases.hall.services import drafts
        from tests.conftest import actor

        kept = drafts.add_file(
            None, material_key="m1", upload=making.upload(), actor=actor("lin"), now=NOW + timedelta(days=1)
        )
        old = drafts.add_file(None, material_key="m1", upload=making.upload(), actor=actor("lin"), now=NOW)
        with django_capture_on_commit_callbacks(execute=True):
            retention.sweep(retention.Place.HALL, now=NOW + timedelta(days=30, seconds=1))
        assert list(CaseFile.objects.values_list("pk", flat=True)) == [kept.pk]
        assert [storages["cases"].exists(row.path) for row in (kept, old)] == [True, False]
