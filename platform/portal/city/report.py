"""What a run of loading did: per kind of row, how many were new, were there already, or are there and differ."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.translation import gettext as _

Key = TypeVar("Key", bound=Hashable)


@dataclass
class Tally:
    """The count of one kind."""

    new: int = 0
    same: int = 0
    different: int = 0


@dataclass
class Report:
    """The counts of all kinds, in the order they were loaded."""

    kinds: dict[str, Tally] = field(default_factory=dict)

    def count(self, kind: str, *, new: int = 0, same: int = 0, different: int = 0) -> None:
        """Add to a kind's count."""
        tally = self.kinds.setdefault(kind, Tally())
        tally.new += new
        tally.same += same
        tally.different += different

    def missing(
        self, kind: str, wanted: Mapping[Key, Mapping[str, Any]], there: Mapping[Key, Mapping[str, Any]]
    ) -> list[Key]:
        """Return the keys that are not there yet, and count all: what is there and differs is left as people made it."""
        known = wanted.keys() & there.keys()
        different = sum(
            1 for key in known if any(there[key].get(name) != value for name, value in wanted[key].items())
        )
        lacking = [key for key in wanted if key not in there]
        self.count(kind, new=len(lacking), same=len(known) - different, different=different)
        return lacking

    def lines(self) -> Iterable[str]:
        """Yield one line a kind, and say so when nothing changed."""
        for kind, tally in self.kinds.items():
            text = _("%(kind)s：新装 %(new)d，已有 %(same)d") % {
                "kind": kind,
                "new": tally.new,
                "same": tally.same,
            }
            yield text + (_("，不同 %(n)d（没有改）") % {"n": tally.different} if tally.different else "")
        if not any(tally.new for tally in self.kinds.values()):
            yield _("没有新的，什么也没改。")
