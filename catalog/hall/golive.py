"""What a hall's catalogue needs before it opens: items, departments for them, and no change of the city's left undecided."""

from django.utils.translation import gettext as _

from catalog.hall.models import EffectiveItem, Review
from tenants.hall.queries import department_names
from tenants.shared.life.golive import ADVICE, MISSING, Finding, ok
from tenants.shared.models import Hall


def items_are_there(hall: Hall) -> Finding:
    """Look for items that people can see."""
    title, number = _("事项"), EffectiveItem.objects.filter(hidden=False).count()
    if not number:
        return Finding(title, MISSING, _("一项也没有"), "/staff/catalog/")
    return ok(title, _("%(n)d 项") % {"n": number})


def items_have_departments(hall: Hall) -> Finding:
    """Look for items whose department the hall does not have."""
    title = _("每项事项的部门都在")
    shown = EffectiveItem.objects.filter(hidden=False).exclude(department__in=department_names())
    lacking = sorted(set(shown.values_list("department", flat=True)))
    if lacking:
        return Finding(
            title,
            ADVICE,
            _("本厅没有这些部门：%(names)s") % {"names": "、".join(lacking[:5])},
            "/departments/",
        )
    return ok(title, _("都在"))


def reviews_are_done(hall: Hall) -> Finding:
    """Look for changes of the city's that the hall has yet to decide on."""
    title, waiting = _("市里改的都定了"), Review.objects.count()
    if waiting:
        return Finding(title, MISSING, _("还有 %(n)d 处没定") % {"n": waiting}, "/staff/reviews/")
    return ok(title, _("没有没定的"))
