"""What may have been meant by a question with one wrong character: one that looks like the right one, or any.

Which characters look alike was found by drawing them (bench/shapes.py); a right one is told by its neighbours, with
which it must stand in the index.
"""

from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from catalog.shared.models import SharedTerm

SHAPES = Path(__file__).with_name("shapes.txt")
# longer questions are found by their other characters
LONGEST = 12
# a slip is told from another word by the characters around it
SHORTEST, LONGEST_PATTERN = 3, 8
# corrected questions that are asked
MOST = 2


@lru_cache(maxsize=1)
def looks() -> dict[str, str]:
    """Return for each character those that it may be mistaken for, both ways."""
    found: dict[str, str] = {}
    for line in SHAPES.read_text(encoding="utf-8").splitlines():
        char, _, others = line.partition(" ")
        found[char] = found.get(char, "") + others
        for other in others:
            found[other] = found.get(other, "") + char
    return found


def meant(question: str) -> list[str]:
    """Return a question with one of its characters put right, likely ones first; none where its neighbours all know it."""
    chars = list(question)
    candidates = [
        (number, other) for number, char in enumerate(chars) for other in dict.fromkeys(looks().get(char, ""))
    ]
    pairs = {pair for number, other in candidates for pair in _around(question, number, other)}
    pairs |= {first + second for first, second in pairwise(chars)}
    known = set(SharedTerm.objects.filter(term__in=pairs).order_by("term").values_list("term", flat=True))
    found: list[tuple[int, int, str]] = []
    for place, (number, other) in enumerate(candidates):
        now = known.intersection(_around(question, number, chars[number]))
        then = _around(question, number, other)
        if known.issuperset(then) and len(now) < len(then):
            found.append((len(now) - len(then), place, question[:number] + other + question[number + 1 :]))
    return [text for _gain, _place, text in sorted(found)[:MOST]]


def _around(question: str, number: int, char: str) -> list[str]:
    """Return the pairs that a character makes with those beside its place."""
    before = [question[number - 1] + char] if number else []
    return before + [char + following for following in question[number + 1 : number + 2]]


def pattern(question: str) -> str:
    """Return a regular expression for a short question in characters with any one of them another; empty for others."""
    if not SHORTEST <= len(question) <= LONGEST_PATTERN or any(char.isascii() for char in question):
        return ""
    return "|".join(question[:number] + "." + question[number + 1 :] for number in range(len(question)))
