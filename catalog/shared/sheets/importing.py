"""A file from start to end: looked at, or written all or nothing. In the scope of whose items they are."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from accounts.actor import Actor
from catalog.shared.sheets.planning import Chooser, Line, Planner, undecided
from catalog.shared.sheets.staging import Problem, Problems, Staged

# which step of the work, how much of it is done, of how much (0: not known)
Report = Callable[[str, int, int], None]
READING, COMPARING, WRITING = "reading", "comparing", "writing"


@dataclass
class Outcome:
    """What a file is, or has become: items by kind, errors, conflicts that wait, revisions of the drafts written."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: Problems = field(default_factory=Problems)
    open_conflicts: int = 0
    revisions: dict[str, int] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether it can be written as it is."""
        return not self.problems.count and not self.open_conflicts

    @property
    def told(self) -> Sequence[Problem]:
        """The errors that are told one by one, in the order of the file."""
        return self.problems.told


class NotWritten(Exception):
    """Something stands against it, so nothing is written; `outcome` says what."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def silent(_step: str, _done: int, _total: int) -> None:
    """Report to nobody."""


def look(
    planner: Planner,
    path: Path,
    *,
    wanted: str = "",
    choose: Chooser = undecided,
    report: Report = silent,
    lines: Callable[[list[Line]], None] = lambda _lines: None,
    kept: "Kept | None" = None,
) -> Outcome:
    """Say what an import would do; write nothing. `lines` is given the lines of each batch. Raises Unreadable, Foreign."""
    staged = _staged(planner, path, wanted, report)
    try:
        outcome = _run(planner, staged, choose, report, lines, None)
    except BaseException:
        staged.close()
        raise
    if kept is None or (not outcome.is_good and outcome.problems.count):
        staged.close()
    else:
        kept.keep(staged)
    return outcome


def write(
    planner: Planner, path: Path, *, by: Actor, now: datetime, note: str, wanted: str = "",
    choose: Chooser = undecided, report: Report = silent, kept: "Kept | None" = None,
) -> Outcome:  # fmt: skip
    """Import a file, in the transaction of the caller, who rolls back on NotWritten. Raises Unreadable, Foreign, NotWritten.

    What a look has `kept` of the file is not read again.
    """
    with (kept.take() if kept else None) or _staged(planner, path, wanted, report) as staged:
        outcome = _run(planner, staged, choose, report, lambda _lines: None, (by, now, note))
    if not outcome.is_good:
        raise NotWritten(outcome)
    return outcome


class Kept:
    """The rows of the file that was looked at last, for the import that follows: of one file only, on disk."""

    def __init__(self) -> None:
        self._staged: Staged | None = None

    def keep(self, staged: Staged) -> None:
        """Keep the rows of a file, and forget those kept before."""
        self.forget()
        self._staged = staged

    def take(self) -> Staged | None:
        """Return what is kept, which is then the caller's to close."""
        staged, self._staged = self._staged, None
        return staged

    def forget(self) -> None:
        """Remove what is kept."""
        if self._staged is not None:
            self._staged.close()
            self._staged = None


def _staged(planner: Planner, path: Path, wanted: str, report: Report) -> Staged:
    staged = Staged(planner.book, planner.here)
    try:
        staged.fill(path, wanted=wanted, progress=lambda done: report(READING, done, 0))
    except BaseException:
        staged.close()
        raise
    return staged


def _run(
    planner: Planner, staged: Staged, choose: Chooser, report: Report,
    lines: Callable[[list[Line]], None], write: tuple[Actor, datetime, str] | None,
) -> Outcome:  # fmt: skip
    outcome = Outcome(problems=staged.problems)
    total, done = staged.count(), 0
    report(COMPARING, 0, total)
    for batch in staged.batches():
        step = planner.plan(batch, outcome.problems, choose)
        outcome.counts += step.counts
        outcome.open_conflicts += step.open_conflicts
        lines(step.lines)
        if write is not None and outcome.is_good:
            by, now, note = write
            outcome.revisions |= planner.write(step, by=by, now=now, note=note)
        done += len(batch)
        report(WRITING if write else COMPARING, done, total)
    return outcome
