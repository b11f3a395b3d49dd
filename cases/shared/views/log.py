"""The audit log of one schema, and what its chain of seals proves: one pair of pages for the city and for a hall."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import actor_of, city_required
from accounts.actor import Actor
from accounts.capabilities import Can
from audit import queries
from audit import services as audit
from audit.models import Record
from audit.services import sealing
from cases.shared import logged
from cases.shared.forms.log import LogFilter
from tenants.shared import scope
from tenants.shared.http import HostRequest

PAGE_SIZE = 30
# without a choice the list begins so many days back: an audit is kept for years
SHOWN_DAYS = 30


@dataclass(frozen=True)
class Log:
    """Whose log: the names of its pages, what its actions are called, and the way back."""

    list_name: str
    check_name: str
    words: Callable[[str], str]
    home_name: str
    home_label: Any
    # where what a row names is shown; empty for what has no page
    url_of: Callable[[str], str] = lambda object: ""


def log_page(request: HostRequest, log: Log) -> HttpResponse:
    """Show a page of the log in scope, the newest first, each row with its seal. Looking is logged."""
    now, actor = timezone.now(), actor_of(request)
    form, first = _filter(request, timezone.localdate(now))
    found = queries.records(
        kind=form.value_of("kind") or "",
        actor=form.person,
        object=form.value_of("number") or "",
        first=first,
        last=form.last_day,
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    seals = queries.seals_of(row.pk for row in rows)
    _note("read_audit", actor, now=now, detail={"page": page.number, **_asked(form)})
    shown = {
        "log": log,
        "form": form,
        "page": page,
        "rows": [_row(row, log, seals) for row in rows],
        "since": first,
        "check_url": reverse(log.check_name),
        "home_url": reverse(log.home_name),
    }
    return render(request, "cases_shared/log.html", shown)


def _filter(request: HttpRequest, today: date) -> tuple[LogFilter, date | None]:
    kinds, begins = list(logged.KINDS.items()), today - timedelta(days=SHOWN_DAYS)
    asked = LogFilter(request.GET, kinds=kinds)
    first = asked.first_day or (None if asked.last_day or asked.value_of("number") else begins)
    people = queries.people(queries.records(first=first, last=asked.last_day))
    return LogFilter(request.GET, kinds=kinds, people=people), first


def _asked(form: LogFilter) -> dict[str, str]:
    return {name: str(value) for name, value in form.cleaned_data.items() if value and name != "who"}


def _row(row: Record, log: Log, seals: dict[str, queries.Sealed]) -> dict[str, Any]:
    return {
        "record": row,
        "what": log.words(row.action),
        "kind": logged.KINDS[queries.kind_of(row.action)],
        "seal": seals.get(str(row.pk)),
        "url": log.url_of(row.object),
    }


def check_page(request: HostRequest, log: Log) -> HttpResponse:
    """Recompute the seals of some days and say what they prove; of the last thirty, when none are chosen. It is logged."""
    now, actor = timezone.now(), actor_of(request)
    today = timezone.localdate(now)
    form = LogFilter(request.GET, kinds=[], without=("kind", "who", "number"))
    first = form.first_day or today - timedelta(days=SHOWN_DAYS)
    last = form.last_day or today
    entered = scope.current()
    proof = sealing.prove(
        entered.schema if entered else "",
        first=queries.day_begins(first),
        last=queries.day_begins(last + timedelta(days=1)),
        using=DEFAULT_DB_ALIAS,
    )
    detail = {"from": str(first), "to": str(last), "seals": proof.seals, "problems": len(proof.problems)}
    _note("check_chain", actor, now=now, detail=detail)
    shown = {
        "log": log,
        "form": form,
        "proof": proof,
        "first": first,
        "last": last,
        "list_url": reverse(log.list_name),
        "home_url": reverse(log.home_name),
    }
    return render(request, "cases_shared/chain.html", shown)


def _note(action: str, actor: Actor, *, now: Any, detail: dict[str, Any]) -> None:
    audit.record(action, now=now, actor=actor.person_id, actor_name=actor.display_name, detail=detail)


CITY = Log("city-audit", "city-audit-check", logged.words, "city", logged.CITY_HOME)


@city_required(Can.READ_AUDIT)
def city_log(request: HostRequest) -> HttpResponse:
    """Show the city's own log to whoever watches it."""
    return log_page(request, CITY)


@city_required(Can.READ_AUDIT)
def city_check(request: HostRequest) -> HttpResponse:
    """Say what the city's chain of seals proves."""
    return check_page(request, CITY)
