"""A hall's look comes along: its history stays where it is restored in place, a copy has it as its own, with the pictures."""

from io import BytesIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from tenants.shared import queries, scope
from tenants.shared.archive import cloning, drills, exporting, keys, restoring
from tenants.shared.checks import gathering
from tenants.shared.models import Hall
from tests.conftest import actor
from tests.theming.test_pictures import GOOD, image
from theming import queries as looks
from theming.models import HallTheme, ThemeDraft, ThemeFile
from theming.services import drafts, files, publishing

STAFF = "east_staff"


@pytest.fixture
def dressed(full):
    """East with a logo and a banner in force, and a draft beside."""
    with scope.hall(full):
        logo = files.keep(full, BytesIO(GOOD), shape=files.LOGO, now=timezone.now())
        picture = files.keep(full, BytesIO(image()), shape=files.BANNER, now=timezone.now())
        banner = {"title": "欢迎", "text": "", "picture": picture, "alt": "城门"}
        publish(full, {"logo": logo, "banner": banner})
        prepare(full, {"host": "还没定"})
    queries.forget()
    return full


def prepare(hall, changes):
    seen = publishing.stamp(looks.live(hall), looks.draft(hall))
    drafts.save(hall, changes, seen=seen, by=actor(STAFF), now=timezone.now())


def publish(hall, changes):
    prepare(hall, changes)
    seen = publishing.stamp(looks.live(hall), looks.draft(hall))
    publishing.publish_draft(hall, seen=seen, by=actor(STAFF), reason="换装", now=timezone.now())


def archived(hall, tmp_path):
    path = tmp_path / "east.hall"
    exporting.export(hall, path, keys.city_recipient(), now=timezone.now())
    return path


def restored(path, way="in_place", key="east", host=""):
    restoring.restore(path, keys.city_opener(), restoring.Plan(way, key, host), now=timezone.now())
    queries.forget()
    return Hall.objects.using("owner").get(schema_name=key)


def rows(model, hall):
    return model.objects.using("owner").filter(hall_id=hall.pk)


@pytest.mark.parametrize("way", ["inspection", "training"])
def test_a_copy_looks_as_the_hall_and_all_of_it_is_its_own(dressed, tmp_path, hall_client, way):
    before = list(rows(HallTheme, dressed).values("pk", "number", "parts", "hall_role"))
    copy = restored(archived(dressed, tmp_path), way, "look", "look.city.localhost")
    assert {*rows(HallTheme, copy).values_list("hall_role", flat=True)} == {copy.role}
    assert {*rows(ThemeFile, copy).values_list("hall_role", flat=True)} == {copy.role}
    assert not rows(ThemeDraft, copy).exists()
    theirs, mine = looks.look_of(dressed), looks.look_of(copy)
    assert (mine.logo, mine.banner) == (theirs.logo, theirs.banner)
    # the copy may read and publish its own, as the hall's role sees it
    with scope.hall(copy):
        assert looks.live(copy).parts == before[-1]["parts"]
        assert [files.read(row) is None for row in ThemeFile.objects.all()] == [False, False]
    assert hall_client(copy).get(f"/look/{mine.logo['file']}.svg").status_code == 200
    assert list(rows(HallTheme, dressed).values("pk", "number", "parts", "hall_role")) == before
    cloning.remove_copy(copy)
    assert not HallTheme.objects.using("owner").filter(hall_role=copy.role).exists()
    assert rows(ThemeFile, dressed).count() == 2


def test_in_place_what_was_published_since_stays_and_lost_pictures_come_back(dressed, tmp_path, stored):
    path = archived(dressed, tmp_path)
    with scope.hall(dressed):
        publish(dressed, {"host": "东县政府办公室"})
        prepare(dressed, {"host": "东县人民政府"})
    lost = [row.stored_as for row in rows(ThemeFile, dressed)]
    for name in lost:
        (stored / name).unlink()
    rows(ThemeFile, dressed).first().delete()
    published = list(rows(HallTheme, dressed).values_list("number", "parts").order_by("number"))
    hall = restored(path)
    assert list(rows(HallTheme, hall).values_list("number", "parts").order_by("number")) == published
    assert rows(ThemeDraft, hall).get().parts["host"] == "东县人民政府"
    assert rows(ThemeFile, hall).count() == 2
    assert all((stored / name).exists() for name in lost)
    assert not [one.words for one in gathering.findings(["east"]) if one.words.startswith("look:")]


def test_who_made_a_look_is_invented_in_a_copy_for_practice(dressed):
    rows(HallTheme, dressed).update(person_name="谭管理")
    call_command("clone_hall", "east", "train", "--host", "train.city.localhost")
    names = set(
        HallTheme.objects.using("owner").exclude(hall_id=dressed.pk).values_list("person_name", flat=True)
    )
    assert "谭管理" not in names
    assert len(names) > 0


def test_a_drill_of_a_hall_with_pictures_finds_nothing(dressed):
    report = drills.drill(dressed, now=timezone.now())
    assert report.findings == []
    assert report.has_passed
