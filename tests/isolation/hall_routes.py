"""Every named page of a hall: how it is asked for, and what each asker must get."""

from dataclasses import dataclass, field
from typing import Any

from tests.isolation import (
    bundle_routes,
    enquiry_routes,
    mandate_routes,
    notice_routes,
    people_routes,
    security_routes,
    theme_routes,
)
from tests.isolation.askers import (
    ADMIN,
    APPROVER,
    HALL_ASKERS,
    HEAD,
    NOBODY,
    OTHER,
    OWNER,
    PROXY,
    STAFF,
    WEST_COOKIE,
    WEST_TICKET,
    WEST_TOKEN,
    WINDOW,
)
from tests.template import BIRTH, LICENCE, PASSWORD, REPORT

# what changes nothing of a hall by design, although it is a POST
QUIET = security_routes.QUIET | frozenset(
    {
        "theming:display",
        # one session is shown the draft
        "theme-preview",
        # what the city asks of the operator is no row of the hall
        "city-check-now",
        "city-hall-backup",
        "city-hall-migrate",
        "staff-sign-in",
        "sign-in",
        "sign-out",
        "track",
        "verify",
        "verify-file",
        "draft-files",
        # nothing changed meanwhile; a form is tried out, not kept
        "draft-seen",
        "staff-item-form",
        # the hall is open already; what the city asks changes nothing in any hall
        "staff-rehearsal-begin",
        "onboard",
        "onboard-question",
        "onboard-check",
        "onboard-remove",
        "city-go-live",
        "city-go-live-off",
        "city-item-form",
        # not whole yet; and what a person keeps is no hall's
        "draft-upload-finish",
        "case-file-keep",
        "case-result-keep",
        "materials",
        "material",
        "material-remove",
        "api-materials",
        "api-material",
        # a code is counted where people are known, and a wrong one proves nothing
        "proxy-code",
        "proxy-confirm",
        "mandate-claim",
        "api-mandate-code",
        "api-mandate-confirm",
        "account-password",
        "account-notices",
        "account-mail",
        "account-mail-drop",
        "account-phone-works",
        "api-messages-seen",
        "city-channel",
        "company-add",
        # these change what is the person's, and a hall's only by the worker
        "account-confirm",
        "my-data-export",
        "my-data-erase",
        "my-data-close",
        "api-my-data",
        "api-my-data-code",
        "api-my-data-file",
        "company-leave",
        "company-agents",
        "company-agent-end",
        "staff-companies",
        # who somebody is stands with the accounts, and looking changes nothing
        "window-verify",
        "identity",
        "identity-code",
        "account-phone",
        "account-phone-code",
        "api-token",
        # a dry run, and what a session likes
        "clerk-batch",
        "clerk-habits",
        # these change what is the city's
        "city-phrase",
        "city-phrase-remove",
        "city-sheets",
        "city-sheets-decide",
        "city-sheets-write",
        "city-sheets-publish",
        "city-sheets-drop",
        "city-calendar-new",
        "city-calendar-approve",
        "city-calendar-discard",
        "city-outages",
        "city-outage-end",
        "city-person-new",
        "city-person-role",
        "city-person-suspend",
        "city-person-reopen",
        "city-person-link",
        "first-password",
        # these ask the operator
        "city-hall-step",
        "city-hall-rename",
        "city-hall-delete",
    }
)
GROUPS = {
    "unknown": (NOBODY, WEST_COOKIE, WEST_TOKEN),
    "citizens": (WEST_TICKET, OTHER, OWNER, PROXY),
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
    # whoever holds the link is right, and is sent to sign in afterwards
    by_link: bool = False

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
TRAIL = expects(403, unknown=SIGN_IN, head=200, admin=200)
ADMIN_ONLY = expects(403, unknown=SIGN_IN, admin=200)
OWN_OR_DESK = expects(404, unknown=COME_IN, owner=200, desk=200)
NOT_SO = expects(405)


NO_PAPER = expects(404, unknown=SIGN_IN, citizens=403)
PAPER = {"kind": "accept"}
WORDING = {
    "seen": "1",
    "title": "",
    "body": "您申请的{事项}收下了。",
    "note": "",
    "head": "red",
    "size": "large",
}


def own_post(leads_to):
    """What a form of one's own draft answers."""
    return expects(404, unknown=403, owner=leads_to)


def _shared(world):
    return {"code": LICENCE}


def _local(world):
    return {"code": world.local.code}


def _feedback(world):
    return {"pk": world.feedback.pk}


def _draft(world):
    return {"pk": world.draft.pk}


def _group(world):
    return {"pk": world.group.pk}


def _rule(world):
    return {"pk": world.rule.pk}


def _new_rule(world):
    return {"item_code": BIRTH, "group": world.group.pk}


def _saved(world):
    return {"pk": world.saved.pk}


def _cover(world):
    return {"pk": world.cover.pk}


def _export(world):
    return {"pk": world.export.pk}


def _held(world):
    return {"number": world.decided.number}


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


def _waiting(world):
    return {"number": world.waiting.number}


def _waiting_material(world):
    return {**_waiting(world), "key": "m1"}


def _unsent(world):
    return {**_waiting(world), "file_pk": world.unsent.pk}


def _own_act(name):
    return lambda world: {**_case(world), "name": name}


def _act(name):
    return lambda world: {**_case(world), "name": name}


def _upload(world):
    from tests.cases.hall.making import upload

    return {"upload": upload()}


def _sheet(world):
    return {"pk": world.sheet.pk}


def _sheet_file(world):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return {"upload": SimpleUploadedFile("items.csv", "编码,咨询电话\n".encode())}


def _field(world):
    return {"code": LICENCE, "field": "phone"}


def _review(world):
    return {"pk": world.review.pk}


def _picked(world):
    return {"decision": "accept", "pick": f"{world.review.pk}:{_mark(world)}", "reason": ""}


def _decision(world):
    return {"decision": "keep", "seen": _mark(world), "reason": "照旧"}


def _mark(world):
    """What a page of the review showed: the base that it waits on, the city's value, ours."""
    from catalog.hall.stamps import stamp

    return stamp("0500-0", "", "0500-2")


def _outage(world):
    return {"pk": world.outage.pk}


def _foreign_outage(world):
    from uuid import uuid4

    return {"pk": uuid4()}


def _yesterday():
    from datetime import timedelta

    from django.utils import timezone

    return timezone.localdate() - timedelta(days=1)


OUTAGE = {
    "what": "交不了费",
    "first_day_year": str(_yesterday().year),
    "first_day_month": str(_yesterday().month),
    "first_day_day": str(_yesterday().day),
    "first_time": "8:30",
}


def _picture(world):
    return {**_file(world), "page": 1}


def _no_page(world):
    return {**_file(world), "page": 201}


def _picks(world):
    key = "00000000-0000-4000-8000-000000000002"
    return {"act": "accept", "pick": f"{world.case.number}:{world.case.revision}", "key": key}


def _batch(world):
    return {"pk": world.batch.pk}


def _reason(world):
    return {"pk": world.reason.pk}


REASON = {"place": "step:not_accept", "name": "别处办", "text": "{事项}归别处办"}
MENDED = {
    "value_year": "2020", "value_month": "5", "value_day": "20", "reason": "写反了", "consent": "here",
}  # fmt: skip
SAID = "00000000-0000-4000-8000-000000000001"
FEEDBACK = {"key": SAID, "section": "place", "text": "搬家了，地址不对"}
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
    Route("items-suggest", "GET", PUBLIC, query="q=出生"),
    Route("item", "GET", PUBLIC, _shared),
    Route("item", "GET", MISSING, _local, label="not published"),
    Route("item-book", "GET", PUBLIC, _shared),
    Route("items-az", "GET", PUBLIC),
    Route("departments", "GET", PUBLIC),
    Route("item-pdf", "GET", PUBLIC, _shared),
    Route("item-pdf", "GET", MISSING, _local, label="not published"),
    Route("item-qr", "GET", PUBLIC, _shared),
    Route("item-qr", "GET", MISSING, _local, label="not published"),
    Route("item-feedback", "GET", PUBLIC, _shared),
    Route("item-feedback", "GET", MISSING, _local, label="not published"),
    Route("item-feedback", "POST", expects(f"/feedback/{SAID}/"), _shared, FEEDBACK),
    Route("item-feedback", "POST", expects(422), _shared, {"key": SAID}, label="empty"),
    Route("feedback", "GET", PUBLIC, lambda world: {"key": world.feedback.key}),
    Route("feedback", "GET", MISSING, {"key": SAID}, label="of nobody"),
    Route("bundles", "GET", PUBLIC),
    Route("bundle", "GET", PUBLIC, {"key": "restaurant"}),
    Route("bundle", "GET", MISSING, {"key": "nothing"}, label="of nobody"),
    Route("track", "GET", PUBLIC),
    Route("permits", "GET", PUBLIC),
    Route("permits", "GET", PUBLIC, query="q=许可&state=valid&year=2026", label="narrowed"),
    Route(
        "track",
        "POST",
        PUBLIC,
        data=lambda world: {"number": world.case.number, "code": world.case.query_code},
    ),
)

ADMINS = expects(403, unknown=SIGN_IN, admin=200)
_SYSTEM_FORM = {"key": "tax", "name": "税务系统", "url": "https://example.gov.cn/"}


def _system(world):
    return {"pk": world.system.pk}


def _letter(world):
    return {**_system(world), "letter_pk": world.letter.pk}


def _waiting_step(world):
    return {**_system(world), "step_pk": world.step.pk}


def _mirrored(world):
    return {"number": world.mirrored.number}


SYSTEM_ROUTES = (
    Route("staff-systems", "GET", ADMINS),
    Route("staff-system-new", "GET", ADMINS),
    Route("staff-system-new", "POST", expects(403, admin=200), data=_SYSTEM_FORM),
    Route("staff-system-new", "POST", expects(403, admin=422), data={"key": "market"}, label="taken"),
    Route("staff-system", "GET", ADMINS, _system),
    Route("staff-system-edit", "GET", ADMINS, _system),
    Route("staff-system-edit", "POST", expects(403, admin="/staff/systems/"), _system, _SYSTEM_FORM),
    Route("staff-system-secret", "POST", expects(403, admin=200), _system),
    Route("staff-system-resend", "POST", expects(403, admin="/staff/systems/"), _system),
    Route("staff-system-letter", "POST", expects(403, admin="/staff/systems/"), _letter),
    Route("staff-system-skip", "POST", expects(403, admin="/staff/systems/"), _waiting_step),
    Route("case-systems", "GET", expects(403, unknown=SIGN_IN, desk=200), _mirrored),
)


def _guest(world):
    return {"pk": world.guest.pk}


STAFF_ROUTES = (
    Route("staff-audit", "GET", ADMIN_ONLY),
    Route("staff-audit-check", "GET", ADMIN_ONLY),
    Route("staff-outages", "GET", ADMIN_ONLY),
    Route("staff-outages", "POST", expects(403, admin="/staff/outages/"), data=OUTAGE),
    Route("staff-outages", "POST", expects(403, admin=422), data={"what": ""}, label="empty"),
    Route("staff-outage-end", "POST", expects(403, admin="/staff/outages/"), _outage),
    Route("staff-outage-end", "POST", expects(403, admin=404), _foreign_outage, label="of nobody"),
    Route("staff-people", "GET", ANY_POST),
    *people_routes.routes(Route, expects, SIGN_IN),
    Route("staff-rehearsal", "GET", ADMIN_ONLY),
    Route("staff-rehearsal", "POST", expects(403, admin="/staff/rehearsal/"), data={"account": "zhou"}),
    Route("staff-rehearsal", "POST", expects(403, admin=422), data={"account": "nobody"}, label="of nobody"),
    Route("staff-rehearsal-begin", "POST", expects(403, admin="/staff/rehearsal/")),
    Route("staff-rehearsal-begin", "GET", NOT_SO),
    Route("staff-rehearsal-remove", "POST", expects(403, admin="/staff/rehearsal/"), _guest),
    Route("staff-rehearsal-remove", "GET", NOT_SO, _guest),
    Route("staff-go-live", "GET", ADMIN_ONLY),
    Route("staff-go-live", "POST", expects(403, admin="/staff/go-live/")),
    Route("staff-groups", "GET", ADMIN_ONLY),
    Route("staff-groups", "POST", expects(403, admin="/staff/groups/"), data=_new_rule),
    Route("staff-groups", "POST", expects(403, admin=422), data={}, label="of nothing"),
    Route("staff-group-new", "GET", ADMIN_ONLY),
    Route("staff-group-new", "POST", expects(403, admin="/staff/groups/"), data={"name": "新的组"}),
    Route("staff-group", "GET", ADMIN_ONLY, _group),
    Route("staff-group", "GET", expects(403, unknown=SIGN_IN, admin=404), {"pk": 10**9}, label="of nobody"),
    Route("staff-group", "POST", expects(403, admin="/staff/groups/"), _group, {"name": "改名"}),
    Route("staff-group-retire", "POST", expects(403, admin="/staff/groups/"), _group),
    Route("staff-rule-remove", "POST", expects(403, admin="/staff/groups/"), _rule),
    Route("staff-groups-apply", "POST", expects(403, admin="/staff/groups/?moved=")),
    Route("staff-exports", "GET", ADMIN_ONLY),
    # a company is the city's: a representative that is noted here changes nothing of the hall
    Route("staff-companies", "GET", expects(403, unknown=SIGN_IN, window=200)),
    Route("staff-companies", "POST", expects(403, window=200), data={"uscc": ""}, label="empty"),
    Route("window-verify", "GET", expects(403, unknown=SIGN_IN, window=200)),
    Route("window-verify", "POST", expects(403, window=200), data={"code": ""}, label="empty"),
    Route("window-verify", "POST", expects(403, window=200), data=lambda world: {"code": world.window_code}),
    Route("staff", "GET", ANY_POST),
    Route("staff-policy", "GET", ANY_POST),
    Route("staff-reviews", "GET", ANY_POST),
    Route("staff-reviews", "POST", expects(403, editors="/staff/reviews/?did=accept&n=1"), data=_picked),
    Route("staff-reviews", "POST", EDITORS_POST, data={"decision": "keep"}, label="of nothing"),
    Route("staff-review", "GET", ANY_POST, _review),
    Route(
        "staff-review", "GET", expects(404, unknown=SIGN_IN, citizens=403), {"pk": 999999}, label="of nobody"
    ),
    Route("staff-review", "POST", expects(403, editors="/staff/reviews/?did=keep&n=1"), _review, _decision),
    Route("staff-catalog", "GET", ANY_POST),
    Route("staff-catalog", "POST", EDITORS_POST, data={}, label="of nothing"),
    Route(
        "staff-catalog-department", "GET", expects(403, unknown=SIGN_IN, editors=404), query="department=x"
    ),
    Route(
        "staff-item-hide",
        "POST",
        expects(403, editors=f"/staff/items/{LICENCE}/"),
        _shared,
        {"reason": "归别处办"},
    ),
    Route("staff-item-hide", "GET", EDITORS, _shared),
    Route("staff-item-release", "POST", expects(403, editors="/staff/catalog/"), {"code": BIRTH}),
    Route("staff-item-release", "POST", expects(403, editors=409), _shared, label="of one that was changed"),
    Route("staff-item-release", "GET", NOT_SO, _shared),
    Route("staff-items", "GET", ANY_POST),
    Route("staff-feedback", "GET", ANY_POST),
    Route("staff-feedback-answer", "GET", ANY_POST, _feedback),
    Route(
        "staff-feedback-answer",
        "GET",
        expects(404, unknown=SIGN_IN, citizens=403),
        {"pk": 10**9},
        label="of nobody",
    ),
    Route(
        "staff-feedback-answer",
        "POST",
        expects(403, editors="/staff/feedback/"),
        _feedback,
        {"state": "accepted", "answer": "改好了"},
    ),
    Route(
        "staff-feedback-answer",
        "POST",
        EDITORS_POST,
        _feedback,
        {"state": "accepted"},
        label="without an answer",
    ),
    Route("staff-notices", "GET", ANY_POST),
    Route("staff-notices", "GET", ANY_POST, query="done=1", label="seen to"),
    Route(
        "staff-notice-done",
        "POST",
        expects("/staff/notices/", unknown=403, citizens=403),
        lambda world: {"pk": world.notice.pk},
    ),
    Route("staff-papers", "GET", ANY_POST),
    Route(
        "staff-papers-item",
        "GET",
        expects(403, unknown=SIGN_IN, editors="/staff/papers/accept/?item="),
        query=f"kind=accept&item={LICENCE}",
    ),
    Route(
        "staff-papers-item",
        "GET",
        expects(403, unknown=SIGN_IN, editors=422),
        query="kind=accept&item=nothing",
        label="of nothing",
    ),
    Route("staff-paper", "GET", ANY_POST, PAPER),
    Route("staff-paper", "GET", ANY_POST, PAPER, query=f"item={LICENCE}", label="of one item"),
    Route("staff-paper", "GET", NO_PAPER, {"kind": "nothing"}, label="of no kind"),
    Route("staff-paper", "GET", NO_PAPER, PAPER, query="item=34000000000000", label="of no item"),
    Route("staff-paper", "POST", expects(403, editors="/staff/papers/accept/?saved=1"), PAPER, WORDING),
    Route(
        "staff-paper",
        "POST",
        EDITORS_POST,
        PAPER,
        {**WORDING, "body": "{没有的}"},
        label="with an unknown variable",
    ),
    Route("staff-paper", "POST", expects(403, editors=409), PAPER, {**WORDING, "seen": "9"}, label="unread"),
    Route("staff-paper-sample", "GET", ANY_POST, PAPER),
    # whoever drafted it may not publish it
    Route(
        "staff-paper-publish",
        "POST",
        expects(403, staff=409, admin="/staff/papers/accept/"),
        PAPER,
        {"seen": "1"},
    ),
    Route("staff-paper-publish", "GET", NOT_SO, PAPER),
    Route("staff-paper-discard", "POST", expects(403, editors="/staff/papers/accept/"), PAPER),
    Route("staff-paper-discard", "GET", NOT_SO, PAPER),
    Route("staff-reasons", "GET", ANY_POST),
    Route("staff-reason-new", "GET", EDITORS),
    Route("staff-reason-new", "POST", expects(403, editors="/staff/reasons/?done=saved"), data=REASON),
    Route(
        "staff-reason-new",
        "POST",
        EDITORS_POST,
        data=REASON | {"text": "{没有}"},
        label="with a name that is none",
    ),
    Route("staff-reason", "GET", EDITORS, _reason),
    Route(
        "staff-reason", "GET", expects(403, unknown=SIGN_IN, editors=404), {"pk": 999999}, label="of nobody"
    ),
    Route("staff-reason", "POST", expects(403, editors="/staff/reasons/?done=saved"), _reason, REASON),
    Route("staff-reason-remove", "POST", expects(403, editors="/staff/reasons/?done=removed"), _reason),
    Route("staff-reason-remove", "GET", NOT_SO, _reason),
    Route("staff-search", "GET", ANY_POST),
    Route(
        "staff-search-alias",
        "POST",
        expects(403, editors="/staff/search/"),
        data={"alias": "吃饭的证", "item": LICENCE},
    ),
    Route("staff-search-alias", "POST", EDITORS_POST, data={"alias": "", "item": ""}, label="empty"),
    Route(
        "staff-search-alias-remove",
        "POST",
        expects(403, editors="/staff/search/"),
        lambda world: {"pk": world.alias.pk},
    ),
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
    Route(
        "staff-local-edit",
        "POST",
        expects(403, editors="/staff/items/99"),
        _local,
        {"revision": "1", "version": "0", "notes": "新的", "faq-rows": "0"},
        query="section=words",
    ),
    Route("staff-item-form", "GET", ANY_POST, _local),
    Route("staff-item-form", "GET", ANY_POST, _shared, label="of the city"),
    Route("staff-item-form", "POST", expects(403, desk=422, editors=422), _local, {"form-rows": "1"}),
    Route("staff-local-versions", "GET", ANY_POST, _local),
    Route("staff-local-compare", "GET", ANY_POST, _local, query="a=draft&b=draft"),
    Route("staff-sheets", "GET", EDITORS),
    Route("staff-sheets", "POST", expects(403, editors="/staff/items/import/"), data=_sheet_file),
    Route("staff-sheets-export", "GET", EDITORS),
    Route("staff-sheets-export", "GET", EDITORS, query="as=xlsx", label="as a workbook"),
    Route("staff-sheets-template", "GET", EDITORS),
    Route("staff-sheets-job", "GET", EDITORS, _sheet),
    Route(
        "staff-sheets-decide", "POST", expects(403, editors="/staff/items/import/"), _sheet, {"all": "file"}
    ),
    Route("staff-sheets-write", "POST", expects(403, editors="/staff/items/import/"), _sheet),
    Route("staff-sheets-publish", "POST", expects(403, editors=409), _sheet, label="of what is not imported"),
    Route("staff-sheets-drop", "POST", expects(403, editors="/staff/items/import/"), _sheet),
    # whoever drafted it may not publish it
    Route("staff-local-publish", "POST", expects(403, staff=422, admin="/staff/items/99"), _local),
    Route("staff-local-publish", "GET", NOT_SO, _local),
    Route("staff-local-discard", "POST", expects(403, editors="/staff/items/"), _local),
    Route("staff-local-discard", "GET", NOT_SO, _local),
)

DRAFT_ROUTES = (
    Route("apply", "GET", expects(200, unknown=COME_IN), {"code": BIRTH}),
    Route("apply", "POST", expects(DRAFT_FORM, unknown=403), {"code": BIRTH}),
    Route("draft", "GET", OWN, _draft),
    Route("draft-discard", "POST", own_post("/items/"), _draft),
    Route("draft-discard", "GET", NOT_SO, _draft),
    Route("draft-seen", "POST", own_post(DRAFT_FORM), _draft),
    Route("draft-seen", "GET", NOT_SO, _draft),
    Route("draft-clear", "POST", own_post(DRAFT_FORM), _draft),
    Route("draft-clear", "GET", NOT_SO, _draft),
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


def _draft_file_page(world):
    return {**_draft_file(world), "page": 1}


def _draft_upload(world):
    return {**_draft(world), "upload_pk": world.upload.pk}


def _kept_of_lin(world):
    """What the owner keeps, for the owner's own draft."""
    return {**_draft(world), "key": "m1", "material_pk": world.kept.pk}


def _kept_of_zhou(world):
    return {**_draft(world), "key": "m1", "material_pk": world.kept_by_zhou.pk}


# whoever acts for another may do with files what the other may, and reaches nothing of what the other keeps
UPLOAD_ROUTES = (
    Route("draft-upload-begin", "POST", own_post(201), _material, {"name": "a.jpg", "size": "9"}),
    Route("draft-upload", "GET", OWN, _draft_upload),
    Route("draft-upload-finish", "POST", own_post(409), _draft_upload, label="before it is whole"),
    Route("draft-file-pages", "GET", OWN, _draft_file),
    Route("draft-file-append", "POST", own_post(DRAFT_FORM), _draft_file, _upload),
    Route("draft-file-page", "GET", OWN, _draft_file_page),
    Route("draft-file-change", "POST", own_post(DRAFT_FORM), _draft_file_page, {"act": "turn"}),
    Route("draft-file-use", "POST", own_post(DRAFT_FORM), _kept_of_lin),
    Route("draft-file-use", "POST", expects(404, unknown=403), _kept_of_zhou, label="of another citizen"),
    Route("case-file-keep", "POST", expects(404, unknown=403, owner="/cases/"), _file),
    Route("case-result-keep", "POST", expects(404, unknown=403, owner="/cases/"), _decided),
    Route("case-file-compare", "POST", expects(403, desk="/clerk/cases/"), _file),
)  # fmt: skip


CASE_ROUTES = (
    Route("case", "GET", OWN_OR_DESK, _case),
    Route("case-guide", "GET", OWN_OR_DESK, _case),
    Route("case-receipt", "GET", OWN, _case),
    Route("case-files", "GET", OWN, _case),
    Route("case-file-add", "POST", own_post("/cases/"), _case_material, _upload),
    Route("case-file", "GET", OWN_OR_DESK, _file),
    Route("case-result", "GET", OWN_OR_DESK, _decided),
    Route("case-document", "GET", OWN_OR_DESK, _paper),
    Route("case-clock", "GET", OWN_OR_DESK, _case),
    Route("case-trail", "GET", OWN, _case),
    Route("staff-trail", "GET", TRAIL, _case),
    Route("case-correction", "GET", expects(404, unknown=COME_IN, owner=200), _waiting),
    Route("case-correction", "POST", own_post("/cases/"), _waiting, {"spouse": "王五", "send": "1"}),
    Route("case-correction-send", "POST", own_post("/cases/"), _waiting, {}),
    Route("case-correction-add", "POST", own_post("/cases/"), _waiting_material, _upload),
    Route("case-correction-remove", "POST", own_post("/cases/"), _unsent, {}),
    Route("case-act", "GET", OWN, _own_act("withdraw")),
    Route("case-act", "POST", own_post("/cases/"), _own_act("withdraw"), {}),
    Route("clerk", "GET", DESK),
    Route(
        "clerk-filters", "POST", expects(403, desk="/clerk/?"), data={"name": "急的", "address": "clock=over"}
    ),
    Route(
        "clerk-filters", "POST", expects(403, desk=422), data={"address": "clock=over"}, label="of no name"
    ),
    Route("clerk-filter-remove", "POST", expects(403, desk=404, window="/clerk/"), _saved),
    Route("clerk-columns", "POST", expects(403, desk="/clerk/?"), data={"columns": ["clock"]}),
    Route("clerk-cover", "GET", expects(403, unknown=SIGN_IN, desk=200, admin=200)),
    Route("clerk-cover", "POST", expects(403, desk=422, admin=422), data={}, label="of nothing"),
    Route(
        "clerk-cover-end",
        "POST",
        expects(403, desk=404, window="/clerk/cover/", admin="/clerk/cover/"),
        _cover,
    ),
    Route("clerk-exports", "POST", expects(403, desk="/clerk/?"), data={"address": "queue=new"}),
    Route("export-file", "GET", expects(403, unknown=SIGN_IN, desk=404, window=200, admin=200), _export),
    Route("claim", "POST", expects(403, approver=409, head=409, window="/clerk/cases/"), _case),
    Route("release", "POST", expects(403, desk=409, window="/clerk/"), _held),
    Route("pass-on", "GET", DESK, _case),
    Route("pass-on", "POST", expects(403, desk=422), _case, {"to": "", "reason": ""}, label="of nothing"),
    Route("review", "GET", DESK, _case),
    Route("ask-correction", "GET", DESK, _case),
    Route(
        "ask-correction",
        "POST",
        expects(403, approver=409, head=409, window="/clerk/cases/"),
        _case,
        {"material__m1__verdict": "unclear"},
    ),
    Route("mend", "GET", DESK, _case),
    Route("mend", "GET", DESK, _case, query="field=married_on", label="of one answer"),
    Route(
        "mend",
        "GET",
        expects(404, unknown=SIGN_IN, citizens=403, editors=403),
        _case,
        query="field=spouse",
        label="of a name",
    ),
    Route(
        "mend",
        "POST",
        expects(403, approver=409, head=409, window="/clerk/cases/"),
        _case,
        MENDED,
        query="field=married_on",
    ),
    Route("case-picture", "GET", DESK, _picture),
    Route(
        "case-picture",
        "GET",
        expects(422, unknown=SIGN_IN, citizens=403, editors=403),
        _no_page,
        label="of no page",
    ),
    Route("clerk-habits", "POST", expects(403, desk="/clerk/"), data={"name": "straight_on", "value": "1"}),
    Route("clerk-habits", "GET", NOT_SO),
    Route("clerk-batch", "GET", DESK),
    Route("clerk-batch", "POST", expects(403, desk=200), data=_picks),
    Route("clerk-batch", "POST", expects(403, desk=422), data={"act": "accept"}, label="of nothing"),
    Route("clerk-batch-run", "POST", expects(403, desk="/clerk/batch/"), data=_picks),
    Route(
        "clerk-batch-job", "GET", expects(404, unknown=SIGN_IN, citizens=403, editors=403, window=200), _batch
    ),
    Route("order-correction", "GET", DESK, _case),
    Route(
        "order-correction",
        "POST",
        expects(403, window=409, approver=409, head=409),
        _case,
        {"material__m1__verdict": "unclear", "reason": "来函要核实"},
    ),
    Route("act", "GET", DESK, _act("accept")),
    # at the desk, but the step is another post's: told so, and nothing done
    Route("act", "POST", expects(403, approver=409, head=409, window="/clerk/cases/"), _act("accept"), {}),
    Route("act", "POST", expects(403, desk=404), _act("submit"), {}, label="of the applicant's step"),
)


def _fee(name):
    return lambda world: {"number": getattr(world, name).number}


def _visit(name):
    return lambda world: {"number": getattr(world, name).number}


def _at(world):
    return {"at": f"{world.day}T10:00", "key": "k"}


def _desk_of(**more):
    return lambda world: {"window": world.window.pk, "counter": "2", **more}


def _ticket(name):
    return lambda world: {"pk": world.ticket.pk, "name": name}


def _window(world):
    return {"pk": world.window.pk}


def _appeal(world):
    return {"pk": world.appeal.pk}


WINDOW_FORM = {
    "name": "新窗口",
    "letter": "Z",
    "count": "2",
    "average_minutes": "10",
    "position": "9",
    "is_active": "on",
}
ADMIN_POST = expects(403, admin="/staff/windows/")
CALLING = expects(403, desk="/clerk/queue/")

BOOKING_ROUTES = (
    Route("bookings", "GET", PUBLIC),
    Route(
        "item-book-who", "GET", expects(200, unknown=COME_IN), {"code": REPORT}, query="at=2026-03-04T09:00"
    ),
    Route("item-book-who", "GET", expects("/items/", unknown=COME_IN), {"code": REPORT}, label="of no time"),
    Route("item-book-who", "POST", expects("/bookings/Y", unknown=403), {"code": REPORT}, _at),
    Route("booking", "GET", OWN, _visit("booking")),
    Route("booking-change", "GET", OWN, _visit("booking")),
    Route("booking-change", "POST", own_post("/bookings/Y"), _visit("booking"), _at),
    Route("booking-cancel", "GET", OWN, _visit("booking")),
    Route("booking-cancel", "POST", own_post("/bookings/Y"), _visit("booking")),
    Route("booking-confirm", "POST", own_post("/bookings/Y"), _visit("offered")),
    Route("booking-confirm", "GET", NOT_SO, _visit("offered")),
    Route("booking-appeal", "GET", OWN, _visit("missed")),
    Route("booking-appeal", "POST", own_post("/bookings/Y"), _visit("missed"), {"text": "病了"}),
    Route("check-in", "GET", PUBLIC),
    Route("check-in", "POST", PUBLIC, data=lambda world: {"code": world.arriving.check_code}),
    Route("check-in", "POST", expects(404), data={"code": "ZZZZZZ"}, label="by a wrong code"),
    Route("screen", "GET", PUBLIC),
    Route("queue", "GET", DESK),
    Route("queue-act", "POST", CALLING, {"name": "next"}, _desk_of()),
    Route("queue-act", "POST", CALLING, {"name": "walk_in"}, _desk_of(is_green="1")),
    Route(
        "queue-act",
        "POST",
        CALLING,
        {"name": "arrived"},
        lambda world: _desk_of(number=world.arriving.number)(world),
    ),
    Route("queue-act", "POST", expects(403, desk=404), {"name": "delete"}, _desk_of(), label="of nothing"),
    Route("queue-ticket", "POST", CALLING, _ticket("recall"), {"counter": "1"}),
    Route("queue-ticket", "POST", CALLING, _ticket("absent"), {"counter": "1"}),
    Route("queue-ticket", "POST", CALLING, _ticket("done"), {"counter": "1"}),
    Route("windows", "GET", ANY_POST),
    Route("window-new", "GET", ADMINS),
    Route("window-new", "POST", ADMIN_POST, data=WINDOW_FORM),
    Route("window-new", "POST", expects(403, admin=422), data={"name": "x"}, label="badly"),
    Route("window", "GET", ADMINS, _window),
    Route("window", "GET", expects(403, unknown=SIGN_IN, admin=404), {"pk": 10**9}, label="of nobody"),
    Route("window", "POST", ADMIN_POST, _window, WINDOW_FORM),
    Route("window-hours", "GET", ADMINS),
    Route("window-hours", "POST", ADMIN_POST, data={"hours": "9:00-11:00"}),
    Route("window-close", "GET", ADMINS),
    Route(
        "window-close",
        "POST",
        ADMIN_POST,
        data=lambda world: {"day": world.day, "window": "", "reason": "停电", "sure": "1"},
    ),
    Route(
        "window-close",
        "POST",
        expects(403, admin=422),
        data={"day": "2026-03-04", "window": "", "reason": "停电", "sure": "1"},
        label="of the past",
    ),
    Route("window-reopen", "POST", ADMIN_POST, lambda world: {"pk": world.closure.pk}),
    Route("window-day", "GET", ANY_POST),
    Route("appeals", "GET", ADMINS),
    Route("appeal", "GET", ADMINS, _appeal),
    Route(
        "appeal",
        "POST",
        expects(403, admin="/staff/appeals/"),
        _appeal,
        {"grants": "yes", "answer": "核实了"},
    ),
)

PAYMENT_ROUTES = (
    Route("case-pay", "GET", OWN, _fee("owing")),
    Route("case-pay", "POST", own_post("/cases/"), _fee("owing"), {}),
    Route(
        "case-pay",
        "GET",
        expects(404, unknown=COME_IN, owner=200, proxy=200),
        _fee("owing_for"),
        label="under a mandate",
    ),
    Route("case-pay-ask", "POST", own_post("/cases/"), _fee("paying"), {}),
)

BUNDLE_ROUTES = bundle_routes.routes(Route, expects)
PROXY_ROUTES = mandate_routes.routes(Route, expects)

ENQUIRY_ROUTES = enquiry_routes.routes(Route, expects)

NOTICE_ROUTES = notice_routes.hall_routes(Route, expects)
THEME_ROUTES = theme_routes.hall_routes(Route, expects)

PARTS = {
    "enquiries": ENQUIRY_ROUTES,
    "notices": NOTICE_ROUTES,
    "security": security_routes.hall_routes(Route, expects),
    "bookings": BOOKING_ROUTES,
    "public": PUBLIC_ROUTES,
    "theme": THEME_ROUTES,
    "staff": STAFF_ROUTES,
    "systems": SYSTEM_ROUTES,
    "drafts": DRAFT_ROUTES,
    "uploads": UPLOAD_ROUTES,
    "cases": CASE_ROUTES,
    "proxies": PROXY_ROUTES,
    "payments": PAYMENT_ROUTES,
    "bundles": BUNDLE_ROUTES,
}
ROUTES = [route for part in PARTS.values() for route in part]
_DRAFT_AND_CASE = DRAFT_ROUTES + UPLOAD_ROUTES + CASE_ROUTES + BOOKING_ROUTES + PAYMENT_ROUTES
OF_FILES = [route for route in _DRAFT_AND_CASE if route.kwargs in (_file, _paper, _draft_file)]
OF_FILES += [route for route in ENQUIRY_ROUTES if route.kwargs is enquiry_routes.asked_file]
_WITH_SYSTEMS = _DRAFT_AND_CASE + SYSTEM_ROUTES
_OF_PROXIES = [route for route in PROXY_ROUTES if "staff" not in route.name]
# windows and closed days are counted from one in every hall: their numbers name nothing of another
_COUNTED = {"window", "window-reopen"}
OF_OBJECTS = [
    route
    for route in [*_WITH_SYSTEMS, *_OF_PROXIES, *ENQUIRY_ROUTES]
    if callable(route.kwargs) and route.answers[WINDOW] != 405 and route.name not in _COUNTED
]
