"""A former host name is let go by whoever says so: it leads nowhere then, and may be another hall's."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.actor import NOBODY
from audit.models import Record
from tenants.shared import jobs, naming, scope
from tenants.shared.enums import HallState
from tenants.shared.life import releasing, renaming
from tenants.shared.models import Domain, Hall, HallTransition
from tests.conftest import client_for
from tests.template import PORTAL
from tests.tenants.shared.operating import do, hall_of

OLD, NEW = f"east.{PORTAL}", f"eastern.{PORTAL}"


@pytest.fixture
def renamed(fresh_database, monkeypatch, east):
    """East, which is called eastern now and has its former host."""
    monkeypatch.setattr(renaming, "SETTLE_SECONDS", 0)
    with fresh_database.alias("owner"):
        assert do("rename", east, **renaming.asked(east, OLD, "eastern", "")).state == "done"
        yield hall_of(east.pk)


def test_what_was_let_go_leads_nowhere_and_is_free(renamed, capsys):
    assert client_for(OLD).get("/").status_code == 301
    call_command("release_host", OLD.upper() + ".", "--reason", "两年没有人用")
    assert capsys.readouterr().out == f"{OLD} is no longer a name of eastern\n"

    assert client_for(OLD).get("/").status_code == 404
    assert client_for(NEW).get("/").status_code == 200
    assert naming.host_fault(OLD, portal=PORTAL, using="owner") == ""
    row = HallTransition.objects.using("owner").get(name="release")
    assert (row.before, row.after, row.reason) == (OLD, "", "两年没有人用")
    with scope.hall(renamed):
        assert Record.objects.filter(action="hall.release").count() == 1
    page = client_for(PORTAL, "city_admin").get("/city/halls/eastern/life/").content.decode()
    assert f"放掉了旧网址 {OLD}" in page


def test_a_step_that_was_killed_after_its_transaction_does_nothing_twice(renamed):
    job = do(releasing.KIND, renamed, host=OLD)
    assert releasing.release(job) == ""
    assert HallTransition.objects.using("owner").filter(name="release").count() == 1


def refused(host):
    with pytest.raises(CommandError) as told:
        call_command("release_host", host, "--reason", "试试")
    return str(told.value)


def test_what_is_nobodys_lists_what_could_be_let_go(renamed):
    assert refused("nobody.example") == f"没有大厅用过 nobody.example。可以放掉的网址：{OLD}"


def test_an_address_of_today_stays(renamed):
    assert refused(NEW).startswith(f"{NEW} 是 eastern 现在的网址")
    assert Domain.objects.using("owner").filter(domain=NEW, is_primary=True).exists()


def test_a_deleted_halls_names_stay(renamed):
    Hall.objects.using("owner").filter(pk=renamed.pk).update(state=HallState.DELETED)
    assert "已撤销" in refused(OLD)
    assert Domain.objects.using("owner").filter(domain=OLD).exists()


def test_what_an_unfinished_renaming_may_return_to_stays(renamed):
    params = renaming.asked(renamed, NEW, "east", "")
    job = jobs.ask(
        "rename", key=renamed.key, hall=renamed, params=params, by=NOBODY, now=timezone.now(), using="owner"
    )
    assert f"（{job.pk} 号）还没办完" in refused(OLD)
    assert do(releasing.KIND, renamed, host=OLD).state == "failed"
    assert Domain.objects.using("owner").filter(domain=OLD).exists()
