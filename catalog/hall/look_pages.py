"""Real pages in which a hall's look is tried before it is published."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.hall import queries
from tenants.shared.models import Hall


def pages(hall: Hall | None) -> Iterator[tuple[str, str]]:
    """Yield the home page, a list, and the guide and the form of an item; nothing for the portal."""
    if hall is None:
        return
    yield _("大厅首页"), reverse("home")
    yield _("事项列表"), reverse("items")
    item = queries.own_offers(hall).filter(hidden=False).order_by("-can_apply", "is_local", "code").first()
    if item is not None:
        yield _("一项的指南：%(name)s") % {"name": item.name}, reverse("item", args=[item.code])
        yield _("这一项的表单"), reverse("staff-item-form", args=[item.code])
