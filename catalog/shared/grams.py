"""Names and questions cut into the pieces by which they are compared: characters, syllables, first letters.

Both sides are spelt alike first: half width, small letters, simplified characters, no punctuation. A piece is of one of
three sorts: characters (one, two together, two with one between, so that a wrong, missing or added one is borne),
two syllables together (other characters of the same sound; letters typed instead), and three first letters.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from catalog.shared.pinyin import syllables
from catalog.shared.traditional import SIMPLIFIED

LONGEST = 100  # characters of a question that are read
# a question of more characters is told by those that stand together: single ones are everywhere
FEW = 3
MOST = 60  # characters and syllables that are compared
CHARACTERS, SOUNDS, LETTERS = 0, 1, 2
# what a piece says of a match, before how rare it is
PAIR, GAPPED, SINGLE = 1.0, 0.3, 0.3
_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]|[a-z]+|[0-9]+")
# nobody means anything by the same character four times
_REPEATED = re.compile(r"([^0-9])\1{3,}")
_FOLD = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("v", "u"))
_INITIALS = "b|p|m|f|d|t|n|l|g|k|h|j|q|x|zh|ch|sh|r|z|c|s|y|w"
_FINALS = (
    "a|o|e|i|u|v|ai|ei|ui|ao|ou|iu|ie|ue|ve|er|an|en|in|un|vn|ang|eng|ing|ong|"
    "ia|iao|ian|iang|iong|ua|uo|uai|uan|uang"
)
# letters of a syllable: with its beginning, or one of the few that have none
_SYLLABLE = re.compile(f"(?:{_INITIALS})(?:{_FINALS})|a|o|e|ai|ei|ao|ou|an|en|ang|er")


@dataclass(frozen=True)
class Element:
    """One character or syllable: what it looks like, sounds like and begins with; empty where that is not known."""

    shape: str
    sound: str
    letter: str


@dataclass(frozen=True)
class Piece:
    """A piece of a text: what is compared, of which sort, and how much it says."""

    term: str
    sort: int
    strength: float

    @property
    def is_single(self) -> bool:
        """Whether it is one character of a text that perhaps has more."""
        return self.sort == CHARACTERS and len(self.term) == 1


def spelt(text: str) -> str:
    """Return a text in the search's spelling; a space is left only between two words in letters. 100 characters at most."""
    plain = unicodedata.normalize("NFKC", text[: 4 * LONGEST]).lower()
    plain = "".join(
        char
        for char in unicodedata.normalize("NFD", plain).replace("u\u0308", "v")
        if not unicodedata.combining(char)
    ).translate(SIMPLIFIED)
    found = ""
    for run in _RUN.findall(_REPEATED.sub(" ", plain)):
        between = " " if found and found[-1].isascii() and run.isascii() else ""
        found += between + run
    return found[:LONGEST].rstrip()


def without(text: str, fillers: Iterable[str]) -> str:
    """Return a question without the words that say nothing of what is asked for; whole when nothing else is in it."""
    words = sorted({spelt(filler) for filler in fillers} - {""}, key=len, reverse=True)
    if not words:
        return text
    rest = re.sub("|".join(re.escape(word) for word in words), " ", text)
    kept = spelt(rest)
    return kept if kept else text


def pieces(text: str, *, as_question: bool = False) -> list[Piece]:
    """Return the pieces of a spelt text, each once; of a question first letters only where it has letters that are no syllables."""
    row = _elements(text)[:MOST]
    with_letters = not as_question or any(not (element.shape or element.sound) for element in row)
    found: dict[tuple[str, int], float] = {}
    with_singles = not as_question or len(row) <= FEW
    for piece in (
        *_characters(row, with_singles=with_singles),
        *_sounds(row),
        *(_letters(text, row) if with_letters else ()),
    ):
        key = piece.term[:24], piece.sort
        found[key] = max(found.get(key, 0.0), piece.strength)
    return [Piece(term, sort, strength) for (term, sort), strength in found.items()]


def _characters(row: list[Element], *, with_singles: bool) -> Iterator[Piece]:
    for number, element in enumerate(row):
        if not element.shape:
            continue
        if with_singles or len(element.shape) > 1:
            yield Piece(element.shape, CHARACTERS, SINGLE)
        for distance, strength in ((1, PAIR), (2, GAPPED)):
            if number + distance < len(row) and row[number + distance].shape:
                yield Piece(element.shape + row[number + distance].shape, CHARACTERS, strength)


def _sounds(row: list[Element]) -> Iterator[Piece]:
    for first, second in pairwise(row):
        if first.sound and second.sound:
            yield Piece(f"{first.sound} {second.sound}", SOUNDS, PAIR)


def _letters(text: str, row: list[Element]) -> Iterator[Piece]:
    letters = first_letters(text, row)
    if len(letters) > 1:
        padded = f"^{letters}$"
        for number in range(len(padded) - 2):
            yield Piece("=" + padded[number : number + 3], LETTERS, PAIR)


def first_letters(text: str, row: list[Element] | None = None) -> str:
    """Return the first letters of a text; letters that are no syllables are first letters already: sydj, shengydj."""
    row = _elements(text) if row is None else row
    if text.isascii() and text.isalpha() and len(text) <= 8:
        parts = _cut(text)
        if any(not _is_syllable(part) for part in parts) and max(map(len, parts)) < 3:
            return text
    return "".join(element.letter for element in row)


def _elements(text: str) -> list[Element]:
    found: list[Element] = []
    whole = syllables(text) if not text.isascii() else ()
    heard = iter(whole)
    for run in _RUN.findall(text):
        if not run.isascii():
            sound = next(heard, "")
            found.append(Element(run, _folded(sound), sound[:1]))
        elif run.isdigit():
            _skip(heard, run)
            found.append(Element(run, run, run[0]))
        else:
            _skip(heard, run)
            for part in _cut(run):
                found.append(Element("", _folded(part) if _is_syllable(part) else "", part[0]))
    return found


def _skip(heard: Iterator[str], run: str) -> None:
    """Pass over what stands for this run of letters or figures among the syllables: it is kept together there."""
    del run
    next(heard, "")


@lru_cache(maxsize=2048)
def _cut(letters: str) -> tuple[str, ...]:
    """Return letters cut into as few syllables as possible; what is none is cut into single letters."""
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    for end in range(1, len(letters) + 1):
        choices = []
        for size in range(1, min(6, end) + 1):
            part = letters[end - size : end]
            if size == 1 or _is_syllable(part):
                cost, parts = best[end - size]
                choices.append((cost + (1.0 if _is_syllable(part) else 1.5), (*parts, part)))
        best.append(min(choices, key=lambda choice: (choice[0], [-len(part) for part in choice[1]])))
    return best[-1][1]


def _is_syllable(part: str) -> bool:
    return _SYLLABLE.fullmatch(part) is not None


def _folded(sound: str) -> str:
    """Return a syllable as those say it who do not tell zh from z or -ng from -n."""
    for given, kept in _FOLD:
        sound = sound.replace(given, kept)
    return sound
