"""Every named page of a hall: how it is asked for, and what each asker must get."""

from dataclasses import dataclass, field
from typing import Any

from tests.isolation.askers import (
    ADMIN,
    APPROVER,
    HALL_ASKERS,
    HEAD,
    NOBODY,
    OTHER,
    OWNER,
    STAFF,
    WEST_COOKIE,
    WEST_TICKET,
    WEST_TOKEN,
    WINDOW,
)
from tests.template import BIRTH, LICENCE, PASSWORD

# what changes nothing of a hall by design, although it is a POST
QUIET = frozenset(
    {
        "theming:display",
        "staff-sign-in",
        "sign-in",
        "sign-out",
        "track",
        "verify",
        "draft-files",
        "account-password",
        "company-add",
        "company-leave",
        "api-token",
    }
)
GROUPS = {
    "unknown": (NOBODY, WEST_COOKIE, WEST_TOKEN),
    "citizens": (WEST_TICKET, OTHER, OWNER),
    "desk": (WINDOW, APPROVER, HEAD),
    "editors": (STAFF, ADMIN),
}
COME_IN, SIGN_IN, ENTER = "/come-in/?next=", "/sign-in/?next=", "http://city.localhost/enter/?to=east."


def expects(rest, *, of=HALL_ASKERS, groups=GROUPS, **others):
    """Answers by asker: `rest` for all that are not named by group or by themselves.

    A number is a status; a text is where a redirect must lead to, from its beginning.
    """
    given = dict.fromkeys(of, rest)
    for name, answer in others.items():
        given.update(dict.fromkeys(groups.get(name, (name,)), answer))
    assert set(given) == set(of), f"unknown askers: {set(given) - set(of)}"
    return given


@dataclass(frozen=True)
class Route:
    """One way of asking for a named address. `kwargs` and `data` may be functions of the prepared world."""

    name: str
    method: str
    answers: dict
    kwargs: Any = field(default_factory=dict)
    data: Any = None
    query: str = ""
    label: str = ""
    headers: dict = field(default_factory=dict)
    is_json: bool = False

    @property
    def changes(self):
        """Whether the right person's asking changes the hall's data."""
        return self.method != "GET" and self.name not in QUIET

    def __str__(self):
        return f"{self.method} {self.name}{' ' * bool(self.label)}{self.label}"


PUBLIC = expects(200)
MISSING = expects(404)
ANY_POST = expects(200, unknown=SIGN_IN, citizens=403)
EDITORS = expects(403, unknown=SIGN_IN, editors=200)
EDITORS_POST = expects(403, editors=422)
DESK = expects(403, unknown=SIGN_IN, desk=200)
OWN = expects(404, unknown=COME_IN, owner=200)
OWN_OR_DESK = expects(404, unknown=COME_IN, owner=200, desk=200)
NOT_SO = expects(405)


def own_post(leads_to):
    """What a form of one's own draft answers."""
    return expects(404, unknown=403, owner=leads_to)


def _shared(world):
    return {"code": LICENCE}


def _local(world):
    return {"code": world.local.code}


def _draft(world):
    return {"pk": world.draft.pk}


def _page(world):
    return {**_draft(world), "number": 1}


def _draft_file(world):
    return {**_draft(world), "file_pk": world.draft_file.pk}


def _material(world):
    return {**_draft(world), "key": "m2"}


def _case(world):
    return {"number": world.case.number}


def _case_material(world):
    return {**_case(world), "key": "m2"}


def _file(world):
    return {**_case(world), "file_pk": world.file.pk}


def _decided(world):
    return {"number": world.decided.number}


def _paper(world):
    return {**_decided(world), "event_pk": world.event.pk}


def _act(name):
    return lambda world: {**_case(world), "name": name}


def _upload(world):
    from tests.cases.hall.making import upload

    return {"upload": upload()}


def _field(world):
    return {"code": LICENCE, "field": "phone"}


SENT = {"spouse": "李四", "married_on_year": "2020", "married_on_month": "5", "married_on_day": "20"}
DRAFT_FORM = "/drafts/"

PUBLIC_ROUTES = (
    Route("healthz", "GET", PUBLIC),
    Route("readyz", "GET", PUBLIC),
    Route("theming:stylesheet", "GET", PUBLIC, lambda world: {"digest": world.look}),
    Route("theming:stylesheet", "GET", MISSING, {"digest": "0" * 12}, label="of nobody"),
    Route("theming:display", "POST", expects("/items/"), data={"next": "/items/", "switch": "elder"}),
    Route("staff-sign-in", "GET", PUBLIC),
    Route(
        "staff-sign-in",
        "POST",
        PUBLIC,
        data={"username": "west_window", "password": PASSWORD},
        label="of a clerk of west",
    ),
    Route(
        "staff-sign-in",
        "POST",
        expects("/clerk/"),
        data={"username": "east_window", "password": PASSWORD},
        label="of a clerk of east",
    ),
    Route("sign-out", "POST", expects("/")),
    Route("sign-out", "GET", NOT_SO),
    Route("come-in", "GET", expects("/", unknown=ENTER)),
    Route("arrive", "GET", expects("/", unknown=403), query="ticket=invented"),
    Route("home", "GET", PUBLIC),
    Route("items", "GET", PUBLIC),
    Route("item", "GET", PUBLIC, _shared),
    Route("item", "GET", MISSING, _local, label="not published"),
    Route("item-book", "GET", PUBLIC, _shared),
    Route("track", "GET", PUBLIC),
    Route(
        "track",
        "POST",
        PUBLIC,
        data=lambda world: {"number": world.case.number, "code": world.case.query_code},
    ),
)

STAFF_ROUTES = (
    Route("staff-people", "GET", ANY_POST),
    Route("staff-items", "GET", ANY_POST),
    Route("staff-item", "GET", ANY_POST, _shared),
    Route(
        "staff-item",
        "GET",
        expects(404, unknown=SIGN_IN, citizens=403),
        {"code": "34000000000000"},
        label="of nobody",
    ),
    Route(
        "staff-item-value",
        "POST",
        expects(403, editors="/staff/items/"),
        _field,
        {"value": "0500-1", "reason": "换号"},
    ),
    Route(
        "staff-item-value",
        "POST",
        EDITORS_POST,
        _field,
        {"value": "0500-1", "reason": ""},
        label="without a reason",
    ),
    Route("staff-item-value", "GET", NOT_SO, _field),
    Route("staff-local-new", "GET", EDITORS),
    Route("staff-local-new", "POST", EDITORS_POST, data={"name": ""}, label="empty"),
    Route("staff-local-item", "GET", ANY_POST, _local),
    Route("staff-local-edit", "GET", EDITORS, _local),
    Route("staff-local-edit", "POST", EDITORS_POST, _local, {"name": ""}, label="empty"),
    # whoever drafted it may not publish it
    Route("staff-local-publish", "POST", expects(403, staff=422, admin="/staff/items/99"), _local),
    Route("staff-local-publish", "GET", NOT_SO, _local),
    Route("staff-local-take-back", "POST", EDITORS_POST, _local, label="of a draft"),
)

DRAFT_ROUTES = (
    Route("apply", "GET", expects(200, unknown=COME_IN), {"code": BIRTH}),
    Route("apply", "POST", expects(DRAFT_FORM, unknown=403), {"code": BIRTH}),
    Route("draft", "GET", OWN, _draft),
    Route("draft-discard", "POST", own_post("/items/"), _draft),
    Route("draft-discard", "GET", NOT_SO, _draft),
    Route("draft-form", "GET", OWN, _page),
    Route("draft-form", "POST", own_post(DRAFT_FORM), _page, SENT),
    Route("draft-delivery", "GET", OWN, _draft),
    Route("draft-delivery", "POST", own_post(DRAFT_FORM), _draft, {"method": "window"}),
    Route("draft-files", "GET", OWN, _draft),
    Route("draft-files", "POST", own_post(DRAFT_FORM), _draft),
    Route("draft-file", "GET", OWN, _draft_file),
    Route("draft-file-remove", "POST", own_post(DRAFT_FORM), _draft_file),
    Route("draft-file-add", "POST", own_post(DRAFT_FORM), _material, _upload),
    Route("draft-check", "GET", OWN, _draft),
    Route(
        "draft-check", "POST", own_post("/cases/"), _draft,
        lambda world: {"version": world.draft.item_version, "key": f"draft-{world.draft.pk}", "is_true": "on"},
    ),
)  # fmt: skip

CASE_ROUTES = (
    Route("case", "GET", OWN_OR_DESK, _case),
    Route("case-receipt", "GET", OWN, _case),
    Route("case-files", "GET", OWN, _case),
    Route("case-file-add", "POST", own_post("/cases/"), _case_material, _upload),
    Route("case-file", "GET", OWN_OR_DESK, _file),
    Route("case-result", "GET", OWN_OR_DESK, _decided),
    Route("case-document", "GET", OWN_OR_DESK, _paper),
    Route("clerk", "GET", DESK),
    Route("review", "GET", DESK, _case),
    Route("act", "GET", DESK, _act("accept")),
    # at the desk, but the step is another post's: told so, and nothing done
    Route("act", "POST", expects(403, approver=409, head=409, window="/clerk/cases/"), _act("accept"), {}),
    Route("act", "POST", expects(403, desk=404), _act("submit"), {}, label="of the applicant's step"),
)

PARTS = {"public": PUBLIC_ROUTES, "staff": STAFF_ROUTES, "drafts": DRAFT_ROUTES, "cases": CASE_ROUTES}
ROUTES = [route for part in PARTS.values() for route in part]
_DRAFT_AND_CASE = DRAFT_ROUTES + CASE_ROUTES
OF_FILES = [route for route in _DRAFT_AND_CASE if route.kwargs in (_file, _paper, _draft_file)]
OF_OBJECTS = [route for route in _DRAFT_AND_CASE if callable(route.kwargs) and route.answers[WINDOW] != 405]
