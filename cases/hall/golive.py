"""What a hall's work needs before it opens: a window for each item that people come for, and one case done from end to end."""

from django.utils.translation import gettext as _

from cases.hall.enums import State
from cases.hall.models import Case
from cases.hall.queries.slots import window_of
from catalog.hall.models import EffectiveItem
from tenants.hall.queries import windows
from tenants.shared.life.golive import ADVICE, MISSING, Finding, ok
from tenants.shared.models import Hall

DONE = (State.DELIVERED, State.ARCHIVED)
NAMED = 3


def items_have_windows(hall: Hall) -> Finding:
    """Look for items that are booked or visited and that no window serves."""
    title, known = _("要到场的事项都有窗口"), windows()
    shown = EffectiveItem.objects.filter(hidden=False).only(
        "code", "name", "department", "can_book", "visits"
    )
    lacking = [
        item.name for item in shown if (item.can_book or item.visits) and window_of(item, known) is None
    ]
    if lacking:
        told = _("%(n)d 项没有窗口：%(names)s") % {"n": len(lacking), "names": "、".join(lacking[:NAMED])}
        return Finding(title, MISSING, told, "/staff/windows/")
    return ok(title, _("都有"))


def a_case_was_finished(hall: Hall) -> Finding:
    """Look for one case that went all the way in the rehearsal."""
    title = _("试办过一件")
    finished = Case.objects.filter(state__in=DONE).order_by("id").first()
    if finished is None:
        return Finding(title, MISSING, _("请受邀的人交一件，由窗口办到底"), "/clerk/")
    return ok(title, _("%(number)s 办完了") % {"number": finished.number})


def nothing_is_left(hall: Hall) -> Finding:
    """Tell how many cases of the rehearsal still run: they are real, and go on after the opening."""
    title, running = _("试运行的件"), Case.objects.filter(is_open=True).count()
    if running:
        told = _("还有 %(n)d 件在办，开通以后照常办。只是试的，请先办完或撤回") % {"n": running}
        return Finding(title, ADVICE, told, "/clerk/")
    return ok(title, _("都办完了"))
