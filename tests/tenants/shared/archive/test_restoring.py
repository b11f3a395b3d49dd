"""A hall comes back as it was written: in its place, or as a copy that nobody mistakes for it."""

import json
import random
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from tenants.shared import migrating, queries, roles, scope, services, template
from tenants.shared.archive import checking, cloning, drills, exporting, keys, restoring, swapping
from tenants.shared.checks import gathering
from tenants.shared.models import Hall, HallRestore, RestoreDrill
from tests.cases.hall import making
from tests.tenants.shared.archive import comparing, killing
from tests.tenants.shared.test_commands import FACTS
from tests.tenants.shared.test_migrating import coming, note  # noqa: F401 -- a fixture


@pytest.fixture
def archive(full, tmp_path):
    """The full hall's archive; afterwards a case more was filed and granted, with its paper."""
    path = tmp_path / "east.hall"
    exporting.export(full, path, keys.city_recipient(), now=timezone.now())
    return path


def now_hall(key="east"):
    queries.forget()
    return Hall.objects.using("owner").get(schema_name=key)


def work_on(hall):
    """File a case after the archive was made, and decide on it; return it and the number of its paper."""
    from cases.hall.models import Event

    with scope.hall(hall):
        case = making.submitted(making.BIRTH, "lin", timezone.now())
        making.act(case, "complete", timezone.now())
        papers = set(
            Event.objects.filter(case=case).exclude(document_no="").values_list("document_no", flat=True)
        )
    return case, papers


def restored(path, way="in_place", key="east", host="", **given):
    plan = restoring.Plan(way, key, host, **given)
    return restoring.restore(path, keys.city_opener(), plan, now=timezone.now())


def findings(key):
    return {one.words for one in list(gathering.findings([key]))}


def test_in_place_it_is_what_it_was_and_says_what_is_lost(archive, full, hall_client, capsys):
    before, public, found = comparing.rows("east"), comparing.facts(full.role), findings("east")
    case, papers = work_on(full)
    untouched = comparing.rows("west")
    call_command("restore_hall", str(archive), "--dry-run")
    told = capsys.readouterr().out
    assert case.number in told.partition("WOULD BE LOST")[2]
    assert all(paper in told for paper in papers)
    assert comparing.rows("east") != before  # a dry run changes nothing
    with pytest.raises(CommandError, match="--yes"):
        call_command("restore_hall", str(archive), "--in-place")

    row = restored(archive)
    assert {**comparing.rows("east"), "cases_hall_serial": 0} == {**before, "cases_hall_serial": 0}
    assert comparing.rows("west") == untouched
    assert findings("east") - found == {
        finding for finding in findings("east") if finding.startswith("documents ")
    }
    assert ["cases_hall_case", case.number] in row.report["lost"]["numbers"]
    assert set(row.report["lost"]["papers"]) == papers
    after = comparing.facts(full.role)
    mirrors = [name for name in after if name.endswith("pointer")]
    assert {name: after[name] for name in mirrors} == {name: public[name] for name in mirrors}
    assert after["catalog_shared_overridefact"][0] == public["catalog_shared_overridefact"][0]
    # what was issued since is still verifiable, and its number is not given again
    assert after["cases_shared_verification"][0] == public["cases_shared_verification"][0] + len(papers)
    hall = now_hall()
    assert hall.generation == 2
    with scope.hall(hall):
        following = making.submitted(making.BIRTH, "lin", timezone.now())
    assert following.number > case.number
    assert hall_client(hall).get("/").status_code == 200
    # who still believes in the former generation is told, and reads anew
    with pytest.raises(scope.WrongHall), scope.hall(full):
        pass
    assert comparing.schemas() == [f"kept_{row.pk}"]
    assert not {one for one in map(str, gathering.findings()) if "belongs to no hall" in one}
    assert swapping.drop_kept(timezone.now() + timedelta(days=8)) == 1
    assert comparing.schemas() == []


def test_a_hall_whose_schema_is_lost_comes_back_and_gives_no_number_twice(archive, full, stored, owner):
    before, files = comparing.rows("east"), comparing.files(full.role)
    case, _papers = work_on(full)
    with owner.cursor() as cursor:
        cursor.execute("DROP SCHEMA east CASCADE")
    for name in files:
        (stored / name).unlink()
    row = restored(archive)
    assert {**comparing.rows("east"), "cases_hall_serial": 0} == {**before, "cases_hall_serial": 0}
    assert comparing.files(full.role).items() >= files.items()
    # the public facts alone still knew these
    assert ["cases_shared_pointer", case.number] in row.report["lost"]["numbers"]
    with scope.hall(now_hall()):
        assert making.submitted(making.BIRTH, "lin", timezone.now()).number > case.number


def test_a_role_that_is_lacking_is_made_again(owner, tmp_path):
    # a hall that no other database of this server has
    hall = services.open_hall(FACTS)
    path = tmp_path / "north.hall"
    exporting.export(hall, path, keys.city_recipient(), now=timezone.now())
    with owner.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA north CASCADE; DROP OWNED BY "{hall.role}"; DROP ROLE "{hall.role}"')
    restored(path, key="north")
    with scope.hall(now_hall("north")):
        pass
    assert findings("north") == set()


def test_a_copy_for_inspection_is_beside_the_hall_and_out_of_every_list(archive, full, hall_client):
    from cases.hall.services import rounds

    public = comparing.facts(full.role)
    restored(archive, "inspection", "look", "look.city.localhost")
    copy = now_hall("look")
    assert (copy.copy_of, copy.state) == ("east", "preparing")
    assert [hall.key for hall in queries.halls()] == ["east", "west"]
    assert "look" not in {hall.key for hall in rounds.working_halls()}
    assert comparing.facts(full.role) == public
    mine = comparing.facts(copy.role)
    assert mine["cases_shared_pointer"][0] == mine["cases_shared_verification"][0] == 0
    assert findings("look") <= findings("east")
    mine, theirs = comparing.files(copy.role), comparing.files(full.role)
    assert sorted(mine.values()) <= sorted(theirs.values())
    assert len(mine) > 15
    page = hall_client(copy).get("/")
    assert "这是用备份恢复的副本" in page.content.decode()
    with pytest.raises(restoring.CannotRestore, match="a hall or a schema already"):
        restored(archive, "inspection", "look", "other.city.localhost")
    with pytest.raises(restoring.CannotRestore, match="a hall's host already"):
        restored(archive, "inspection", "other", "east.city.localhost")
    cloning.remove_copy(copy)
    assert comparing.files(copy.role) == {}
    with pytest.raises(cloning.NoCopy):
        cloning.remove_copy(full)
    assert not {
        one for one in map(str, gathering.findings()) if "look:" in one or "belongs to no hall" in one
    }


def test_an_archive_with_older_tables_is_brought_up_to_date(archive, full, coming):  # noqa: F811
    coming(note())
    call_command("migrate_halls")
    archived = checking.read(archive, keys.city_opener())
    assert archived.is_older
    restored(archive)
    assert migrating.stands("east") == migrating.stands(template.SCHEMA)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*), min(note) FROM east.tenants_hall_department")
        assert cursor.fetchone() == (3, "")


def test_an_archive_with_newer_tables_is_refused(full, coming, tmp_path, monkeypatch):  # noqa: F811
    coming(note())
    call_command("migrate_halls")
    path = tmp_path / "newer.hall"
    exporting.export(full, path, keys.city_recipient(), now=timezone.now())
    known = [one for one in template.on_disk() if one[1] != "9000_coming"]
    monkeypatch.setattr(template, "on_disk", lambda: known)
    with pytest.raises(
        CommandError, match=r"newer than this program \(1 migrations, the first tenants_hall 9000_coming"
    ):
        call_command("restore_hall", str(path), "--dry-run")


def test_shared_rows_that_are_missing_here_are_named(archive, owner, capsys):
    with owner.cursor() as cursor:
        cursor.execute("DELETE FROM public.catalog_shared_bundle")
    with pytest.raises(restoring.CannotRestore, match="catalog_shared_bundle: restaurant"):
        restored(archive)
    call_command("restore_hall", str(archive), "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out)["lacking"] == {"catalog_shared_bundle": ["restaurant"]}
    restored(archive, anyway=True)


@pytest.mark.slow
def test_killed_at_any_step_the_hall_is_the_old_one_or_the_new_one(archive, full, record_property):
    wanted = comparing.rows("east")
    work_on(full)
    steps, whole = killing.run(
        lambda told: restoring.restore(archive, keys.city_opener(), restoring.Plan("in_place", "east", keep_days=0), now=timezone.now(), told=told)
    )  # fmt: skip
    assert whole, steps[-1]
    wanted["cases_hall_serial"] = comparing.rows("east")["cases_hall_serial"]
    walked = killing.chosen(steps)
    moments = random.Random(7).sample(range(1500), 6)
    generation = now_hall().generation
    for given in [{"kill_at": number} for number in walked] + [
        {"after": moment / 1000} for moment in moments
    ]:
        work_on(now_hall())
        old = comparing.rows("east")
        killing.run(
            lambda told: restoring.restore(archive, keys.city_opener(), restoring.Plan("in_place", "east", keep_days=0), now=timezone.now(), told=told),
            **given,
        )  # fmt: skip
        _settled()
        found = comparing.rows("east")
        wanted["cases_hall_serial"] = found["cases_hall_serial"]
        assert found in (old, wanted), given
        hall = now_hall()
        with scope.hall(hall):
            pass
        _again(archive)
        found = comparing.rows("east")
        wanted["cases_hall_serial"] = found["cases_hall_serial"]
        assert found == wanted, given
        assert comparing.schemas() == []
    assert now_hall().generation > generation
    assert findings("east") == findings("east")
    unfinished = HallRestore.objects.using("owner").exclude(state__in=["done", "abandoned"])
    assert list(unfinished) == []
    record_property("restore", f"killed at {len(walked)} of {len(steps)} steps and {len(moments)} moments")


def _settled():
    """Wait until the server has noticed that the killed process's connections are gone."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND (state = 'idle in transaction' OR state = 'active' OR query LIKE '%%advisory%%')"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)


def _again(path):
    restoring.restore(
        path, keys.city_opener(), restoring.Plan("in_place", "east", keep_days=0), now=timezone.now()
    )


@pytest.mark.slow
def test_killed_at_any_step_a_copy_is_there_whole_or_not_at_all(archive, full):
    plan = restoring.Plan("inspection", "look", "look.city.localhost")

    def work(told):
        restoring.restore(archive, keys.city_opener(), plan, now=timezone.now(), told=told)

    steps, whole = killing.run(work)
    assert whole, steps[-1]
    wanted = comparing.rows("look")
    kinds = {step.split()[0]: number for number, step in enumerate(steps)}
    for number in sorted(kinds.values()):
        cloning.remove_copy(now_hall("look"))
        killing.run(work, kill_at=number)
        _settled()
        if (
            not Hall.objects.using("owner").filter(schema_name="look", copy_of="east").exists()
            or HallRestore.objects.using("owner").filter(state="swapped").exists()
        ):
            restoring.restore(archive, keys.city_opener(), plan, now=timezone.now())
        found = comparing.rows("look")
        assert {
            n: d for n, d in found.items() if "file" not in n and "paper" not in n and "export" not in n
        } == {
            n: d for n, d in wanted.items() if "file" not in n and "paper" not in n and "export" not in n
        }, steps[number]
        assert comparing.schemas() == []
    folders = {one.split("/")[0] for role in [full.role] for one in comparing.files(role)}
    assert folders == {full.role}


def test_a_drill_proves_it_and_leaves_nothing(full, owner):
    report = drills.drill(full, now=timezone.now())
    assert (report.has_passed, report.findings) == (True, [])
    assert report.rows > 400
    assert [hall.key for hall in Hall.objects.using("owner").order_by("id")] == ["east", "west"]
    assert comparing.schemas() == []
    assert drills.next_hall().key == "west"
    # a drill that finds something says what
    with owner.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE east.tenants_hall_more (id int); INSERT INTO east.tenants_hall_more VALUES (1)"
        )
    with pytest.raises(Exception, match="no place for"):
        drills.drill(full, now=timezone.now())
    assert RestoreDrill.objects.using("owner").count() == 1


def test_drills_are_asked_for_when_their_time_has_come(full, settings):
    from tenants.shared.models import HallJob

    settings.DRILL_DAYS = 7
    now = timezone.now() + timedelta(days=2)
    drills.ask_when_due(timezone.now())  # a database of today has nothing to prove
    assert HallJob.objects.using("owner").count() == 0
    drills.ask_when_due(now)
    drills.ask_when_due(now + timedelta(days=1))
    assert [job.kind for job in HallJob.objects.using("owner")] == ["drill"]
    settings.DRILL_DAYS = 0
    drills.ask_when_due(now + timedelta(days=30))
    assert HallJob.objects.using("owner").count() == 1


def test_the_operator_makes_what_the_console_asks_for(full, settings):
    from accounts.actor import NOBODY
    from tenants.shared import jobs
    from tenants.shared.archive import history

    for kind in ("export", "drill"):
        job = jobs.at_once(kind, key="east", hall=full, by=NOBODY, now=timezone.now())
        assert job.state == "done", job.error
    with scope.city():
        found = history.of(full)
    assert (settings.ARCHIVES / found.last.name).exists()
    assert found.drill.has_passed
    assert found.age(timezone.now()) == 0
    copied = jobs.at_once(
        "clone",
        key="east",
        hall=full,
        by=NOBODY,
        now=timezone.now(),
        params={"key": "train", "host": "train.city.localhost"},
    )
    assert copied.state == "done", copied.error
    assert now_hall("train").copy_of == "east"
    assert roles.rows("SELECT count(*) FROM train.cases_hall_case")[0][0] == 12
