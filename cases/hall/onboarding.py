"""Opening a hall, the part of its cases: the texts that clerks begin a reason with, as another hall has them."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from cases.hall.models import Case, ReasonText
from cases.hall.services import reason_texts
from catalog.hall.models import Adoption
from tenants.shared import jobs, scope
from tenants.shared.life import onboarding
from tenants.shared.models import HallJob

_COPIED = ("step", "verdict", "item_code", "name", "text")


def write_texts(job: HallJob) -> str:
    """Copy the texts of a hall like this one: those for all items, and those for items that this hall has too."""
    like = onboarding.pattern(job.params["texts_like"])
    if like is None:
        return _("没有可以照的，以后再写")
    with scope.hall(like):
        found = ReasonText.objects.filter(removed_at=None).order_by("position", "id")
        rows = list(found.values(*_COPIED))
    with scope.hall(onboarding.hall_of(job)):
        own = set(Adoption.objects.values_list("code", flat=True))
        reason_texts.load(
            [row for row in rows if not row["item_code"] or row["item_code"] in own], now=timezone.now()
        )
        return _("%(n)d 段") % {"n": ReasonText.objects.count()}


def in_use() -> str:
    """Say why the opening of the hall in scope cannot be taken back: a sentence where it has any case, draft or not."""
    return _("大厅里已经有办件，不能撤回") if Case.objects.exists() else ""


TEXTS = jobs.Step("texts", lazy("放入现成的话"), do=write_texts)
