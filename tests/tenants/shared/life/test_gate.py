"""What each state of a hall lets whom see and do: the tables, and their one interpreter."""

import contextlib

import pytest
from django.conf import settings

from accounts.actor import Actor
from tenants.shared.enums import HallState
from tenants.shared.life import gate, transitions
from tenants.shared.life.transitions import Seen, Work
from tests.isolation.asking import HALL, api_of, pages_of
from tests.template import PERSON_ID

CITIZEN = Actor(person_id=PERSON_ID["lin"], username="lin")
CLERK = Actor(person_id=PERSON_ID["east_window"], may_hold_posts=True, posts=frozenset({"window"}))
NOBODY = Actor()


def test_every_state_has_a_meaning_and_a_way_on():
    assert set(transitions.STATES) == set(HallState)
    assert [state for state in HallState if not transitions.open_from(state)] == [HallState.DELETED]


def test_every_step_leads_somewhere_else_and_has_a_name_of_its_own():
    names = [step.name for step in transitions.TABLE]
    assert len(set(names)) == len(names)
    assert [step.name for step in transitions.TABLE if step.to in step.frm] == []
    ways = [(frm, step.to) for step in transitions.TABLE for frm in step.frm]
    assert len(set(ways)) == len(ways), "a state is reached from another by one step"


def test_every_check_of_a_step_is_declared_and_can_be_loaded():
    from django.utils.module_loading import import_string

    assert {name for step in transitions.TABLE for name in step.checks} <= set(settings.HALL_CHECKS)
    for names in settings.HALL_CHECKS.values():
        for name in names:
            assert callable(import_string(name))


def test_every_route_that_the_tables_name_is_one_of_a_halls():
    known = pages_of(HALL) | api_of(HALL)
    named = {name.rpartition(" ")[2] for names in settings.HALL_ROUTES.values() for name in names}
    assert named - known == set()
    assert known >= settings.HALL_MACHINES


def test_a_route_is_for_one_thing():
    names = [name for names in settings.HALL_ROUTES.values() for name in names]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("state", "actor", "enters"),
    [
        ("preparing", CLERK, True),
        ("preparing", CITIZEN, False),
        ("preparing", NOBODY, False),
        ("rehearsal", CLERK, True),
        ("rehearsal", CITIZEN, False),
        ("open", NOBODY, True),
        ("frozen", NOBODY, True),
        ("closing", NOBODY, True),
        ("archived", NOBODY, True),
        ("deleted", CLERK, False),
        ("asleep", CLERK, False),
    ],
)
def test_who_sees_a_hall(state, actor, enters, settings):
    settings.HALL_INVITED = ()
    if enters:
        gate.may_enter(state, actor, Work.NEW)
    else:
        with pytest.raises(gate.NotEntered):
            gate.may_enter(state, actor, Work.NEW)


def invited_lin(person):
    return person == PERSON_ID["lin"]


def test_the_invited_see_a_rehearsal_and_no_preparation(settings):
    settings.HALL_INVITED = ("tests.tenants.shared.life.test_gate.invited_lin",)
    gate.may_enter("rehearsal", CITIZEN, Work.NEW)
    for state, actor in (("rehearsal", NOBODY), ("preparing", CITIZEN)):
        with pytest.raises(gate.NotEntered):
            gate.may_enter(state, actor, Work.NEW)


def test_the_door_is_open_to_everybody_while_the_hall_stands():
    for state in ("preparing", "rehearsal"):
        gate.may_enter(state, NOBODY, Work.DOOR)
    with pytest.raises(gate.NotEntered):
        gate.may_enter("deleted", NOBODY, Work.DOOR)


WRITES = {
    # state: what a citizen, a clerk, a clerk who may not finish can write
    "open": (set(Work), set(Work), set(Work)),
    "rehearsal": (set(Work), set(Work), set(Work)),
    "frozen": (
        {Work.DOOR, Work.LOOK, Work.RUNNING},
        {Work.DOOR, Work.LOOK, Work.RUNNING, Work.DESK},
        {Work.DOOR, Work.LOOK},
    ),
    "closing": ({Work.DOOR, Work.LOOK, Work.RUNNING}, set(Work), set(Work)),
    "archived": ({Work.DOOR, Work.LOOK},) * 3,
}


def writes(state, actor, *, staff_may_finish=True):
    found = set()
    for work in Work:
        with contextlib.suppress(gate.DoesNotWork):
            gate.may_do(state, actor, work, "POST", staff_may_finish=staff_may_finish)
            found.add(work)
    return found


@pytest.mark.parametrize("state", ["frozen", "closing", "archived"])
def test_a_refusal_says_what_does_not_work_and_what_does(state):
    with pytest.raises(gate.DoesNotWork) as refused:
        gate.may_do(state, CITIZEN, Work.NEW, "POST")
    assert (bool(str(refused.value)), bool(refused.value.works), refused.value.code) == (True, True, state)


@pytest.mark.parametrize("state", WRITES)
def test_what_still_can_be_written(state):
    assert (
        writes(state, CITIZEN),
        writes(state, CLERK),
        writes(state, CLERK, staff_may_finish=False),
    ) == WRITES[state]


@pytest.mark.parametrize("state", WRITES)
def test_reading_works_in_every_state_that_is_seen(state):
    for work in Work:
        for actor in (NOBODY, CITIZEN, CLERK):
            gate.may_do(state, actor, work, "GET", staff_may_finish=False)


def test_a_departments_system_works_as_long_as_the_staff_does():
    name = "api-system-events"
    gate.may_do("frozen", NOBODY, gate.work_of(name, "/api/v1/systems/x/events/", "POST"), "POST", name=name)
    with pytest.raises(gate.DoesNotWork):
        gate.may_do("frozen", NOBODY, Work.DESK, "POST", name=name, staff_may_finish=False)


@pytest.mark.parametrize(
    ("name", "path", "method", "work"),
    [
        ("apply", "/items/1/apply/", "POST", Work.NEW),
        ("track", "/track/", "POST", Work.LOOK),
        ("act", "/clerk/cases/1/accept/", "POST", Work.DESK),
        ("case-correction", "/cases/1/correction/", "POST", Work.RUNNING),
        ("api-draft", "/api/v1/drafts/1/", "DELETE", Work.RUNNING),
        ("api-draft", "/api/v1/drafts/1/", "PUT", Work.NEW),
        ("a-page-of-tomorrow", "/tomorrow/", "POST", Work.NEW),
    ],
)
def test_what_a_route_is_for(name, path, method, work):
    assert gate.work_of(name, path, method) is work


def test_who_sees_what_is_told_apart():
    assert {transitions.standing(state).seen_by for state in HallState} == set(Seen)


def test_whoever_works_here_can_sign_in_to_the_end_whatever_state_the_hall_is_in():
    names = {name for name in pages_of(HALL) if name.startswith(("sign-in", "staff-sign-in"))} | {
        "invitation"
    }
    assert names >= {"staff-sign-in", "sign-in-second", "sign-in-set-up"}
    for name in names:
        assert gate.work_of(name, "/sign-in/", "POST") is Work.DOOR
    for state in ("preparing", "rehearsal", "frozen", "closing", "archived"):
        gate.may_enter(state, NOBODY, Work.DOOR)
        gate.may_do(state, NOBODY, Work.DOOR, "POST", staff_may_finish=False)
