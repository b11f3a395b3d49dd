"""What a hall's look needs before it opens: colours that can be read."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tenants.shared.golive import ADVICE, MISSING, Finding, ok
from tenants.shared.models import Hall
from theming import queries


def look_can_be_read(hall: Hall) -> Finding:
    """Compute every pair of the look in force."""
    title, theme = _("外观看得清"), queries.theme_of(hall)
    if theme is None:
        return Finding(title, ADVICE, _("还没有自己的外观，用的是市里的"))
    try:
        theme.tokens.check()
    except ValidationError as problem:
        return Finding(title, MISSING, "；".join(problem.messages))
    return ok(title, _("每一对颜色都够清楚"))
