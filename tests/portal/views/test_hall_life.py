"""The city's pages of a hall's life: what is offered, what hinders, what was asked."""

import pytest

from tenants.shared import scope
from tenants.shared.models import HallDeletion, HallJob
from tests.cases.hall import making
from tests.template import LICENCE, NOW


@pytest.fixture
def admin(portal_client):
    return portal_client("city_admin")


def asked():
    with scope.city():
        return list(HallJob.objects.order_by("pk"))


def test_the_page_names_the_steps_that_are_possible_from_here(admin):
    page = admin.get("/city/halls/east/life/").content.decode()
    for way in ("freeze", "close"):
        assert f"/city/halls/east/life/{way}/" in page
    for no_way in ("archive", "rehearse", "unarchive"):
        assert f"/city/halls/east/life/{no_way}/" not in page


def test_freezing_asks_why_and_what_the_staff_may_do(admin):
    page = admin.get("/city/halls/east/life/freeze/").content.decode()
    assert "接着办完" in page
    answer = admin.post("/city/halls/east/life/freeze/", {"staff": "no", "reason": "系统升级"})
    (job,) = asked()
    assert answer["Location"] == f"/city/jobs/{job.pk}/"
    assert (job.kind, job.key, job.reason, job.by_name) == ("state", "east", "系统升级", "市管理")
    assert job.params == {"step": "freeze", "staff_may_finish": False}
    again = admin.post("/city/halls/east/life/freeze/", {"staff": "no", "reason": "再来"})
    assert again.status_code == 409
    assert len(asked()) == 1


def test_what_is_left_is_counted_by_kind_with_what_to_do(admin, east):
    with scope.hall(east):
        making.submitted(LICENCE, "lin", NOW)
        making.draft(LICENCE, "zhou", NOW)
    page = admin.get("/city/halls/east/closing/").content.decode()
    assert page.count('<span class="tag warn">1</span>') == 2
    assert "小餐馆许可" in page
    assert "转到别的大厅" in page


def test_an_inspector_looks_and_changes_nothing(portal_client):
    page = portal_client("inspector").get("/city/halls/east/life/").content.decode()
    assert "/city/halls/east/life/freeze/" not in page
    assert (
        portal_client("inspector").post("/city/halls/east/life/freeze/", {"reason": "x"}).status_code == 403
    )


def test_renaming_says_at_the_field_what_is_wrong(admin):
    page = admin.post("/city/halls/east/rename/", {"key": "West", "host": "west.city.localhost"})
    assert page.status_code == 422
    assert "小写" in page.content.decode()
    assert "西县网上办事大厅" in page.content.decode()
    assert asked() == []
    admin.post("/city/halls/east/rename/", {"key": "eastern", "host": "eastern.city.localhost"})
    (job,) = asked()
    assert job.params == {
        "old_key": "east",
        "key": "eastern",
        "old_host": "east.city.localhost",
        "host": "eastern.city.localhost",
    }


def test_a_hall_that_is_open_is_not_offered_for_deletion(admin):
    page = admin.get("/city/halls/east/delete/").content.decode()
    assert "归档以后才能删" in page
    assert 'name="do" value="ask"' not in page
    assert (
        admin.post("/city/halls/east/delete/", {"do": "ask", "reason": "x", "days": "3"}).status_code == 409
    )
    with scope.city():
        assert not HallDeletion.objects.exists()
