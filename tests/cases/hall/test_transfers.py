"""A case goes to the right hall: offered, agreed to, carried by the worker; the date of receipt stays."""

from datetime import date, timedelta

import pytest

from tests.cases.hall.making import LICENCE, NOW, act, actor, submitted
from tests.conftest import _hall

pytestmark = pytest.mark.slow

LATER = NOW + timedelta(days=2)


def inside(key, make):
    from tenants.shared import scope

    with scope.hall(_hall(key)):
        return make()


def own(case, action, now=LATER):
    from cases.hall.services import transition

    return transition.apply(case, action, by=actor("lin"), now=now)


def offered():
    return act(submitted(), "offer_transfer", NOW, reason="住在西县", data={"to_hall": "west"})


def cases_in(key):
    from cases.hall.models import Case

    return inside(key, lambda: list(Case.objects.filed().order_by("number")))


def test_an_agreed_case_arrives_once_with_its_date_its_files_and_a_number_of_its_own(fresh_database):
    from django.core.files.storage import storages

    from cases.hall import checks
    from cases.hall.services import carrying
    from cases.shared.models import Pointer, Transfer
    from tenants.shared import scope

    case = inside("east", offered)
    assert (case.state, case.turn, case.marks) == ("submitted", "applicant", ["transfer_offered"])
    inside("east", lambda: own(case, "agree_transfer"))

    assert carrying.carry(now=LATER) == 1
    assert carrying.carry(now=LATER) == 0

    (old,), (new,) = cases_in("east"), cases_in("west")
    assert (old.state, old.turn, old.marks) == ("transferred", "nobody", [])
    assert (new.state, new.due_on, new.received_at, new.item_code) == (
        "submitted", date(2026, 3, 9), NOW, LICENCE,
    )  # fmt: skip
    assert (new.number[:12], new.answers, new.applicant["name"]) == (
        "349902260302",
        {"spouse": "李四"},
        "林小禾",
    )
    file = inside("west", new.files.get)
    assert file.path.startswith(f"{_hall('west').role}/")
    assert storages["cases"].exists(file.path)
    events = inside("east", lambda: [(e.action, e.data) for e in old.events.order_by("sequence")])
    assert events[-1] == ("transfer", {"hall": "西县网上办事大厅", "new_number": new.number})
    with scope.city():
        assert Transfer.objects.values_list("state", "payload").get() == ("taken", {})
        pointers = dict(Pointer.objects.values_list("number", "state"))
    assert pointers == {old.number: "transferred", new.number: "submitted"}
    for key in ("east", "west"):
        hall = _hall(key)
        for check in (checks.dues_follow_ledger, checks.states_follow_events, checks.files_are_there):
            assert inside(key, lambda check=check, hall=hall: list(check(hall))) == []


def test_a_worker_that_died_half_way_carries_it_once(fresh_database, monkeypatch):
    from cases.hall.services import carrying

    case = inside("east", offered)
    inside("east", lambda: own(case, "agree_transfer"))

    def dies(*given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(carrying, "_out_of", dies)
        with pytest.raises(KeyboardInterrupt):
            carrying.carry(now=LATER)
    assert (cases_in("east")[0].state, len(cases_in("west"))) == ("submitted", 1)

    assert carrying.carry(now=LATER) == 1
    assert (cases_in("east")[0].state, len(cases_in("west"))) == ("transferred", 1)


def test_a_hall_that_does_not_offer_the_item_gives_it_back(fresh_database, monkeypatch):
    from cases.hall.models import Outbox
    from cases.hall.queries import items
    from cases.hall.services import carrying, transition

    case = inside("east", offered)
    inside("east", lambda: own(case, "agree_transfer"))
    with pytest.raises(transition.NotOpen, match="正在转"):
        inside("east", lambda: own(type(case).objects.get(pk=case.pk), "withdraw"))

    with monkeypatch.context() as patched:
        patched.setattr(items, "applicable", lambda code: None)
        assert carrying.carry(now=LATER) == 0

    (old,) = cases_in("east")
    assert (old.state, old.marks, cases_in("west")) == ("submitted", [], [])
    told = inside("east", lambda: [row.text for row in Outbox.objects.order_by("event__sequence")])
    assert told[-1] == "小餐馆许可没有转成，还在原来的大厅办，最晚3月9日答复。"
    assert inside("east", lambda: act(old, "accept", LATER)).state == "accepted"


def test_an_applicant_who_wants_to_stay_stays_and_other_halls_see_nothing(fresh_database):
    from cases.hall.services import carrying
    from cases.shared.models import Transfer

    case = inside("east", offered)
    assert inside("west", Transfer.objects.count) == 0
    inside("east", lambda: own(case, "decline_transfer"))

    assert carrying.carry(now=LATER) == 0
    (old,) = cases_in("east")
    assert (old.state, old.marks, old.turn) == ("submitted", [], "hall")


def test_a_case_goes_to_no_hall_that_is_none(in_east):
    from cases.hall.services.transition import DataNeeded

    for key in ("east", "north", ""):
        with pytest.raises(DataNeeded):
            act(submitted(), "offer_transfer", NOW, reason="理由", data={"to_hall": key})
