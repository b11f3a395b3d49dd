"""Facts of a case that stand on its row: set by the step that makes them true, saved with the case."""

from cases.hall.models import Case
from cases.hall.transitions import Fact


def put(case: Case, fact: Fact, *, is_true: bool = True) -> None:
    """Set or take away a fact on the locked case; the caller saves `marks`."""
    others = [name for name in case.marks if name != fact]
    case.marks = sorted([*others, str(fact)]) if is_true else others
