"""Browsing what halls offer: by theme, life event, department, audience, letter, and by how little it takes.

The same for a hall's list and the portal's search: what an address asks for, how it narrows a query, and how many
items each choice would leave, whatever else is chosen. Counting is one query, however many choices there are.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Case, Count, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Left, Upper
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.shared import pinyin
from catalog.shared.enums import Audience, Depth, Kind
from catalog.shared.models import Offer, Theme
from catalog.shared.queries import (
    AUDIENCES,
    event_of,
    find_theme,
    for_audience,
    is_shared_name,
    of_event,
    of_theme,
    theme_key,
    themes,
)

THEMES = ("national_personal", "national_business")
EVENTS = ("life_event_personal", "life_event_business")
# what begins with a digit or a sign
NO_LETTER = "0"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FLAGS = {
    "online": (gettext_lazy("全程网上办"), Q(online_depth=Depth.FULL)),
    "zero": (gettext_lazy("一次不用跑"), Q(visits=0)),
    "instant": (gettext_lazy("当场办好"), Q(kind=Kind.INSTANT) | Q(promised_days=0)),
}
Counts = dict[str, dict[str, int]]
Offers = QuerySet[Offer]


def _by_theme(items: Offers, key: str) -> Offers:
    theme = find_theme(key)
    return items if theme is None else of_theme(items, theme)


def _by_event(items: Offers, key: str) -> Offers:
    event = event_of(key)
    return items if event is None else of_event(items, event)


def _by_letter(items: Offers, letter: str) -> Offers:
    if letter == NO_LETTER:
        return items.exclude(sort_key__regex="^[a-z]")
    return items.filter(sort_key__startswith=letter.lower())


def _by_flag(name: str) -> Callable[[Offers, Any], Offers]:
    return lambda items, _is_set: items.filter(FLAGS[name][1])


_BY: dict[str, Callable[[Offers, Any], Offers]] = {
    "theme": _by_theme,
    "event": _by_event,
    "department": lambda items, name: items.filter(department=name),
    "audience": for_audience,
    "letter": _by_letter,
    **{name: _by_flag(name) for name in FLAGS},
}
Self = TypeVar("Self", bound="Narrowing")


@dataclass(frozen=True)
class Narrowing:
    """What a list of items is narrowed to; an unknown value asks for nothing."""

    theme: str = ""
    event: str = ""
    department: str = ""
    audience: str = ""
    letter: str = ""
    online: bool = False
    zero: bool = False
    instant: bool = False

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> dict[str, Any]:
        """Return the fields of a narrowing that an address asks for."""
        audience = query.get("audience", "")
        letter = query.get("letter", "").upper()
        theme, event = find_theme(query.get("theme", "")), event_of(query.get("event", ""))
        return {
            "theme": f"{theme.list}:{theme.code}" if theme else "",
            "event": f"{event.list}:{event.code}" if event else "",
            "department": query.get("department", "").replace("\x00", "").strip()[:60],
            "audience": audience if audience in Audience.values else "",
            "letter": letter if len(letter) == 1 and letter in LETTERS + NO_LETTER else "",
            **{name: query.get(name) == "1" for name in FLAGS},
        }

    @property
    def chosen(self) -> Theme | None:
        """The theme that is asked for, or None."""
        return find_theme(self.theme)

    @property
    def chosen_event(self) -> Theme | None:
        """The life event that is asked for, or None."""
        return event_of(self.event)

    @property
    def is_wide(self) -> bool:
        """Whether nothing narrows the list."""
        return not any(getattr(self, name) for name in _BY)

    def narrow(self, items: Offers, *, without: str = "") -> Offers:
        """Return the items that are asked for; `without` names one dimension that is left open."""
        for name, by in _BY.items():
            value = getattr(self, name)
            if value and name != without:
                items = by(items, value)
        return items

    def words(self) -> dict[str, str]:
        """Return what is chosen by its parameter, as people read it."""
        theme, event = self.chosen, self.chosen_event
        said = {
            "theme": theme.name if theme else "",
            "event": event.name if event else "",
            "department": self.department,
            "audience": str(Audience(self.audience).label) if self.audience else "",
            "letter": letter_words(self.letter),
            **{name: str(label) for name, (label, _test) in FLAGS.items() if getattr(self, name)},
        }
        return {name: words for name, words in said.items() if words}


def letter_words(letter: str) -> str:
    """Return a letter of the alphabet's list as people read it; what has none begins with a digit or a sign."""
    return _("数字、符号开头") if letter == NO_LETTER else letter


def chips(words: Mapping[str, str], query: QueryDict) -> list[dict[str, str]]:
    """Return what is chosen, each with the address that is left when it is taken away."""
    found = []
    for name, text in words.items():
        rest = query.copy()
        for gone in (name, "page"):
            rest.pop(gone, None)
        found.append({"name": name, "text": text, "url": f"?{rest.urlencode()}" if rest else "?"})
    return found


def counts(items: Offers, narrowing: Narrowing, counted: str | Combinable = "code") -> Counts:
    """Return how many of these items each choice would leave, with all else that is chosen kept. One query.

    By dimension and value; `total` is how many are left now. `counted` is what makes two rows one item.
    """
    letter = Case(
        When(sort_key__regex="^[a-z]", then=Upper(Left("sort_key", 1))),
        default=Value(NO_LETTER),
        output_field=TextField(),
    )
    entries: dict[str, Any] = {
        "theme": _each("themes"),
        # names of life events repeat between the two lists: the audience tells which is meant
        "event": Func(
            F("audience"),
            _each("life_events"),
            template="(%(expressions)s)",
            arg_joiner=" || ':' || ",
            output_field=TextField(),
            set_returning=True,
        ),
        "department": Cast("department", TextField()),
        "audience": Cast("audience", TextField()),
        "letter": letter,
        "total": Value("", output_field=TextField()),
    }
    parts = [
        _count(narrowing.narrow(items, without=name), name, entry, counted) for name, entry in entries.items()
    ]
    parts += [
        _count(
            narrowing.narrow(items, without=name).filter(test),
            name,
            Value("1", output_field=TextField()),
            counted,
        )
        for name, (_label, test) in FLAGS.items()
    ]
    found: Counts = defaultdict(dict)
    for row in parts[0].union(*parts[1:], all=True):
        found[row["facet"]][row["entry"]] = row["number"]
    return dict(found)


def _each(column: str) -> Func:
    return Func(F(column), function="jsonb_array_elements_text", output_field=TextField(), set_returning=True)


def _count(items: Offers, facet: str, entry: Any, counted: str | Combinable) -> "QuerySet[Offer, Any]":
    rows: Any = items.order_by().annotate(facet=Value(facet, output_field=TextField()), entry=entry)
    counted_rows: QuerySet[Offer, Any] = rows.values("facet", "entry").annotate(
        number=Count(counted, distinct=True)
    )
    return counted_rows


def total(found: Counts) -> int:
    """Return how many items are left."""
    return found.get("total", {}).get("", 0)


def themes_of(found: Counts, *lists: str) -> list[tuple[Theme, int]]:
    """Return the themes of these lists that have an item, with how many."""
    numbers = found.get("theme", {})
    rows = [(theme, numbers.get(theme_key(theme), 0)) for theme in themes() if theme.list in lists]
    return [(theme, number) for theme, number in rows if number]


def events_of(found: Counts, *lists: str) -> list[tuple[Theme, int]]:
    """Return the life events of these lists that have an item, with how many."""
    numbers: dict[str, Counter[str]] = defaultdict(Counter)
    for entry, number in found.get("event", {}).items():
        audience, _colon, name = entry.partition(":")
        numbers[name][audience] += number
    rows = []
    for event in themes():
        if event.list in lists:
            of_name = numbers[event.name]
            wanted = AUDIENCES[Audience(event.audience)] if is_shared_name(event) else Audience.values
            rows.append((event, sum(of_name[audience] for audience in wanted)))
    return [(event, number) for event, number in rows if number]


def departments_of(found: Counts) -> list[tuple[str, int]]:
    """Return the departments that have an item, by their pinyin, with how many."""
    rows = found.get("department", {})
    return sorted(rows.items(), key=lambda row: (pinyin.sort_key(row[0]), row[0]))


def letters_of(found: Counts) -> list[tuple[str, int]]:
    """Return the letters that a name begins with, in the alphabet's order, what has none last."""
    rows = found.get("letter", {})
    return [(letter, rows[letter]) for letter in LETTERS + NO_LETTER if rows.get(letter)]


def audiences_of(found: Counts) -> list[tuple[str, int]]:
    """Return persons and organisations, with how many items serve them; what serves both is in either."""
    rows = found.get("audience", {})
    return [(str(name), sum(rows.get(each, 0) for each in AUDIENCES[name])) for name in AUDIENCES]


def flags_of(found: Counts) -> list[tuple[str, str, int]]:
    """Return the flags with their words and how many items have them."""
    return [(name, str(label), found.get(name, {}).get("1", 0)) for name, (label, _test) in FLAGS.items()]


def options(narrowing: Narrowing, found: Counts) -> dict[str, Any]:
    """Return what the filter offers: each choice with its words, its number and whether it is chosen; none that finds nothing."""
    chosen = narrowing.chosen
    chosen_key = theme_key(chosen) if chosen else ""
    return {
        "theme_choices": [
            (theme_key(theme), theme.name, number, theme_key(theme) == chosen_key)
            for theme, number in themes_of(found, *THEMES)
        ],
        "event_choices": [
            (key, event.name, number, key == narrowing.event)
            for event, number in events_of(found, *EVENTS)
            for key in [f"{event.list}:{event.code}"]
        ],
        "department_choices": [
            (name, name, number, name == narrowing.department) for name, number in departments_of(found)
        ],
        "audience_choices": [
            (name, Audience(name).label, number, name == narrowing.audience)
            for name, number in audiences_of(found)
        ],
        "letter_choices": [
            (letter, letter_words(letter), number, letter == narrowing.letter)
            for letter, number in letters_of(found)
        ],
        "flag_choices": [
            (name, label, number, getattr(narrowing, name)) for name, label, number in flags_of(found)
        ],
    }
