"""Opening a hall, the part of its items: which of the city's it takes, told to the public with the same statements."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.hall.models import Adoption
from catalog.hall.services import adoption, offers
from catalog.shared.queries import in_use
from tenants.shared import jobs, scope
from tenants.shared.life import onboarding
from tenants.shared.models import HallJob


def adopt(job: HallJob) -> str:
    """Take the items that were asked for; one that the city has given up since is left out, and counted."""
    codes = job.params["items"]
    with scope.hall(onboarding.hall_of(job)):
        known = in_use(codes)
        adoption.adopt(known, now=timezone.now())
    jobs.progress(job, len(known), len(codes))
    if len(known) < len(codes):
        return _("%(n)d 项；%(gone)d 项市里刚停用，没有放") % {
            "n": len(known),
            "gone": len(codes) - len(known),
        }
    return _("%(n)d 项") % {"n": len(known)}


def give_back(job: HallJob) -> None:
    """Take no items any more, and tell the public."""
    hall = onboarding.find(job)
    if hall is None:
        return
    with scope.hall(hall):
        codes = list(Adoption.objects.values_list("code", flat=True))
        Adoption.objects.all().delete()
        offers.sync(codes)


ADOPT = jobs.Step("items", lazy("放入事项"), do=adopt, undo=give_back)
