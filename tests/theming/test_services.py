"""Publishing a look, in a real database: who may, what is kept, what the host then serves."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from audit.models import Record
from tenants.shared import queries as kept
from tenants.shared import scope
from tests.conftest import actor, client_for
from tests.template import PORTAL
from theming import queries, services
from theming.models import HallTheme, ThemeDraft
from theming.services import drafts, publishing, reviews
from theming.services.problems import CannotRead, ChangedMeanwhile, Locked, NothingChanged, ThemeRefused
from theming.tokens import Tokens

BLUE = Tokens(brand="#155a86", dark="#0D4163", soft="#E4F0F8", ink="#135379", accent="#7CC0DE")
PLUM = Tokens(brand="#7D2A5D", dark="#5B1D43", soft="#F8EAF2", ink="#7D2A5D", accent="#E39AB8")
GREEN = {"brand": "#2E5F3C"}


def brands(hall):
    return [row.parts.get("brand") for row in queries.history(hall)]


@pytest.fixture
def admin():
    return actor("east_admin", {"hall_admin"})


@pytest.fixture
def seen_by_halls(monkeypatch):
    """Let halls see what the test's open transaction has of the city's: read before their scope."""

    def keep():
        with scope.city():
            city = queries.city_now()
        monkeypatch.setattr(queries, "city_now", lambda using=None: city)

    return keep


def save(hall, changes, *, by, now, **more):
    current, draft = queries.live(hall), queries.draft(hall)
    return drafts.save(hall, changes, seen=publishing.stamp(current, draft), by=by, now=now, **more)


def publish(hall, *, by, now, reason="换季"):
    seen = publishing.stamp(queries.live(hall), queries.draft(hall))
    return publishing.publish_draft(hall, seen=seen, by=by, reason=reason, now=now)


def test_publish_puts_a_look_in_force_and_keeps_the_older(east, now):
    with scope.city():
        first = services.publish(east, BLUE, now=now)
        services.publish(east, PLUM, now=now + timedelta(hours=1), motif="M1 1h2")

        assert (first.number, first.parts["brand"], first.hall_role) == (1, "#155A86", east.role)
        assert brands(east) == ["#7D2A5D", "#155A86"]


def test_publishing_the_same_again_changes_nothing_and_an_earlier_look_comes_back(east, now):
    with scope.city():
        first = services.publish(east, BLUE, now=now)
        again = services.publish(east, BLUE, now=now + timedelta(hours=1))
        services.publish(east, PLUM, now=now + timedelta(hours=2))
        services.publish(east, BLUE, now=now + timedelta(hours=3))

        assert (again.pk, again.published_at) == (first.pk, now)
        assert brands(east) == ["#155A86", "#7D2A5D", "#155A86"]


def test_what_equals_the_citys_is_inherited(east, now):
    with scope.city():
        services.publish(None, PLUM, now=now, motif="M1 1h2")
        own = services.publish(east, Tokens(**{**PLUM.__dict__, **GREEN}), now=now, motif="M1 1h2")

        assert own.parts == GREEN
        assert own.bases == {"brand": "#7D2A5D"}


def test_an_unreadable_look_is_refused_and_the_old_one_stays(east, now):
    pale = Tokens(**{**BLUE.__dict__, "brand": "#7CC0DE"})
    with scope.city():
        services.publish(east, BLUE, now=now)
        with pytest.raises(ValidationError):
            services.publish(east, pale, now=now)
        with pytest.raises(ValidationError):
            services.publish(east, PLUM, now=now, motif='M1 1"/>')

        assert brands(east) == ["#155A86"]


def test_a_hall_writes_its_own_rows_and_no_other(east, west, now):
    with scope.city():
        services.publish(None, PLUM, now=now)
        services.publish(west, BLUE, now=now)
    with scope.hall(east):
        assert list(HallTheme.objects.all()) == []
        services.publish(east, BLUE, now=now)
        for hall in (west, None):
            with pytest.raises(DatabaseError), transaction.atomic():
                services.publish(hall, PLUM, now=now)
        for change in (lambda rows: rows.update(parts={}), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change(HallTheme.objects.filter(hall=east))
    with scope.portal():
        assert brands(west) == ["#155A86"]


def test_a_draft_changes_nothing_until_it_is_published_with_a_reason(east, now, admin):
    with scope.hall(east):
        save(east, GREEN, by=admin, now=now)
        assert queries.live(east) is None
        with pytest.raises(ThemeRefused, match="为什么"):
            publish(east, by=admin, now=now, reason="  ")
        row = publish(east, by=admin, now=now)

        assert (row.number, row.parts, row.reason, row.person_name) == (1, GREEN, "换季", admin.display_name)
        assert not ThemeDraft.objects.exists()
        said = Record.objects.get(action="theme.publish")
        assert (said.actor, said.detail["parts"], said.detail["reason"]) == (
            admin.person_id,
            ["brand"],
            "换季",
        )
        with pytest.raises(NothingChanged):
            publish(east, by=admin, now=now)


def test_two_editors_are_told_apart(east, now, admin):
    with scope.hall(east):
        seen = publishing.stamp(None, None)
        drafts.save(east, GREEN, seen=seen, by=admin, now=now)
        with pytest.raises(ChangedMeanwhile, match=admin.display_name):
            drafts.save(east, {"brand": "#000000"}, seen=seen, by=admin, now=now)
        with pytest.raises(ChangedMeanwhile):
            publishing.publish_draft(east, seen="0.7", by=admin, reason="x", now=now)
        with pytest.raises(ChangedMeanwhile):
            drafts.discard(east, seen=seen)

        assert queries.draft(east).parts == GREEN


def test_a_draft_may_be_unreadable_and_is_never_published(east, now, admin):
    with scope.hall(east):
        save(east, {"brand": "#7CC0DE"}, by=admin, now=now)
        with pytest.raises(CannotRead, match="白色 在 页头和主按钮"):
            publish(east, by=admin, now=now)
        # also past the draft
        with pytest.raises(CannotRead):
            publishing.put(east, {"soft": "#000000"}, bases={}, locks=(), by=admin, reason="x", now=now)

        assert queries.live(east) is None


def test_saving_what_is_there_or_the_citys_stores_nothing(east, now, admin):
    neutral = queries.CityLook().values
    with scope.hall(east):
        assert save(east, {"brand": neutral["brand"]}, by=admin, now=now) is None
        save(east, GREEN, by=admin, now=now)
        assert save(east, GREEN, by=admin, now=now).revision == 1
        assert save(east, {}, inherit={"brand"}, by=admin, now=now).parts == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"brand": "red;}body{display:none"},
        {"host": "字" * 61},
        {"notices": [{"text": "长" * 201, "where": "home"}]},
        {"icp": "皖ICP备1号"},
        {"police": "公网安备34160002000001号"},
        {"site_code": "12345"},
        {"logo": {"file": "../../etc/passwd", "kind": "png", "width": 1, "height": 1}},
        {"banner": {"title": "a", "script": "b"}},
        {"blocks": [{"key": "nothing"}]},
    ],
)
def test_what_is_no_value_never_comes_into_a_draft(east, now, admin, changes):
    with scope.hall(east):
        with pytest.raises(ValidationError):
            save(east, changes, by=admin, now=now)

        assert queries.draft(east) is None


def test_a_forged_picture_is_not_published(east, now, admin):
    forged = {"file": "0" * 64, "kind": "png", "width": 10, "height": 10}
    with scope.hall(east):
        save(east, {"logo": forged}, by=admin, now=now)
        with pytest.raises(ThemeRefused, match="图片找不到"):
            publish(east, by=admin, now=now)


def test_an_earlier_look_is_brought_back_as_a_new_number(east, now, admin):
    with scope.hall(east):
        save(east, GREEN, by=admin, now=now)
        publish(east, by=admin, now=now)
        save(east, {"brand": "#3C4788"}, by=admin, now=now)
        publish(east, by=admin, now=now)
        with pytest.raises(ChangedMeanwhile):
            publishing.roll_back(east, 1, seen="1", by=admin, reason="x", now=now)
        row = publishing.roll_back(east, 1, seen="2", by=admin, reason="不好看", now=now)

        assert (row.number, row.equals, row.parts) == (3, 1, GREEN)
        assert Record.objects.get(action="theme.roll_back").detail["equals"] == 1
        with pytest.raises(NothingChanged):
            publishing.roll_back(east, 1, seen="3", by=admin, reason="x", now=now)


def test_a_change_of_the_citys_is_a_review_until_the_hall_decides(east, now, admin, seen_by_halls):
    with scope.city():
        services.publish(None, PLUM, now=now)
        services.publish(east, BLUE, now=now)
        services.publish(None, Tokens(**{**PLUM.__dict__, "accent": "#C9A24B", **GREEN}), now=now)
    seen_by_halls()
    with scope.hall(east):
        waiting = queries.reviews_of(queries.live(east), queries.city_now())
        assert [(each.key, each.before, each.now, each.ours) for each in waiting] == [
            ("brand", "#7D2A5D", "#2E5F3C", "#155A86"),
            ("accent", "#E39AB8", "#C9A24B", "#7CC0DE"),
        ]
        brand, accent = waiting
        with pytest.raises(ChangedMeanwhile):
            reviews.decide(east, "brand", "accept", seen="another", by=admin, now=now)
        with pytest.raises(ThemeRefused, match="为什么"):
            reviews.decide(east, "accent", "keep", seen=accent.seen, by=admin, now=now)
        accepted = reviews.decide(east, "brand", "accept", seen=brand.seen, by=admin, now=now)
        decided = reviews.decide(east, "accent", "keep", seen=accent.seen, reason="像水", by=admin, now=now)

        assert "brand" not in accepted.parts
        assert (decided.parts["accent"], decided.bases["accent"]) == ("#7CC0DE", "#C9A24B")
        assert queries.reviews_of(queries.live(east), queries.city_now()) == []
        assert list(Record.objects.order_by("at", "action").values_list("action", flat=True)) == [
            "theme.accept",
            "theme.keep",
        ]


def test_a_part_that_the_city_locks_is_the_citys_at_once(east, now, admin, seen_by_halls):
    boss = actor("city_admin")
    with scope.city():
        services.publish(None, PLUM, now=now)
        services.publish(east, BLUE, now=now)
        save(None, {}, locks=["accent", "notices", "nonsense"], by=boss, now=now)
        assert publish(None, by=boss, now=now).locks == ["accent"]
        look = queries._look(queries.city_now(), queries.live(east))
        assert (look.values["accent"], look.sources["accent"]) == ("#E39AB8", "locked")
        assert look.values["brand"] == "#155A86"
    seen_by_halls()
    with scope.hall(east):
        (review,) = queries.reviews_of(queries.live(east), queries.city_now())
        with pytest.raises(Locked):
            save(east, {"accent": "#000000"}, by=admin, now=now)
        with pytest.raises(Locked):
            reviews.decide(east, "accent", "keep", seen=review.seen, reason="x", by=admin, now=now)
        save(east, {"host": "东县人民政府"}, by=admin, now=now)
        with pytest.raises(ThemeRefused, match="市里锁定了：页头下的线"):
            publish(east, by=admin, now=now)
        reviews.decide(east, "accent", "accept", seen=review.seen, by=admin, now=now)

        assert publish(east, by=admin, now=now).parts["host"] == "东县人民政府"


def test_a_hall_is_ready_when_its_look_can_be_read(east, now, admin):
    with scope.hall(east):
        assert not queries.readiness(east).is_ready
        save(east, GREEN, by=admin, now=now)
        publish(east, by=admin, now=now)
        save(east, {"host": "东县"}, by=admin, now=now)
        found = queries.readiness(east)

        assert (found.is_ready, found.failures, found.has_draft) == (True, [], True)
    with scope.city():
        HallTheme.objects.create(
            hall=east, hall_role=east.role, number=2, parts={"brand": "#FFFFFF"}, published_at=now
        )
        assert {pair.ground for pair in queries.readiness(east).failures} == {"brand"}


def test_a_host_serves_its_own_stylesheet_and_links_to_it(fresh_database, east, west, now):
    with scope.city():
        services.publish(east, BLUE, now=now)
    kept.forget()
    address = f"/theme-{BLUE.digest()}.css"
    its_own = client_for(f"east.{PORTAL}")

    served = its_own.get(address)

    assert (served.status_code, served.content.decode()) == (200, BLUE.css())
    assert f'href="{address}"' in its_own.get("/there-is-no-such-page/").content.decode()
    for host in (f"west.{PORTAL}", PORTAL):
        assert client_for(host).get(address).status_code == 404
    assert its_own.get("/theme-000000000000.css").status_code == 404
    with scope.city():
        services.publish(east, PLUM, now=now)
    # a page that somebody's browser kept still finds its own
    assert its_own.get(address).status_code == 200


def test_pages_cost_no_query_for_their_look_while_it_is_kept(east, django_assert_num_queries):
    with django_assert_num_queries(1, using="gate"):
        queries.look_of(east)
        queries.look_of(None)
        queries.waiting(east)


def test_two_who_begin_at_once_make_one_draft(fresh_database, east, now):
    """Both saw nothing; the database lets one in, and the other is told."""
    from threading import Barrier, Thread

    from django.db import connections

    admin, meet, told = actor("east_admin", {"hall_admin"}), Barrier(2), []

    def begin(brand):
        try:
            with scope.hall(east):
                assert queries.draft(east) is None
                meet.wait(30)
                drafts.save(east, {"brand": brand}, seen="0.0", by=admin, now=now)
                told.append("saved")
        except ChangedMeanwhile:
            told.append("late")
        finally:
            connections.close_all()

    threads = [Thread(target=begin, args=(brand,)) for brand in ("#2E5F3C", "#3C4788")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(told) == ["late", "saved"]
    with scope.hall(east):
        assert ThemeDraft.objects.count() == 1
