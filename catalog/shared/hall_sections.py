"""What a hall's page in the console says of its items: from public facts."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.shared.models import Offer, OpenReview, OverrideFact
from catalog.shared.reviews import overdue_before
from tenants.shared.hall_page import Line, Section
from tenants.shared.models import Hall


def sections(hall: Hall, now: datetime) -> Iterator[Section]:
    """Yield how many items the hall shows, which are its own, what it changed, and what waits for its decision."""
    counted = Offer.objects.filter(hall_id=hall.role).aggregate(
        items=Count("id", filter=Q(hidden=False, is_active=True)),
        local=Count("id", filter=Q(is_local=True)),
        hidden=Count("id", filter=Q(hidden=True)),
    )
    waiting = OpenReview.objects.filter(hall_id=hall.role).aggregate(
        all=Count("id"), late=Count("id", filter=Q(since__lt=overdue_before(now)))
    )
    changed = OverrideFact.objects.filter(hall_id=hall.role).count()
    lines = [
        Line(_("事项"), counted["items"]),
        Line(_("本地事项"), counted["local"]),
        Line(_("不显示"), counted["hidden"]),
        Line(_("改了几处"), changed),
        Line(
            _("等大厅定"),
            waiting["all"],
            url=f"{reverse('city-reviews')}?hall={hall.key}" if waiting["all"] else "",
        ),
    ]
    if waiting["late"]:
        lines.append(Line(_("过期没定"), waiting["late"], "danger"))
    yield Section("figures", _("事项和办件"), lines)
