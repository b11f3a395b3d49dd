"""What somebody had erased does not come back with a hall that is restored from an older archive."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from cases.hall.models import Case, CaseFile, Mandate
from cases.hall.services import mandates
from cases.hall.services.rights import erasing
from cases.shared.models import DataReceipt
from tenants.shared import queries, scope
from tenants.shared.archive import exporting, keys, restoring
from tenants.shared.models import Hall, HallRestore
from tests.cases.hall import making, mandating
from tests.cases.hall.rights.conftest import asked, in_hall, work
from tests.conftest import actor
from tests.template import PERSON_ID

LIN, ZHOU = PERSON_ID["lin"], PERSON_ID["zhou"]


@pytest.fixture(autouse=True)
def _no_messages(monkeypatch):
    from accounts import sms

    monkeypatch.setattr(sms, "send", lambda *given, **more: None)


def archived(hall, tmp_path):
    path = tmp_path / "east.hall"
    exporting.export(hall, path, keys.city_recipient(), now=timezone.now())
    return path


def restored(path, way="in_place", key="east", host=""):
    restoring.restore(path, keys.city_opener(), restoring.Plan(way, key, host), now=timezone.now())
    queries.forget()
    return Hall.objects.using("owner").get(schema_name=key)


def erased(kind="erase", now=None):
    now = now or timezone.now()
    asked(kind, now=now)
    assert work(now) == 1


def drafts(hall, person=LIN):
    return set(
        in_hall(
            hall,
            lambda: list(Case.objects.of_person(person).filter(state="draft").values_list("pk", flat=True)),
        )
    )


def test_what_was_erased_after_the_archive_is_erased_again(full, tmp_path):
    made, theirs = in_hall(full, making.draft), in_hall(full, making.draft, username="zhou")
    name = in_hall(full, lambda: made.files.get().path)
    path = archived(full, tmp_path)
    erased()
    assert not storages["cases"].exists(name)
    receipts = DataReceipt.objects.using("owner").filter(hall=full).count()

    hall = restored(path)
    assert drafts(hall) == set()
    assert theirs.pk in drafts(hall, ZHOU)
    assert not storages["cases"].exists(name)
    with scope.hall(hall):
        assert not CaseFile.objects.filter(path=name).exists()
        # what was filed stays, as it did then
        assert Case.objects.of_person(LIN).exclude(state="draft").exists()
    assert DataReceipt.objects.using("owner").filter(hall=full).count() == receipts == 1


def test_what_was_begun_between_an_erasure_and_the_archive_stays(full, tmp_path):
    erased(now=timezone.now() - timedelta(hours=1))
    since = in_hall(full, making.draft)
    path = archived(full, tmp_path)
    assert drafts(restored(path)) == {since.pk}


def test_a_closed_account_is_left_again_though_the_restore_was_killed_before(full, tmp_path, monkeypatch):
    in_hall(full, making.draft)
    mandating.number_of("lin", mandating.id_number())
    now = timezone.now()
    terms = mandates.Terms(until=timezone.localdate(now) + timedelta(days=30))
    mandate = in_hall(full, mandates.give, "周远", "13900000001", terms, actor=actor("lin"), now=now)
    path = archived(full, tmp_path)
    erased("close")
    monkeypatch.setattr(erasing, "leave", lambda person, *, now: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restored(path)
    assert HallRestore.objects.using("owner").get().state == "swapped"
    monkeypatch.undo()

    hall = restored(path)
    assert HallRestore.objects.using("owner").get().state == "done"
    assert drafts(hall) == set()
    with scope.hall(hall):
        assert Mandate.objects.get(pk=mandate.pk).ended_at is not None
