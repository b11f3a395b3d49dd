"""Loading: what is missing is added, what people changed stays, again changes nothing."""

import pytest
from django.core.management import CommandError, call_command

from portal.city.loading import load
from portal.city.reading import read_city
from tests.portal.city import small


@pytest.fixture
def folder(tmp_path):
    return small.write(tmp_path)


@pytest.fixture
def city(fresh_database, folder, settings, tmp_path):
    """The small city, read, and a database of its own with the owner at hand."""
    settings.MEDIA_ROOT = tmp_path / "files"
    with fresh_database.alias("owner"):
        from tenants.shared import queries
        from tenants.shared.models import City

        City.objects.using("owner").update(name="")
        queries.forget()
        yield read_city(folder)


def _hall(key):
    from tenants.shared.models import Hall

    return Hall.objects.using("gate").get(schema_name=key)


def test_load_again_changes_nothing_and_keeps_what_people_changed(city, now):
    from cases.hall.models import Case
    from catalog.hall.models import EffectiveItem, Override
    from catalog.shared.models import Offer
    from tenants.hall.models import Post
    from tenants.shared import scope

    report = load(city, now=now)
    north = _hall("north")
    assert report.kinds["大厅"].new == 2
    with scope.hall(north):
        assert Offer.objects.online().filter(hall_id=north.role).count() == city.online("north") == 5
        assert EffectiveItem.objects.get(code="35013100100000").promised_days == 6
        assert sorted(Post.objects.values_list("role", flat=True)) == [
            "approver",
            "branch_staff",
            "hall_admin",
            "head",
            "window",
        ]
        assert sorted(Case.objects.values_list("state", flat=True)) == ["accepted", "draft", "granted"]
        # somebody gives a value back to the city: the next load may not take it again
        Override.objects.filter(field="promised_days").delete()
    with scope.portal():
        assert Offer.objects.filter(hidden=False, hall_id=north.role).count() == 5

    again = load(city, now=now)

    assert {kind: tally.new for kind, tally in again.kinds.items() if tally.new} == {}
    assert again.kinds["分厅改动"].different == 1
    assert list(again.lines())[-1] == "没有新的，什么也没改。"
    with scope.hall(north):
        assert not Override.objects.filter(field="promised_days").exists()
        assert Case.objects.count() == 3


class Killed(Exception):
    """As if the process had died."""


def test_run_that_died_in_a_hall_is_completed_by_the_next(city, now, monkeypatch):
    from catalog.hall.models import Adoption, Override
    from portal.city import examples
    from tenants.hall.models import Office, Post
    from tenants.shared import scope

    def die(city, hall, cast, *, now):
        if hall == "south":
            raise Killed
        return make(city, hall, cast, now=now)

    make = examples.make
    monkeypatch.setattr(examples, "make", die)
    with pytest.raises(Killed):
        load(city, now=now)
    south = _hall("south")
    with scope.hall(south):
        # nothing of the hall that it died in stands half
        assert not any(model.objects.exists() for model in (Adoption, Override, Office, Post))
    monkeypatch.undo()

    again = load(city, now=now)

    assert (again.kinds["大厅"].new, again.kinds["岗位"].new, again.kinds["演示办件"].new) == (0, 5, 0)
    with scope.hall(south):
        assert (Adoption.objects.count(), Override.objects.count(), Office.objects.count()) == (2, 1, 1)


def test_faulty_folder_loads_nothing(folder):
    text = (folder / "items.csv").read_text(encoding="utf-8")
    (folder / "items.csv").write_text(
        text.replace("20,working,10,working", "7,working,10,working"), encoding="utf-8"
    )

    with pytest.raises(CommandError, match=r"items\.csv:3: promised_days: .*\n1 处有错，什么也没有装"):
        call_command("load_city", str(folder))


def test_check_reads_and_loads_nothing(folder, capsys):
    call_command("load_city", str(folder), "--check")

    assert capsys.readouterr().out == "另一市：north 5、south 1\n"


def test_a_hall_that_was_renamed_or_deleted_is_not_opened_anew(city, now, monkeypatch):
    from tenants.shared.life import renaming
    from tenants.shared.models import Hall
    from tests.tenants.shared.operating import do

    load(city, now=now)
    monkeypatch.setattr(renaming, "SETTLE_SECONDS", 0)
    north, south = (_hall(entry["key"]) for entry in city.halls)
    host = renaming.primary_host(north, using="owner")
    assert do("rename", north, **renaming.asked(north, host, "polar", "")).state == "done"
    Hall.objects.using("owner").filter(pk=south.pk).update(state="deleted")
    report = load(city, now=now)
    assert (report.kinds["大厅"].new, report.kinds["外观"].new) == (0, 0)
    assert Hall.objects.using("owner").filter(pk__in=[north.pk, south.pk]).count() == 2
    assert _hall("polar").pk == north.pk
