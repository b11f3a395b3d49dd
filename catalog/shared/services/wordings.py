"""The search's index: what people call each item, cut into pieces. Written with the item, in its transaction.

Of shared items by the city, once for all halls; of local items and of a hall's own aliases by the hall.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet

from catalog.shared import grams
from catalog.shared.codes import NO_VARIANT
from catalog.shared.enums import Status
from catalog.shared.models import (
    HallTerm,
    HallWording,
    PopularPhrase,
    SharedItem,
    SharedTerm,
    SharedWording,
    Term,
    Wording,
    WordingKind,
)
from catalog.shared.queries import themes

BATCH = 500
WHOLE = 10000
# what a full match of each kind is worth; a name's part before or inside its brackets is a little less than the name
WORTH = {
    WordingKind.NAME: 1.0,
    WordingKind.ALIAS: 0.97,
    WordingKind.POPULAR: 0.955,
    WordingKind.RESULT: 0.84,
    WordingKind.ABOUT: 0.65,
}
PLAIN_NAME, IN_BRACKETS = 0.965, 0.93
# each further item that a phrase stands for is a little less meant than the one before
STEP_DOWN, LAST_STEP = 0.02, 10
SHORTEST_IN_BRACKETS = 3
LETTERS_INDEXED = 14
# a result that more items than this give is no name for any of them
TELLING = 3
_BRACKETS = re.compile(r"[（(]([^（）()]*)[）)]")
_ADD = {
    SharedTerm: """INSERT INTO public.catalog_shared_sharedterm AS s (term, wordings, shares)
        SELECT t.term, array_agg(t.wording), array_agg(t.share) FROM unnest(%s::bigint[], %s::text[], %s::int[]) t(wording, term, share)
        GROUP BY t.term ORDER BY t.term
        ON CONFLICT (term) DO UPDATE SET wordings = s.wordings || EXCLUDED.wordings, shares = s.shares || EXCLUDED.shares""",
    HallTerm: """INSERT INTO public.catalog_shared_hallterm AS s (hall_role, term, wordings, shares)
        SELECT current_user, t.term, array_agg(t.wording), array_agg(t.share) FROM unnest(%s::bigint[], %s::text[], %s::int[]) t(wording, term, share)
        GROUP BY t.term ORDER BY t.term
        ON CONFLICT (term, hall_role) DO UPDATE SET wordings = s.wordings || EXCLUDED.wordings, shares = s.shares || EXCLUDED.shares""",
}
_TAKE_OUT = {
    SharedTerm: """UPDATE public.catalog_shared_sharedterm s SET (wordings, shares) = (
        SELECT COALESCE(array_agg(u.w ORDER BY u.n), '{}'), COALESCE(array_agg(u.share ORDER BY u.n), '{}')
        FROM unnest(s.wordings, s.shares) WITH ORDINALITY u(w, share, n) WHERE u.w <> ALL(%s))
        WHERE s.term = ANY(%s)""",
    HallTerm: """UPDATE public.catalog_shared_hallterm s SET (wordings, shares) = (
        SELECT COALESCE(array_agg(u.w ORDER BY u.n), '{}'), COALESCE(array_agg(u.share ORDER BY u.n), '{}')
        FROM unnest(s.wordings, s.shares) WITH ORDINALITY u(w, share, n) WHERE u.w <> ALL(%s))
        WHERE s.term = ANY(%s) AND s.hall_role = current_user""",
}
_FIELDS = ("code", "name", "aliases", "result_name", "department", "materials", "themes")


@dataclass(frozen=True)
class Said:
    """One wording to be indexed: its kind, its text in the search's spelling and what a full match of it is worth."""

    kind: WordingKind
    text: str
    worth: float


@dataclass(frozen=True)
class Phrase:
    """A popular phrase and what it stands for, one alternative after the other."""

    text: str
    alternatives: tuple[str, ...]

    @classmethod
    def of(cls, row: PopularPhrase) -> "Phrase":
        """Return a stored phrase, its alternatives apart."""
        return cls(row.phrase, tuple(part.strip() for part in row.stands_for.split(";") if part.strip()))

    def place_of(self, code: str, name: str, names: frozenset[str]) -> int | None:
        """Return at which place this phrase stands for an item, 0 the first, or None. `names` are all names in use."""
        for place, wanted in enumerate(self.alternatives):
            if wanted in (code, name):
                return place
            if wanted not in names and not wanted.isdigit() and all(word in name for word in wanted.split()):
                return place
        return None


def said_of(item: Mapping[str, Any], common: Container[str] = ()) -> list[Said]:
    """Return the wordings that an item's own fields give, without the popular ones; no result of those that are `common`."""
    name = str(item["name"])
    is_main = str(item["code"]).endswith(NO_VARIANT)
    found = [Said(WordingKind.NAME, name, WORTH[WordingKind.NAME])]
    plain = _BRACKETS.sub("", name)
    if is_main and plain != name:
        found.append(Said(WordingKind.NAME, plain, PLAIN_NAME))
    found += [
        Said(WordingKind.ALIAS, inner, IN_BRACKETS)
        for inner in _BRACKETS.findall(name)
        if is_main and len(inner) >= SHORTEST_IN_BRACKETS
    ]
    found += [Said(WordingKind.ALIAS, str(alias), WORTH[WordingKind.ALIAS]) for alias in item["aliases"]]
    if is_main:
        if item["result_name"] and item["result_name"] not in common:
            found.append(Said(WordingKind.RESULT, str(item["result_name"]), WORTH[WordingKind.RESULT]))
        found.append(Said(WordingKind.ABOUT, _about(item), WORTH[WordingKind.ABOUT]))
    return found


def _about(item: Mapping[str, Any]) -> str:
    """Return what stands around an item: who does it, under which themes, which papers it wants."""
    named = {f"{theme.list}:{theme.code}": theme.name for theme in themes()}
    parts = [item["department"], *(named.get(key, "") for key in item["themes"])]
    parts += [row.get("name", "") for row in item["materials"]]
    return "，".join(part for part in parts if part)


def popular_of(item: Mapping[str, Any], phrases: Iterable[Phrase], names: frozenset[str]) -> list[Said]:
    """Return the popular phrases that stand for an item."""
    found = []
    for phrase in phrases:
        place = phrase.place_of(item["code"], item["name"], names)
        if place is not None:
            worth = WORTH[WordingKind.POPULAR] - STEP_DOWN * min(place, LAST_STEP)
            found.append(Said(WordingKind.POPULAR, phrase.text, worth))
    return found


def write_shared(codes: Sequence[str]) -> None:
    """Index these shared items as they now are, and take out those that are not in use. As the city."""
    phrases = [Phrase.of(row) for row in PopularPhrase.objects.exclude(stands_for="").order_by("phrase")]
    in_use = SharedItem.objects.filter(status=Status.ACTIVE)
    names = frozenset(in_use.values_list("name", flat=True))
    common = _common_results()
    for start in range(0, len(codes), BATCH):
        some = codes[start : start + BATCH]
        _take_out(SharedWording.objects.filter(code__in=some), SharedTerm)
        items = in_use.filter(code__in=some).order_by("code").values(*_FIELDS)
        said = {item["code"]: said_of(item, common) + popular_of(item, phrases, names) for item in items}
        _add(
            SharedTerm,
            [
                SharedWording(code=code, kind=row.kind, text=row.text, weight=row.worth)
                for code, each in said.items()
                for row in _once(each)
            ],
        )


def _common_results() -> frozenset[str]:
    """Return the results that so many items give that they tell none of them from the others."""
    counted = SharedItem.objects.filter(status=Status.ACTIVE, code__endswith=NO_VARIANT).values("result_name")
    common = counted.annotate(number=Count("pk")).filter(number__gt=TELLING).order_by("result_name")
    return frozenset(row["result_name"] for row in common)


def write_hall(role: str, codes: Sequence[str], said: Mapping[str, Sequence[Said]]) -> None:
    """Index what a hall has of its own on these codes, and nothing else on them. In the hall's scope."""
    _take_out(HallWording.objects.filter(hall_id=role, code__in=codes), HallTerm)
    _add(
        HallTerm,
        [
            HallWording(hall_id=role, code=code, kind=row.kind, text=row.text, weight=row.worth)
            for code, each in said.items()
            for row in _once(each)
        ],
    )


def write_missing() -> int:
    """Index the shared items in use that are not in the index; return how many. As the city."""
    there = SharedWording.objects.filter(code=OuterRef("code"))
    lacking = SharedItem.objects.filter(status=Status.ACTIVE).exclude(Exists(there))
    codes = list(lacking.order_by("code").values_list("code", flat=True))
    if codes:
        write_shared(codes)
    return len(codes)


def codes_meant(phrases: Iterable[PopularPhrase]) -> list[str]:
    """Return the shared items in use that any of these phrases stands for. As the city."""
    asked = [Phrase.of(row) for row in phrases]
    rows = list(SharedItem.objects.filter(status=Status.ACTIVE).order_by("code").values_list("code", "name"))
    names = frozenset(name for _code, name in rows)
    return [
        code for code, name in rows if any(phrase.place_of(code, name, names) is not None for phrase in asked)
    ]


def _add(table: type[Term], rows: Sequence[Wording]) -> None:
    """Write wordings with their pieces: two statements for each batch."""
    if not rows:
        return
    wordings, terms, shares = [], [], []
    model: Any = type(rows[0])
    for made in model.objects.bulk_create(rows, batch_size=BATCH):
        for term, share in shares_of(made.kind, made.text):
            wordings.append(made.pk)
            terms.append(term)
            shares.append(share)
    with connection.cursor() as cursor:
        cursor.execute(_ADD[table], [wordings, terms, shares])


def _take_out(rows: "QuerySet[Any]", table: type[Term]) -> None:
    """Delete wordings, and take them out of the lists of their pieces, which follow from kind and text."""
    there = list(rows.values_list("pk", "kind", "text"))
    if not there:
        return
    rows.delete()
    terms = {term for _pk, kind, text in there for term, _share in shares_of(kind, text)}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_OUT[table], [[pk for pk, _kind, _text in there], sorted(terms)])


def _once(said: Sequence[Said]) -> list[Said]:
    """Return the wordings in the search's spelling, each text once, by its strongest kind."""
    found: dict[str, Said] = {}
    for each in said:
        text = grams.spelt(each.text).replace(" ", "")
        if text and (text not in found or found[text].worth < each.worth):
            found[text] = Said(each.kind, text, each.worth)
    return list(found.values())


def shares_of(kind: str, text: str) -> list[tuple[str, int]]:
    """Return the pieces of a wording with their shares, of each sort together 10,000; of what stands around, pairs alone."""
    pieces = grams.pieces(text)
    letters = [piece for piece in pieces if piece.sort == grams.LETTERS]
    kept = [piece for piece in pieces if piece.sort != grams.LETTERS] + letters[:LETTERS_INDEXED]
    if kind == WordingKind.ABOUT:
        kept = [p for p in pieces if p.sort == grams.CHARACTERS and p.strength == grams.PAIR]
    # most questions have no single characters among their pieces: the others make the whole, where there are any
    total = [0.0, 0.0, 0.0]
    for piece in kept:
        total[piece.sort] += 0 if piece.is_single else piece.strength
    return [
        (piece.term, min(WHOLE, round(WHOLE * piece.strength / (total[piece.sort] or piece.strength))))
        for piece in kept
    ]
