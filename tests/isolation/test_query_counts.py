"""What each page costs: the statements on `default` (the scope's own string is one) and on `gate`, whatever the number of rows."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cases.hall import making, mandating
from tests.conftest import actor, client_for
from tests.isolation.world import LOCAL_FIELDS, prepare
from tests.template import BIRTH, GUIDE, LICENCE, NOW, PERSON_ID, PORTAL, REPORT

# the test's own transaction makes savepoints of transactions, and takes the role back where a COMMIT would
NOT_COUNTED = ("SAVEPOINT", "RELEASE SAVEPOINT", "SET LOCAL ROLE NONE")

# page: (who, address, statements on default, statements on gate)
HALL = {
    "home": (None, "/", 1, 0),
    "items": (None, "/items/", 3, 0),
    "items found": (None, "/items/?q=登记", 6, 0),
    "items narrowed": (None, "/items/?audience=personal&letter=c&zero=1", 4, 0),
    "items az": (None, "/items/az/", 1, 0),
    "departments": (None, "/departments/", 1, 0),
    "bundles": (None, "/bundles/", 1, 0),
    "bundle": (None, "/bundles/restaurant/", 2, 0),
    "guide to print": (None, f"/items/{LICENCE}/?print=1", 2, 0),
    "guide as pdf": (None, f"/items/{LICENCE}/guide.pdf", 2, 0),
    "guide as qr": (None, f"/items/{LICENCE}/qr.svg", 2, 0),
    "feedback form": (None, f"/items/{LICENCE}/feedback/", 2, 0),
    "feedback": (None, "/feedback/{feedback.key}/", 2, 0),
    "guide": (None, f"/items/{LICENCE}/", 2, 0),
    "booking": (None, f"/items/{LICENCE}/book/", 6, 0),
    "booking of two": (None, f"/items/{BIRTH}/book/?also={GUIDE}&q=环境", 9, 0),
    "bookings": (None, "/bookings/", 1, 0),
    "booking who": ("lin", f"/items/{LICENCE}/book/who/?at=2026-03-04T09:00", 4, 2),
    "own booking": ("lin", "/bookings/{booking.number}/", 5, 1),
    "booking change": ("lin", "/bookings/{booking.number}/change/", 9, 1),
    "check in": (None, "/check-in/", 1, 0),
    "screen": (None, "/screen/", 3, 0),
    "queue": ("east_window", "/clerk/queue/?window={window.pk}&counter=1", 6, 1),
    "windows": ("east_staff", "/staff/windows/", 5, 1),
    "windows of a day": ("east_staff", "/staff/windows/day/", 4, 1),
    "appeals": ("east_admin", "/staff/appeals/", 4, 1),
    "api slots": (None, f"/api/v1/items/{LICENCE}/slots/", 6, 0),
    "api bookings": ("lin", "/api/v1/bookings/", 4, 1),
    "track": (None, "/track/", 1, 0),
    "register": (None, "/register/", 3, 0),
    "staff sign-in": (None, "/sign-in/", 1, 0),
    "apply": ("lin", f"/items/{BIRTH}/apply/", 3, 1),
    "draft": ("lin", "/drafts/{draft.pk}/", 4, 1),
    "draft form": ("lin", "/drafts/{draft.pk}/form/1/", 3, 2),
    "draft files": ("lin", "/drafts/{draft.pk}/files/", 3, 2),
    "draft delivery": ("lin", "/drafts/{draft.pk}/delivery/", 3, 1),
    "draft check": ("lin", "/drafts/{draft.pk}/check/", 3, 2),
    "case": ("lin", "/cases/{case.number}/", 6, 1),
    "case that owes": ("lin", "/cases/{owing.number}/", 8, 1),
    "pay": ("lin", "/cases/{owing.number}/pay/", 4, 1),
    "case decided": ("lin", "/cases/{decided.number}/", 6, 1),
    "receipt": ("lin", "/cases/{case.number}/receipt/", 4, 1),
    "desk": ("east_window", "/clerk/?queue=new", 13, 1),
    "desk all": ("east_head", "/clerk/?queue=all", 13, 1),
    "desk narrowed": ("east_window", "/clerk/?queue=all&q=餐馆&clock=left", 14, 1),
    "cover": ("east_window", "/clerk/cover/", 4, 1),
    "pass on": ("east_window", "/clerk/cases/{case.number}/pass_on/", 5, 1),
    "groups": ("east_admin", "/staff/groups/", 10, 1),
    "group": ("east_admin", "/staff/groups/{group.pk}/", 5, 1),
    "exports": ("east_admin", "/staff/exports/", 5, 1),
    "proxy": ("agent", "/proxy/", 4, 1),
    "proxy person": ("agent", "/proxy/{mandate.pk}/", 4, 1),
    "proxy draft": ("agent", "/drafts/{begun.pk}/", 4, 1),
    "proxy form": ("agent", "/drafts/{begun.pk}/form/1/", 3, 1),
    "proxy case": ("agent", "/cases/{filed_for.number}/", 6, 1),
    "mandates": ("lin", "/mandates/", 3, 1),
    "mandate": ("lin", "/mandates/{mandate.pk}/", 3, 1),
    "staff proxies": ("east_admin", "/staff/proxies/", 4, 1),
    "staff proxy figures": ("east_admin", "/staff/proxies/figures/", 8, 1),
    "api principals": ("agent", "/api/v1/proxy/principals/", 3, 1),
    "review": ("east_window", "/clerk/cases/{case.number}/", 9, 1),
    "review of a held case": ("east_head", "/clerk/cases/{decided.number}/", 10, 1),
    "act": ("east_window", "/clerk/cases/{case.number}/not_accept/", 4, 1),
    "ask correction": ("east_window", "/clerk/cases/{case.number}/request_correction/", 6, 1),
    "review done": (
        "east_window",
        "/clerk/cases/{case.number}/?queue=new&done=accept&next={case.number}",
        13,
        1,
    ),
    "mend": ("east_window", "/clerk/cases/{case.number}/mend/?field=married_on", 3, 1),
    "picture": ("east_window", "/clerk/cases/{case.number}/files/{file.pk}/1/", 5, 1),
    "batches": ("east_window", "/clerk/batch/", 4, 1),
    "batch job": ("east_window", "/clerk/batch/{batch.pk}/", 6, 1),
    "staff reasons": ("east_staff", "/staff/reasons/", 3, 1),
    "staff reason": ("east_staff", "/staff/reasons/{reason.pk}/", 3, 1),
    "trail": ("east_head", "/clerk/cases/{case.number}/trail/", 14, 1),
    "own trail": ("lin", "/cases/{case.number}/trail/", 10, 1),
    "clock": ("lin", "/cases/{case.number}/clock/", 5, 1),
    "staff audit": ("east_admin", "/staff/audit/", 7, 1),
    "staff audit check": ("east_admin", "/staff/audit/check/", 5, 1),
    "staff outages": ("east_admin", "/staff/outages/", 4, 1),
    "staff items": ("east_staff", "/staff/items/", 8, 1),
    "staff item": ("east_staff", f"/staff/items/{LICENCE}/", 6, 1),
    "staff theme": ("east_admin", "/staff/theme/", 4, 2),
    "staff theme colours": ("east_admin", "/staff/theme/colours/", 4, 2),
    "staff theme blocks": ("east_admin", "/staff/theme/blocks/", 4, 2),
    "staff theme reviews": ("east_admin", "/staff/theme/reviews/", 4, 2),
    "staff theme history": ("east_admin", "/staff/theme/history/", 3, 1),
    "staff desk": ("east_staff", "/staff/", 7, 1),
    "staff reviews": ("east_staff", "/staff/reviews/", 6, 1),
    "staff review": ("east_staff", "/staff/reviews/{review.pk}/", 3, 1),
    "staff catalog": ("east_staff", "/staff/catalog/", 4, 1),
    "staff policy": ("east_staff", "/staff/policy/", 2, 1),
    "staff feedback": ("east_staff", "/staff/feedback/", 5, 1),
    "staff feedback answer": ("east_staff", "/staff/feedback/{feedback.pk}/", 3, 1),
    "staff papers": ("east_staff", "/staff/papers/", 4, 1),
    "staff paper": ("east_staff", "/staff/papers/accept/", 4, 1),
    "staff notices": ("east_window", "/staff/notices/", 4, 1),
    "staff people": ("east_staff", "/staff/people/", 5, 1),
    "staff person": ("east_admin", "/staff/people/{post.person}/", 6, 3),
    "staff post": ("east_admin", "/staff/posts/{post.pk}/", 4, 1),
    "staff invitations": ("east_admin", "/staff/invitations/", 4, 1),
    "staff visits": ("east_staff", "/staff/visits/", 3, 1),
    "invitation": (None, "/invitation/{invited.secret}/", 4, 0),
    "security": ("east_admin", "/account/security/", 2, 5),
    "rehearsal": ("east_admin", "/staff/rehearsal/", 3, 1),
    "go live": ("east_admin", "/staff/go-live/", 16, 3),
    "staff systems": ("east_admin", "/staff/systems/", 3, 1),
    "staff system": ("east_admin", "/staff/systems/{system.pk}/?show=all", 6, 1),
    "staff system form": ("east_admin", "/staff/systems/{system.pk}/edit/", 4, 1),
    "case systems": ("east_window", "/clerk/cases/{mirrored.number}/systems/", 5, 1),
    "case at hand": ("lin", "/cases/{at_hand.number}/", 7, 1),
    "staff local item": ("east_staff", "/staff/items/{local.code}/local/", 5, 1),
    "staff new item": ("east_staff", "/staff/items/new/", 3, 1),
    "api items": (None, "/api/v1/items/", 3, 0),
    "api register": (None, "/api/v1/register/", 3, 0),
    "api bundles": (None, "/api/v1/bundles/", 1, 0),
    "api bundle": (None, "/api/v1/bundles/restaurant/", 2, 0),
    "api feedback": ("east_staff", "/api/v1/staff/feedback/", 4, 1),
    "api item": (None, f"/api/v1/items/{LICENCE}/", 2, 0),
    "api case": ("lin", "/api/v1/cases/{case.number}/", 5, 1),
    "api desk": ("east_window", "/api/v1/clerk/cases/?queue=new", 7, 1),
}
PORTAL_PAGES = {
    "home": (None, "/", 1, 0),
    "halls": (None, "/halls/", 1, 0),
    "search": (None, "/search/?q=登记", 6, 0),
    "search narrowed": (None, "/search/?audience=personal&letter=c&zero=1", 4, 0),
    "bundles": (None, "/bundles/", 1, 0),
    "bundle": (None, "/bundles/restaurant/", 2, 0),
    "item": (None, f"/items/{LICENCE}/", 2, 0),
    "sign-in": (None, "/sign-in/", 1, 0),
    "register": (None, "/register/", 1, 0),
    "verify": (None, "/verify/", 1, 0),
    "verified": (None, "/verify/{result.verification_code}/", 2, 1),
    "me": ("lin", "/me/", 11, 3),
    "city": ("city_admin", "/city/", 10, 1),
    "city hall": ("city_admin", "/city/halls/east/", 19, 1),
    "city checks": ("city_admin", "/city/checks/", 5, 1),
    "me bookings": ("lin", "/me/?show=bookings", 4, 1),
    "me running": ("lin", "/me/?show=running", 5, 1),
    "account": ("agent", "/account/", 2, 3),
    "city theme": ("city_admin", "/city/theme/", 5, 1),
    "city theme history": ("city_admin", "/city/theme/history/", 2, 1),
    "account security": ("lin", "/account/security/", 2, 5),
    "onboarding": ("city_admin", "/city/onboard/", 2, 1),
    "go live": ("city_admin", "/city/halls/east/go-live/", 4, 1),
    "city calendar": ("city_admin", "/city/calendar/", 3, 1),
    "city calendar year": ("city_admin", "/city/calendar/2026/", 4, 1),
    "city outages": ("city_admin", "/city/outages/", 3, 1),
    "city people": ("security_admin", "/city/people/?q=east", 1, 3),
    "city person": ("security_admin", f"/city/people/{PERSON_ID['lin']}/", 1, 2),
    "city visits": ("audit_admin", "/city/visits/", 2, 1),
    "city visit ask": ("city_admin", "/city/visits/ask/", 1, 1),
    "city audit": ("city_admin", "/city/audit/", 6, 1),
    "city reviews": ("city_admin", "/city/reviews/", 4, 1),
    "city feedback": ("city_admin", "/city/feedback/", 3, 1),
    "city hall life": ("city_admin", "/city/halls/east/life/", 4, 1),
    "city hall step": ("city_admin", "/city/halls/east/life/freeze/", 2, 1),
    "city hall closing": ("city_admin", "/city/halls/east/closing/", 8, 1),
    "city hall rename": ("city_admin", "/city/halls/east/rename/", 5, 1),
    "city hall delete": ("city_admin", "/city/halls/east/delete/", 6, 1),
    "api bundle": (None, "/api/v1/bundles/restaurant/", 2, 0),
    "api halls": (None, "/api/v1/halls/", 1, 0),
    "api items": (None, "/api/v1/items/?q=登记", 4, 0),
}


@pytest.fixture(params=[1, 3], ids=["1 row", "3 rows"])
def world(request, east, west, monkeypatch):
    """East with so many of everything that a page may list."""

    from cases.hall.services import drafts
    from cases.hall.services.bookings import calling
    from catalog.hall.services import local, overrides
    from tenants.shared import queries as halls
    from tenants.shared import scope
    from tests.cases.hall.booking import making as visits

    # on a busy machine more than five seconds may pass between two askings
    monkeypatch.setattr(halls, "CACHE_SECONDS", 3600.0)
    made = prepare(east)
    with scope.hall(east):
        made.at_hand = making.handed("locker", timezone.now(), locker="东门 12 号柜")
    for number in range(request.param):
        with scope.hall(east):
            _passed_on(NOW + timedelta(minutes=number))
            making.at("granted", LICENCE)
    for number in range(1, request.param):
        later = NOW + timedelta(minutes=number)
        with scope.hall(east):
            making.submitted(LICENCE, "lin", later)
            number_of_one = mandating.id_number(f"34162119400307{number}81")
            who = mandating.facts(f"邻居{number}", number_of_one)
            mandating.filed(
                mandating.in_force(who, "agent", timezone.now()), LICENCE, "agent", timezone.now()
            )
            making.act(making.submitted(BIRTH, "lin", later), "complete", later)
            drafts.add_file(None, material_key="m1", upload=making.upload(), actor=actor("lin"), now=later)
            item = local.draft(
                {**LOCAL_FIELDS, "name": f"本地登记 {number}"},
                by=actor("east_staff", ["branch_staff"]),
                now=later,
            )
            local.publish(item.code, by=actor("east_admin", ["branch_staff"]), now=later)
            overrides.set_value(
                LICENCE,
                ("phone", "address")[number - 1],
                "另定",
                by=actor("east_staff"),
                reason="搬家",
                now=later,
            )
            _said(later)
            _told(made, number)
            calling.walk_in(made.window, is_green=False, by=actor("east_window"), now=timezone.now())
            visits.book(
                "lin", items=((LICENCE, REPORT)[number - 1],), day=made.free_days[0], now=timezone.now()
            )
    return made


def _told(made, number):
    """One more letter and one more waiting step of the department's system."""
    from cases.hall.models import Inbound, Letter

    Letter.objects.create(
        system=made.system, event=made.letter.event, body=made.letter.body, created_at=NOW, next_try_at=NOW
    )
    made.step.pk, made.step.message_id, made.step.sequence = uuid4(), f"more{number}", 10 + number
    made.step.save(force_insert=True)
    assert Inbound.objects.count() > number


def _passed_on(now):
    from catalog.hall.services import feedback

    pk, by = _said(now).pk, actor("east_staff")
    feedback.answer(pk, is_right=True, words="改了", passes_on=True, by=by, now=now)


def _said(now):
    from catalog.hall.queries import effective_item
    from catalog.hall.services import feedback

    said = feedback.Said(uuid4(), "place", "地址不对")
    return feedback.submit(effective_item(LICENCE), said, address="unknown", by=actor("lin"), now=now)


def cost(client, url):
    """What a second asking costs: the process's five-second caches are filled by the first."""
    assert client.get(url).status_code == 200, url
    counted = []
    with (
        CaptureQueriesContext(connections["default"]) as default,
        CaptureQueriesContext(connections["gate"]) as gate,
    ):
        client.get(url)
    for captured in (default, gate):
        counted.append([query["sql"] for query in captured if not query["sql"].startswith(NOT_COUNTED)])
    return counted


def costs(pages, world, client_of):
    found = {}
    for name, (who, address, *_expected) in pages.items():
        default, gate = cost(client_of(who), address.format(**vars(world)))
        found[name] = (who, address, len(default), len(gate))
    return found


def test_a_halls_pages_cost_what_is_written_here(world):
    host = f"east.{PORTAL}"
    staff = {"east_window", "east_head", "east_staff", "east_admin"}

    def client_of(who):
        return client_for(host, who, hall="east", by_ticket=who not in staff)

    assert costs(HALL, world, client_of) == HALL


def test_the_portals_pages_cost_what_is_written_here(request, world):
    # with more rows the line of a parent case is not among the first, and how far its children are is not asked
    is_full = request.node.callspec.params["world"] > 1
    expected = PORTAL_PAGES | ({"me": ("lin", "/me/", 10, 3)} if is_full else {})
    assert costs(PORTAL_PAGES, world, lambda who: client_for(PORTAL, who)) == expected


def test_pages_for_everybody_ask_nothing_of_gate():
    anonymous = {
        name: page for pages in (HALL, PORTAL_PAGES) for name, page in pages.items() if page[0] is None
    }
    # a code is counted by address, so that none is found by trying
    assert {name for name, page in anonymous.items() if page[3]} == {"verified"}
