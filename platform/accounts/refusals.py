"""Why a message did not leave, whatever the way."""

KEPT_ANSWER = 300


class NotSent(Exception):
    """The message did not leave; the text tells the person what to do.

    `kind` is what staff may read of it: a status or an error's name, never an address. `answer` is the provider's own
    words, shown to nobody but whoever sent a test to themselves.
    """

    def __init__(self, words: str = "", kind: str = "", answer: str = "") -> None:
        super().__init__(words)
        self.kind, self.answer = kind, answer or kind


class Undeliverable(NotSent):
    """The provider works, and says that this address is nobody's: trying again is of no use."""


def shown(said: bytes) -> str:
    """Return the beginning of what a provider answered, as one line that can be shown."""
    letters = said.decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in letters).strip()[:KEPT_ANSWER]
