"""Real pages of the portal in which the city's look is tried before it is published."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from tenants.shared.models import Hall


def pages(hall: Hall | None) -> Iterator[tuple[str, str]]:
    """Yield the front door, the halls, a search and the console; nothing for a hall."""
    if hall is not None:
        return
    yield _("门户首页"), reverse("home")
    yield _("选大厅"), reverse("halls")
    yield _("搜索"), reverse("search")
    yield _("市级后台"), reverse("city")
