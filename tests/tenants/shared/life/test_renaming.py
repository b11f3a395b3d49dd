"""Another key, another host, or both, while people work: nothing is lost, and whatever kills it, it ends the same."""

import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from accounts.models import Person, Session, Token
from accounts.services import tokens
from audit.models import Record
from tenants.shared import jobs, queries, scope
from tenants.shared.checks import gathering
from tenants.shared.life import renaming
from tenants.shared.models import Domain, Hall, HallJob, HallTransition
from tests.conftest import client_for
from tests.plugins import database
from tests.template import NOW, PERSON_ID, PORTAL
from tests.tenants.shared.operating import ask, do, environment, hall_of, operator_dies, states

OLD, NEW = f"east.{PORTAL}", f"eastern.{PORTAL}"


@pytest.fixture
def owner(fresh_database, monkeypatch):
    monkeypatch.setattr(renaming, "SETTLE_SECONDS", 0)
    with fresh_database.alias("owner"):
        yield connections["owner"]


def wanted(hall, key="", host=""):
    return renaming.asked(hall, renaming.primary_host(hall, using="owner"), key, host)


def rename(hall, key="", host="", **more):
    return do("rename", hall, **wanted(hall, key, host), **more)


def hosts(hall):
    return dict(Domain.objects.using("owner").filter(tenant=hall).values_list("domain", "is_primary"))


def findings():
    return list(gathering.findings())


def test_a_new_key_takes_schema_host_sessions_and_tokens_along(owner, east):
    clerk = client_for(OLD, "east_window", hall="east")
    token = token_of("east_window", "east")
    job = rename(east, "eastern")
    assert (job.state, job.error) == ("done", "")
    hall = hall_of(east.pk)
    assert (hall.key, hall.role, hall.generation) == ("eastern", east.role, east.generation + 1)
    assert hosts(hall) == {OLD: False, NEW: True}
    assert not Session.objects.filter(hall="east").exists()
    assert Token.objects.get().hall == "eastern"
    # who is at work goes on where they are
    assert clerk.get("/clerk/").status_code == 200
    api = client_for(NEW).get("/api/v1/clerk/cases/", headers={"Authorization": f"Token {token}"})
    assert api.status_code == 200
    with scope.hall(hall):
        assert Record.objects.filter(action="hall.rename").count() == 2
    assert findings() == []


def token_of(username, hall):
    return tokens.issue(Person.objects.get(pk=PERSON_ID[username]), hall=hall, now=timezone.now())[0]


def test_the_former_host_leads_to_the_new_one_page_by_page(owner, east):
    rename(east, "eastern")
    visitor = client_for(OLD)
    answer = visitor.get("/items/?q=登记&page=1")
    assert answer.status_code == 301
    assert answer["Location"].startswith(f"http://{NEW}/items/?q=")
    assert "max-age=60" in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]
    assert client_for(NEW).get("/items/").status_code == 200
    # what a form sends is taken, for a redirect would lose it
    assert visitor.post("/track/", {"number": "", "code": ""}).status_code in {200, 422}
    api = visitor.get("/api/v1/items/")
    assert (api.status_code, api["Location"]) == (301, f"http://{NEW}/api/v1/items/")


def test_a_host_alone_changes_and_nobody_else_gets_the_former_one(owner, east, west):
    job = rename(east, host="www.East.example.")
    assert job.state == "done"
    hall = hall_of(east.pk)
    assert (hall.key, hall.generation) == ("east", east.generation)
    assert hosts(hall) == {OLD: False, "www.east.example": True}
    refused = rename(west, host=OLD)
    assert refused.state == "failed"
    assert OLD in refused.error
    assert hosts(west) == {f"west.{PORTAL}": True}
    # and back again: the former host is the hall's own
    assert rename(hall, host=OLD).state == "done"
    assert hosts(hall) == {OLD: True, "www.east.example": False}


@pytest.mark.parametrize(
    ("key", "host"),
    [
        ("west", ""),
        ("West", ""),
        ("东厅", ""),
        ("public", ""),
        ("x" * 21, ""),
        ("e-ast", ""),
        ("left", ""),
        ("", f"west.{PORTAL}"),
        ("", PORTAL),
        ("", "east"),
        ("", "with space.example"),
        ("east", ""),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_begun(owner, east, key, host):
    with owner.cursor() as cursor:
        cursor.execute("CREATE SCHEMA left_behind")
        cursor.execute('CREATE SCHEMA "left"')
    params = wanted(east, key, host)
    assert renaming.faults(east, params, using="owner")
    with pytest.raises(CommandError):
        call_command("rename_hall", "east", *([key] if key else []), *(["--host", host] if host else []))
    assert do("rename", east, **params).state == "failed"
    assert (hall_of(east.pk).key, hosts(east)) == ("east", {OLD: True})
    assert HallTransition.objects.using("owner").count() == 0


def test_undone_it_is_as_it_was(owner, east, monkeypatch):
    def breaks(job):
        raise jobs.Refused("断电了")

    clerk = client_for(OLD, "east_window", hall="east")
    monkeypatch.setattr(renaming, "SETTLE", jobs.Step("settle", "x", do=breaks))
    job = rename(east, "eastern")
    assert (job.state, hall_of(east.pk).key) == ("failed", "eastern")
    call_command("hall_jobs", "undo", str(job.pk))
    hall = hall_of(east.pk)
    assert (hall.key, hosts(hall)) == ("east", {OLD: True})
    assert hall.generation == east.generation + 2, "a generation is never used twice"
    queries.forget()
    assert clerk.get("/clerk/").status_code == 200
    assert findings() == []
    # and tried anew it goes through
    monkeypatch.undo()
    monkeypatch.setattr(renaming, "SETTLE_SECONDS", 0)
    assert rename(hall, "eastern").state == "done"


KILLS = [
    *(("tenants.shared.jobs._mark", number) for number in range(0, 10, 3)),
    *(("tenants.shared.jobs._attempt", number) for number in range(5)),
    ("tenants.shared.migrating.write_identity", 0),
    ("tenants.shared.life.changing.note", 0),
    ("tenants.shared.life.changing.note", 1),
    ("tenants.shared.life.renaming._restamp", 0),
    ("tenants.shared.life.renaming._restamp", 1),
]


@pytest.mark.parametrize(("at", "after"), KILLS)
def test_killed_anywhere_it_ends_the_same(owner, fresh_database, east, at, after):
    clerk = client_for(OLD, "east_window", hall="east")
    job = ask("rename", east, **wanted(east, "eastern"))
    assert operator_dies(fresh_database, at, after)
    jobs.follow(job)
    assert HallJob.objects.using("owner").get(pk=job.pk).state == "done"
    assert set(states(job).values()) == {"done"}
    hall = hall_of(east.pk)
    assert (hall.key, hall.generation, hosts(hall)) == (
        "eastern",
        east.generation + 1,
        {OLD: False, NEW: True},
    )
    names = HallTransition.objects.using("owner").order_by("pk").values_list("name", flat=True)
    assert list(names) == ["rename", "readdress"]
    assert clerk.get("/clerk/").status_code == 200
    assert findings() == []


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_killed_and_undone_it_is_as_it_was(owner, fresh_database, east, after):
    job = ask("rename", east, **wanted(east, "eastern"))
    assert operator_dies(fresh_database, "tenants.shared.jobs._attempt", after)
    HallJob.objects.using("owner").filter(pk=job.pk).update(state="undoing")
    jobs.follow(job)
    assert HallJob.objects.using("owner").get(pk=job.pk).state == "undone"
    assert (hall_of(east.pk).key, hosts(east)) == ("east", {OLD: True})
    assert findings() == []


def _works(served, errors, stop, host, username, paths):
    """Ask for pages again and again, as somebody at work would; count what comes."""
    try:
        client = client_for(host, username, hall="east" if username else "", by_ticket=username == "lin")
        while not stop.is_set():
            for path in paths:
                answer = client.get(path)
                served[answer.status_code] += 1
                if answer.status_code >= 400 or "in/" in answer.headers.get("Location", ""):
                    errors.append((username, path, answer.status_code, answer.headers.get("Location")))
    except Exception as problem:
        errors.append((username, repr(problem)))
    finally:
        connections.close_all()


def test_people_at_work_notice_nothing(owner, fresh_database, east):
    """Four threads with a cache of their own, and the renaming in another process: no error, nobody is signed out."""
    with scope.hall(east):
        from tests.cases.hall import making

        number = making.submitted(making.LICENCE, "lin", NOW).number
    served, errors, stop = Counter(), [], threading.Event()
    jobs_of = [
        (None, ["/", "/items/"]),
        ("lin", [f"/cases/{number}/", "/bookings/"]),
        ("east_window", ["/clerk/?queue=all", f"/clerk/cases/{number}/"]),
        ("east_staff", ["/staff/items/", "/staff/windows/"]),
    ]
    threads = [
        threading.Thread(target=_works, args=(served, errors, stop, OLD, username, paths))
        for username, paths in jobs_of
    ]
    for thread in threads:
        thread.start()
    for _ in range(600):
        if (before := sum(served.values())) >= 20:
            break
        time.sleep(0.1)
    done = subprocess.run(
        [sys.executable, "manage.py", "rename_hall", "east", "eastern"],
        env=environment(fresh_database),
        cwd=database.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    stop.set()
    for thread in threads:
        thread.join(60)
    connection.close()
    assert done.returncode == 0, done.stdout + done.stderr
    assert errors == []
    assert served[301] > 0, "whoever had not signed in was led to the new address"
    assert sum(served.values()) > before >= 20
    assert Hall.objects.using("gate").get(pk=east.pk).key == "eastern"
