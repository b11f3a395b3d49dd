"""Finding items by what people call them: the question in, the items' keys with their scores out. One statement.

A key is an item's code; of a local item, which only its hall has, the hall's role and the code: `role:code`.
"""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Case, Func, IntegerField, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from catalog.shared import grams, slips
from catalog.shared.models import Offer, PopularPhrase
from catalog.shared.search_sql import BESIDE_BEST
from tenants.shared.queries import kept

# a match that scores less is none; one that is offered as 您是不是要找 may be weaker
LEAST, NEAREST = 0.39, 0.2
# a long question holds much that no wording has: each character past the first few asks a little less of a match
SHORT, EASIER, LONG_LEAST = 5, 0.015, 0.3
# a question of so many characters is plain speech: its telling ones stand anywhere in it
PLAIN = 6
# what is found below this score may have been written with a wrong character; then it counts a little less
SURE, MEANT = 0.7, 0.9
# sound alone counts less where characters were written, and fully where letters were typed; least beside first letters
ALIKE, TYPED, MIXED = 0.8, 1.0, 0.5
# scores this close together are one rank: there the number of uses decides
STEP = 0.03

# the order of what was found: by match, then by use, in a total order
BY_MATCH: tuple[str, ...] = ("rank", "-used", "sort_key", "code")
# how many suggestions are shown while somebody types
SUGGESTED = 8


@dataclass(frozen=True)
class Hit:
    """An item that was found: its key, from 0 to 1 how well it matches, and the wording that did."""

    key: str
    score: float
    wording: str

    @property
    def rank(self) -> int:
        """How far it is from a perfect match, in steps."""
        return round((1 - self.score) / STEP)


def fillers() -> list[str]:
    """Return the words of plain speech that say nothing of what is asked for. Kept for five seconds by each process."""
    return kept(
        "search-fillers",
        lambda: list(
            PopularPhrase.objects.filter(stands_for="").order_by("phrase").values_list("phrase", flat=True)
        ),
    )


def hits(question: str, *, least: float = LEAST) -> list[Hit]:
    """Return the items that a question means, the best first; none for what holds no word. Read as who is in scope.

    Where little is found it is asked once more with what may have been meant by a wrong character. Bounded in time: a
    question is cut at 100 characters, and the index is read up to a budget.
    """
    whole = grams.spelt(question)
    if not whole:
        return []
    bare = grams.without(whole, fillers())
    found = _matches(whole, bare, least)
    if bare.isascii() or len(bare) > slips.LONGEST or (found and found[0].score >= SURE):
        return found
    best = {hit.key: hit for hit in found}
    for meant in slips.meant(bare):
        for hit in _matches(meant, meant, least):
            weaker = Hit(hit.key, hit.score * MEANT, hit.wording)
            if hit.key not in best or best[hit.key].score < weaker.score:
                best[hit.key] = weaker
    top = max((hit.score for hit in best.values()), default=0.0)
    return sorted(
        (hit for hit in best.values() if hit.score >= top * BESIDE_BEST),
        key=lambda hit: (-hit.score, hit.key),
    )


def _matches(whole: str, bare: str, least: float) -> list[Hit]:
    """Return what the database finds for a question in the search's spelling, and for it without its plain words."""
    asked = grams.pieces(bare, as_question=True)
    if not asked:
        return []
    has_letters = any(char.isascii() and char.isalpha() for char in bare)
    is_mixed = has_letters and not bare.isascii() and any(piece.sort == grams.LETTERS for piece in asked)
    parameters: list[Any] = [
        [piece.term for piece in asked],
        [piece.sort for piece in asked],
        [piece.strength for piece in asked],
        whole.replace(" ", ""),
        bare.replace(" ", ""),
        MIXED if is_mixed else TYPED if has_letters else ALIKE,
        max(min(least, LONG_LEAST), least - max(0, len(bare) - SHORT) * EASIER),
        slips.pattern(bare),
        list(dict.fromkeys(bare)) if len(bare) >= PLAIN and not has_letters else [],
        is_mixed,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, score, wording FROM catalog_search("
            "%s, %s, %s::real[], %s, %s, %s::real, %s::real, %s, %s::text[], %s)",
            parameters,
        )
        return [Hit(*row) for row in cursor.fetchall()]


def group() -> Case:
    """Return the expression of an offer's key: one for a shared item in all halls, one for each local item."""
    return Case(
        When(is_local=True, then=Concat("hall_id", Value(":"), "code")),
        default="code",
        output_field=TextField(),
    )


def ranked(offers: "QuerySet[Offer]", found: list[Hit]) -> "QuerySet[Offer]":
    """Return the offers that were found, with `key` and `rank`: the smaller the better, equal where use decides."""
    texts: ArrayField[list[str], list[str]] = ArrayField(TextField())
    numbers: ArrayField[list[int], list[int]] = ArrayField(IntegerField())
    place = Func(
        Value([hit.key for hit in found], output_field=texts),
        "key",
        function="array_position",
        output_field=IntegerField(),
    )
    rank = Func(
        Value([hit.rank for hit in found], output_field=numbers),
        place,
        # (numbers)[place]
        template="((%(expressions)s])",
        arg_joiner=")[",
        output_field=IntegerField(),
    )
    codes = {hit.key.rpartition(":")[2] for hit in found}
    narrowed = offers.filter(code__in=codes).annotate(key=group()).filter(key__in=[hit.key for hit in found])
    return cast("QuerySet[Offer]", narrowed.annotate(rank=rank))
