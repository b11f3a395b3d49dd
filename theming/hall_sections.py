"""What a hall's page in the console says of its looks."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from tenants.shared.hall_page import Line, Section
from tenants.shared.hall_sections import moment
from tenants.shared.models import Hall
from theming.models import HallTheme


def sections(hall: Hall, now: datetime) -> Iterator[Section]:
    """Yield since when which colours are in force, and how often they were published."""
    looks = list(HallTheme.objects.filter(hall=hall).order_by("-published_at", "-pk"))
    if not looks:
        yield Section("theme", _("外观"), note=_("还没有发布过外观，用的是全市的。"))
        return
    lines = [
        Line(_("主色"), looks[0].brand),
        Line(_("点缀色"), looks[0].accent),
        Line(_("发布时间"), moment(looks[0].published_at)),
        Line(_("发布过几次"), len(looks)),
    ]
    yield Section("theme", _("外观"), lines)
