"""What base.html needs on every page: names, links, the look in force, the reader's display choice."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import demands
from accounts.capabilities import Can, may
from accounts.places import origin
from accounts.services import passwords
from tenants.shared import declared
from tenants.shared import queries as city_queries
from tenants.shared.enums import HallState
from tenants.shared.life.transitions import standing
from tenants.shared.models import Hall
from theming import preview, queries
from theming.display import COOKIE, classes
from theming.looks import Look

# a citizen in a hall comes in by way of the portal; staff sign in at their hall
SIGN_IN, SIGN_OUT, COME_IN = "/sign-in/", "/sign-out/", "/come-in/"
# before a session ends because nothing is done
WARN_SECONDS = 120


# the posts that work on cases (tenants.hall.enums.PostRole)
DESK = ("window", "approver", "head")
# those that fit items to the hall
EDITORS = ("branch_staff", "hall_admin")
# and the one who dresses it
DRESSER = "hall_admin"


# the pages below these have entries of their own
TOPS = ("/", "/staff/", "/city/")


@dataclass(frozen=True)
class Link:
    """One entry of the navigation; `current` is the page that is open, or one below it."""

    url: str
    label: str
    current: bool = False


def look(request: HttpRequest) -> dict[str, Any]:
    """Return what base.html shows on every page. Costs no query while the five-second caches hold."""
    city = city_queries.city()
    hall: Hall | None = getattr(request, "hall", None)
    theme = look_shown(request)
    is_preview = preview.is_on(request)
    today = timezone.localdate()
    display = classes(request.COOKIES.get(COOKIE, ""))
    portal_url = origin(request, city.portal_domain)
    is_print = request.GET.get("print") == "1"
    return {
        "hall": hall,
        "hall_name": hall.name if hall else city.portal_name,
        "city_name": city.name,
        "service_name": city.service_name,
        "hotline": city.hotline,
        "portal_url": portal_url,
        "theme_url": preview.stylesheet_url(hall, theme)
        if is_preview
        else reverse("theming:stylesheet", args=[theme.hash]),
        "look": theme,
        "motif_paths": theme.paths,
        "home_notices": theme.notices("home", today),
        "preview_url": preview.address(hall) if is_preview else "",
        "display": f"{display} print".strip() if is_print else display,
        "elder": "elder" in display,
        "hc": "hc" in display,
        "print": is_print,
        "nav": navigation(request, hall, portal_url),
        "hall_notice": copy_notice(hall)
        if hall and hall.copy_of
        else hall_notice(getattr(request, "hall_state", "") or (hall.state if hall else "")),
        "notices": [
            *(text for kind in _kinds(request) for notices in declared.functions(kind) for text in notices()),
            *theme.notices("everywhere", today),
        ],
        "city_may": _city_may(request),
        "is_demo": city.is_demo,
        "sign_in_url": f"{COME_IN if hall else SIGN_IN}?{urlencode({'next': request.get_full_path()})}",
        "staff_sign_in_url": SIGN_IN if hall else "",
        "sign_out_url": SIGN_OUT,
        "actor": getattr(request, "actor", None),
        "work": work(request),
    }


def work(request: HttpRequest) -> dict[str, Any]:
    """Return what somebody who works here is told of their session: when it ends, and when their password does. Empty for others."""
    session: Any = getattr(request, "session", None)
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_authenticated or not getattr(session, "is_work", False):
        return {}
    left = int(demands.idle_after().total_seconds())
    return {
        "left": left,
        "warn": min(WARN_SECONDS, left // 2),
        "leave": f"{SIGN_IN}?{urlencode({'next': request.get_full_path(), 'why': 'idle'})}",
        "password_days": passwords.days_left(session.person, now=timezone.now()),
    }


def look_shown(request: HttpRequest) -> Look:
    """Return the look of the request's host: what is in force, or the draft that its editor is looking at. Read once a request."""
    found: Look | None = getattr(request, "look_shown", None)
    if found is None:
        hall: Hall | None = getattr(request, "hall", None)
        draft = queries.prepared(hall) if preview.is_on(request) else None
        # a colleague may have published it meanwhile
        request.theme_preview = draft is not None  # type: ignore[attr-defined]
        found = draft or queries.look_of(hall)
        request.look_shown = found  # type: ignore[attr-defined]
    return found


def _city_may(request: HttpRequest) -> dict[str, bool]:
    """Return what somebody of the city may do, by the name of it: pages show no button that would be refused."""
    role = getattr(getattr(request, "actor", None), "city_role", "")
    return {str(can): may(role, can) for can in Can} if role else {}


def _kinds(request: HttpRequest) -> tuple[str, ...]:
    actor = getattr(request, "actor", None)
    return ("notices", "staff_notices") if actor is not None and actor.is_staff_here else ("notices",)


def navigation(request: HttpRequest, hall: Hall | None, portal_url: str) -> list[Link]:
    """Return the links under the brand bar: a citizen's, or a staff member's inside the staff pages."""
    actor = getattr(request, "actor", None)
    if hall is None:
        entries = [("/", _("办事")), ("/me/", _("我的办件"))]
        if actor is not None and actor.is_authenticated and not actor.city_role:
            entries.append(("/me/messages/", messages_label(actor.person_id)))
        if actor is not None and actor.city_role:
            entries.append(("/city/", _("各大厅")))
            entries += [(url, label) for can, url, label in _city_ways() if may(actor.city_role, can)]
    elif actor is not None and actor.is_staff_here:
        desk = [("/clerk/", _("工作台")), ("/clerk/queue/", _("叫号"))] if actor.holds(*DESK) else []
        waiting = [("/staff/", _("待办"))] if actor.holds(*EDITORS) else []
        told = [("/clerk/enquiries/", _("咨询")), ("/staff/notices/", _("提醒"))]
        entries = [*desk, *waiting, *told, ("/staff/items/", _("事项")), ("/staff/people/", _("人员"))]
        entries.append(("/staff/windows/", _("窗口")))
        if actor.holds(DRESSER):
            entries.append(("/staff/theme/", _("外观")))
    else:
        entries = [("/items/", _("办事")), ("/bookings/", _("预约")), ("/track/", _("查进度"))]
        entries.append((f"{portal_url}/me/", _("我的办件")))
    path = request.path
    around = [url for url, _label in entries if path == url or (url not in TOPS and path.startswith(url))]
    # of two that fit, the page's own: 叫号 lies below 工作台
    current = max(around, key=len, default="")
    return [Link(url, label, url == current) for url, label in entries]


def _city_ways() -> list[tuple[Can, str, str]]:
    return [
        (Can.FIND_PEOPLE, "/city/people/", _("人员")),
        (Can.SEE_VISITS, "/city/visits/", _("应急进入")),
        (Can.READ_AUDIT, "/city/audit/", _("操作记录")),
    ]


def messages_label(person: UUID | None) -> str:
    """Return what leads to a person's messages, with how many they have not seen. One query."""
    unread = sum(count(person) for count in declared.functions("unread_counts"))
    return _("消息（%(n)d）") % {"n": unread} if unread else _("消息")


def copy_notice(hall: Hall) -> str:
    """Return the sentence that stands under the header of a copy of a hall, so that nobody takes it for the hall."""
    if hall.state == HallState.REHEARSAL:
        return _("这是练习用的副本：人和材料都是编的，什么也不会发出去，办的件不算数。")
    return _("这是用备份恢复的副本，只供查看，什么也不会发出去。")


def hall_notice(state: str) -> str:
    """Return the sentence that stands under the header while a hall is not simply open; empty when it is."""
    return str(standing(state).notice) if state else ""
