"""What a hall's look needs before it opens: colours that can be read, and nothing of the city's that waits for its word."""

from django.utils.translation import gettext as _

from tenants.shared.life.golive import ADVICE, MISSING, Finding, ok
from tenants.shared.models import Hall
from theming import queries

PAGE = "/staff/theme/"


def look_can_be_read(hall: Hall) -> Finding:
    """Compute every pair of the look in force."""
    title, found = _("外观看得清"), queries.readiness(hall)
    if found.failures:
        return Finding(
            title, MISSING, _("有 %(n)d 对颜色看不清，请换一换") % {"n": len(found.failures)}, PAGE
        )
    if not found.is_published:
        return Finding(title, ADVICE, _("还没有自己的外观，用的是市里的"), PAGE)
    if found.reviews:
        return Finding(title, ADVICE, _("市里改了 %(n)d 处，还没定") % {"n": found.reviews}, PAGE)
    return ok(title, _("每一对颜色都够清楚"))
