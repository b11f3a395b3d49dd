"""Old archives go by themselves, and none that somebody still needs."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tenants.shared import scope
from tenants.shared.archive import history, keeping, keys, restoring
from tenants.shared.models import HallArchive, HallJob, HallRestore
from tests.tenants.shared.archive.test_restoring import archive  # noqa: F401 -- a fixture


@pytest.fixture
def kept(settings, city_keys):
    """Two of each hall, and those of ten days."""
    settings.ARCHIVES_KEPT, settings.ARCHIVES_DAYS = 2, 10
    settings.ARCHIVES.mkdir(exist_ok=True)
    return settings.ARCHIVES


def made(hall, days, folder, *, key=""):
    """An archive of so many days ago, with its file."""
    key = key or hall.key
    now = timezone.now()
    row = HallArchive(
        hall=hall, key=key, name=f"{key}-{days}.hall", made_at=now - timedelta(days=days), seconds=1, bytes=1,
        rows=1, files=0, missing=0, digest=f"{key}{days}",
    )  # fmt: skip
    row.save(using="owner")
    (folder / row.name).write_bytes(b"x")
    return row


def left(folder):
    files = {path.name for path in folder.glob("*.hall")}
    assert files == set(
        HallArchive.objects.using("owner").filter(removed_at=None).values_list("name", flat=True)
    )
    return files


def test_the_newest_of_each_hall_and_those_of_some_days_stay(owner, east, west, kept):
    for days in (1, 5, 9, 11, 40):
        made(east, days, kept)
    for days in (30, 50, 60):
        made(west, days, kept)
    # made before it was called east: one hall all the same
    made(east, 70, kept, key="former")
    # of copies that are gone
    for days in (20, 21, 22):
        made(None, days, kept, key="train")
    call_command("operator", "--once")
    assert left(kept) == {
        "east-1.hall", "east-5.hall", "east-9.hall", "west-30.hall", "west-50.hall", "train-20.hall", "train-21.hall",
    }  # fmt: skip
    assert HallArchive.objects.using("owner").count() == 12
    with scope.city():
        assert history.last(east)["name"] == "east-1.hall"


def test_a_file_that_somebody_took_away_is_noted_as_gone(owner, east, kept):
    rows = [made(east, days, kept) for days in (20, 30, 40)]
    (kept / rows[2].name).unlink()
    keeping.remove_old(timezone.now())
    assert left(kept) == {"east-20.hall", "east-30.hall"}


@pytest.mark.parametrize(("state", "stays"), [("done", True), ("running", True), ("undone", False)])
def test_what_a_deletion_names_stays_for_good(owner, east, kept, state, stays):
    for days in (20, 30, 400):
        made(east, days, kept)
    HallJob(
        kind="delete", key="east", hall=east, state=state, asked_at=timezone.now(),
        facts={"export": {"name": "east-400.hall"}},
    ).save(using="owner")  # fmt: skip
    keeping.remove_old(timezone.now())
    assert ("east-400.hall" in left(kept)) is stays


@pytest.mark.parametrize(("state", "stays"), [("swapped", True), ("loading", True), ("done", False)])
def test_what_finishes_a_killed_restore_stays(owner, east, kept, state, stays):
    for days in (20, 30, 40):
        row = made(east, days, kept)
    now = timezone.now()
    HallRestore(
        hall=east, key="east", way="in_place", state=state, from_key="east", digest=row.digest, made_at=now,
        number=east.pk, role=east.role, started_at=now,
    ).save(using="owner")  # fmt: skip
    keeping.remove_old(now)
    assert ("east-40.hall" in left(kept)) is stays


def test_what_is_being_restored_stays_until_then(archive, full, kept):  # noqa: F811
    for days in (20, 30):
        made(full, days, kept)
    row = made(full, 40, kept)
    archive.replace(kept / row.name)
    seen = []

    def meanwhile(step):
        if step in {"checked", "swapped"}:
            keeping.remove_old(timezone.now())
            seen.append((kept / row.name).exists())

    plan = restoring.Plan("in_place", "east")
    restoring.restore(kept / row.name, keys.city_opener(), plan, now=timezone.now(), told=meanwhile)
    assert seen == [True, True]
    keeping.remove_old(timezone.now())
    assert left(kept) == {"east-20.hall", "east-30.hall"}
