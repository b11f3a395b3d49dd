"""Which posts one person may not hold together, and what is said of it (DOMAIN: 审批分离)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.actor import Reach
from tenants.hall.enums import PostRole

# whoever takes cases in does not decide them: not the same person over the same work
ACCEPTS = frozenset({str(PostRole.WINDOW)})
DECIDES = frozenset({str(PostRole.APPROVER), str(PostRole.HEAD)})


def overlap(one: Reach, other: Reach) -> bool:
    """Say whether two posts may meet the same case. Departments against items are taken to meet: an item has a department."""
    if one.is_whole or other.is_whole or bool(one.items) != bool(other.items):
        return True
    return bool(one.departments & other.departments or one.items & other.items)


def apart_problem(role: str, reach: Reach, held: Iterable[tuple[str, Reach]]) -> str:
    """Return why a person with these posts cannot have this one besides; empty when they can."""
    other = DECIDES if role in ACCEPTS else ACCEPTS if role in DECIDES else frozenset()
    for name, theirs in held:
        if name in other and overlap(reach, theirs):
            return _("他已是“{post}”。受理和审批要分开，同一摊事不能由一个人又受理又决定").format(
                post=PostRole(name).label
            )
    return ""
