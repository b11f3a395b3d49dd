"""Opening a hall, the part of its look: a prepared one, or that of another hall."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tenants.shared import jobs, roles
from tenants.shared.life import onboarding
from tenants.shared.models import HallJob
from theming import queries
from theming.models import HallTheme
from theming.prepared import PREPARED
from theming.services import publish


def dress(job: HallJob) -> str:
    """Publish the look that was asked for; one that the hall has already stays."""
    hall = onboarding.hall_of(job)
    if HallTheme.objects.using(roles.OWNER).filter(hall=hall).exists():
        return ""
    like = onboarding.pattern(job.params["look"])
    if like is not None:
        tokens, said = queries.look_of(like).tokens, _("和%(hall)s一样") % {"hall": like.short_name}
    else:
        look = PREPARED.get(job.params["prepared"]) or next(iter(PREPARED.values()))
        tokens, said = look.tokens, str(look.label)
    publish(hall, tokens, now=timezone.now(), using=roles.OWNER)
    return said


def undress(job: HallJob) -> None:
    """Take the hall's looks away."""
    HallTheme.objects.using(roles.OWNER).filter(hall_id=job.facts.get(onboarding.NUMBER)).delete()


LOOK = jobs.Step("look", lazy("换上外观"), do=dress, undo=undress)
