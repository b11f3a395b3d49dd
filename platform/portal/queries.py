"""Reads of what the halls publish: their items together, as the portal and the city may read them."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import cache
from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import JSONObject

from accounts.channels import is_phone_refused, reach_of
from accounts.models import Person
from cases.shared.models import EnquiryPointer, InboxMessage
from catalog.shared import browsing
from catalog.shared import search as searching
from catalog.shared.browsing import Counts, Narrowing
from catalog.shared.enums import Status
from catalog.shared.grams import LONGEST
from catalog.shared.models import (
    Bundle,
    FeedbackFact,
    Offer,
    OpenReview,
    PopularPhrase,
    SearchLog,
    SharedItem,
)
from catalog.shared.queries import KEPT_SECONDS, Life, bundles, city_life
from catalog.shared.reviews import overdue_before
from tenants.shared import scope
from tenants.shared.life.transitions import standing
from tenants.shared.models import Hall
from tenants.shared.queries import halls

NUMERALS = "零一两三四五六七八九十"


def inbox(person: UUID | None) -> "QuerySet[InboxMessage]":
    """Return what a person was told in any hall, the latest first.

    Nothing for nobody, outside of a scope, and for whoever works as the city: its role does not reach what people are told.
    """
    entered = scope.current()
    if person is None or entered is None or not entered.role.endswith("_portal"):
        return InboxMessage.objects.none()
    return InboxMessage.objects.filter(person=person).order_by("-at", "id")


def unread(person: UUID | None) -> int:
    """Return how many messages a person has not seen."""
    return inbox(person).filter(read_at=None).count()


def is_refused(person: UUID | None) -> bool:
    """Return whether a provider said that nobody is at the person's phone or mail, so that they must be asked anew."""
    found = Person.objects.select_related("reach").filter(pk=person).first() if person else None
    return found is not None and (is_phone_refused(found) or reach_of(found).mail_refused_at is not None)


def shown_halls() -> list[Hall]:
    """Return the halls that the public is led to, in the city's order."""
    return [hall for hall in halls() if standing(hall.state).is_offered]


def hall_by_id(pk: int) -> Hall | None:
    """Return the hall that the public is led to by this number, or None."""
    return next((hall for hall in shown_halls() if hall.pk == pk), None)


@dataclass(frozen=True)
class Search(Narrowing):
    """What is looked for in all halls; unknown values ask for nothing."""

    q: str = ""
    hall: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Search":
        """Return the search that an address asks for."""
        hall = query.get("hall", "")
        return cls(
            q=query.get("q", "").replace("\x00", "").strip()[:LONGEST],
            hall=hall if hall in {known.key for known in shown_halls()} else "",
            **cls.asked(query),
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is asked for."""
        return not (self.q or self.hall) and self.is_wide

    @property
    def is_only_words(self) -> bool:
        """Whether nothing but the question narrows the search."""
        return not self.hall and self.is_wide

    @cached_property
    def hits(self) -> list[searching.Hit]:
        """What the words mean: asked once for the list and for the counts beside it."""
        return searching.hits(self.q)


def _offered(hall: str = "") -> "QuerySet[Offer]":
    roles = [known.role for known in shown_halls() if hall in ("", known.key)]
    return Offer.objects.offered().filter(hall_id__in=roles)


def nothing_found() -> "QuerySet[SearchLog, Any]":
    """Return what was looked for and found nothing, the most asked first: `text`, `hall_id` (None: the portal), `asked`, `last`."""
    rows: Any = SearchLog.objects.filter(found=0).values("text", "hall_id")
    counted = rows.annotate(asked=Sum("times"), last=Max("day"))
    return cast("QuerySet[SearchLog, Any]", counted.order_by("-asked", "-last", "text", "hall_id"))


def phrases(part: str) -> "QuerySet[PopularPhrase]":
    """Return the popular phrases that hold a text, or stand for something that does."""
    found = PopularPhrase.objects.order_by("phrase")
    return found.filter(Q(phrase__contains=part) | Q(stands_for__contains=part)) if part else found


def found_items(search: Search, *, least: float = searching.LEAST) -> "QuerySet[Offer, Any]":
    """Return one row for each item that a hall shows, best match first: its halls, and what it takes there.

    A shared item is one across halls; a local item is known by its hall too. One query, whatever the number of halls.
    """
    items: Any = search.narrow(_offered(search.hall))
    if search.q:
        hits = search.hits if least == searching.LEAST else searching.hits(search.q, least=least)
        items = searching.ranked(items, hits)
    else:
        items = items.annotate(rank=Value(0), key=searching.group())
    offered = JSONObject(
        role="hall_id",
        days="promised_days",
        unit="promised_unit",
        visits="visits",
        apply="can_apply",
        book="can_book",
        version="version",
    )
    rows = items.values("key", "code", "name", "department", "kind", "is_local", "rank", "sort_key")
    found = rows.annotate(offers=ArrayAgg(offered, order_by="hall_id"), uses=Sum("used")).order_by(
        "rank", *(["-uses"] if search.q else []), "sort_key", "key"
    )
    return cast("QuerySet[Offer, Any]", found)


def item_by_code(code: str) -> dict[str, Any] | None:
    """Return the row of a shared item in all halls, or None where none shows it."""
    if not re.fullmatch(r"\d{14}", code):
        return None
    return found_items(Search()).filter(code=code, is_local=False).first()


def former_life(code: str) -> Life | None:
    """Return the life of a shared item that is not in use; None for one that is, or never was."""
    life = city_life(code) if re.fullmatch(r"\d{14}", code) else None
    return life if life is not None and life.status != Status.ACTIVE else None


def bundles_shown() -> list[tuple[Bundle, int]]:
    """Return the bundles 一件事 of which some hall offers an item, with how many items. One query, kept for a minute."""
    codes: set[str] | None = cache.get("portal:bundled")
    if codes is None:
        wanted = {code for bundle in bundles() for code in bundle.codes}
        offered = _offered().filter(code__in=wanted).order_by("code")
        codes = set(offered.values_list("code", flat=True).distinct())
        cache.set("portal:bundled", codes, KEPT_SECONDS)
    rows = [(bundle, len(codes.intersection(bundle.codes))) for bundle in bundles()]
    return [(bundle, number) for bundle, number in rows if number]


def halls_of(bundle: Bundle) -> dict[str, dict[str, str]]:
    """Return by each hall's role the items of a bundle that it shows: name by code. One query."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    rows = _offered().filter(code__in=bundle.codes, is_local=False).order_by("hall_id", "code")
    for role, code, name in rows.values_list("hall_id", "code", "name"):
        found[str(role)][code] = name
    return dict(found)


def passed_on(hall: str = "") -> "QuerySet[FeedbackFact]":
    """Return what halls passed on of people's feedback, the newest first; as the city."""
    found = FeedbackFact.objects.select_related("hall").order_by("-passed_at", "id")
    return found.filter(hall__schema_name=hall) if hall else found


def counts(search: Search | None = None) -> Counts:
    """Return how many items each choice would leave over all halls, each item once, with all else kept.

    One query; of everything, where nothing is asked for, kept for a minute.
    """
    if search is not None and not search.is_empty:
        offered = _offered(search.hall)
        if search.q:
            offered = offered.filter(pk__in=searching.ranked(offered, search.hits).order_by().values("pk"))
        return browsing.counts(offered, search, searching.group())
    kept: Counts | None = cache.get("portal:counts")
    if kept is None:
        kept = browsing.counts(_offered(), Narrowing(), searching.group())
        cache.set("portal:counts", kept, KEPT_SECONDS)
    return kept


def in_words(number: int) -> str:
    """Return a small number as Chinese counts things: 两, 六; digits past ten."""
    return NUMERALS[number] if number < len(NUMERALS) else str(number)


@dataclass(frozen=True)
class Figures:
    """How many halls are open, and how many items they offer online (an item counts in each hall)."""

    halls: int
    items: int

    @property
    def halls_in_words(self) -> str:
        """The number of halls as Chinese counts them, to ten."""
        return in_words(self.halls)

    @property
    def items_in_words(self) -> str:
        """The number of items with its thousands set off: 3,191."""
        return f"{self.items:,}"


def figures() -> Figures:
    """Return the open figures: items that can be applied for or booked online, of all halls. Kept for a minute."""
    kept: Figures | None = cache.get("portal:figures")
    if kept is None:
        roles = [hall.role for hall in shown_halls()]
        kept = Figures(len(roles), Offer.objects.online().filter(hall_id__in=roles).count())
        cache.set("portal:figures", kept, KEPT_SECONDS)
    return kept


def complaints_for_city() -> list[dict[str, Any]]:
    """Return the halls with complaints that nobody there may handle, how many, and until when. One query."""
    waiting = EnquiryPointer.objects.filter(needs_city=True).values("hall__name")
    found = waiting.annotate(number=Count("pk"), first=Min("due_on")).order_by("hall__name")
    return [dict(row) for row in found]


def review_counts(now: datetime) -> QuerySet[Any, Any]:
    """Return how many of the city's changes wait for each hall's decision, and how many are overdue."""
    return OpenReview.objects.values("hall_id").annotate(
        reviews=Count("id"), overdue=Count("id", filter=Q(since__lt=overdue_before(now)))
    )


def open_reviews(now: datetime, *, hall: str = "", is_overdue: bool = False) -> QuerySet[Any, Any]:
    """Return what waits for decision in the halls, the oldest first; `hall` is a key. With each item's `name`."""
    found: Any = OpenReview.objects.annotate(
        name=Subquery(SharedItem.objects.filter(code=OuterRef("code")).values("name")[:1])
    )
    if hall:
        found = found.filter(hall__schema_name=hall)
    if is_overdue:
        found = found.filter(since__lt=overdue_before(now))
    rows: QuerySet[Any, Any] = found.order_by("since", "id")
    return rows


def reviews_by_hall(now: datetime) -> list[dict[str, Any]]:
    """Return every hall with how many decisions wait there and how many are overdue, in the city's order. One query."""
    counted = {row["hall_id"]: row for row in review_counts(now).order_by("hall_id")}
    none = {"reviews": 0, "overdue": 0}
    return [{"hall": hall, **{name: counted.get(hall.role, none)[name] for name in none}} for hall in halls()]
