"""Who works on a case, as any page of the desk may show it."""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from cases.hall.models import Case
from cases.hall.queries.seats import covered_by
from cases.hall.services import claims
from cases.hall.whose import post_of

register = template.Library()


@register.inclusion_tag("cases_hall/parts/claim.html", takes_context=True)
def claim_state(context: Context, case: Case) -> dict[str, Any]:
    """Show who works on the case and what this clerk may do about it. One query, when somebody else holds it."""
    actor = context["request"].actor
    is_mine = case.claimed_by is not None and case.claimed_by == actor.person_id
    covered = covered_by(actor.person_id, timezone.localdate()) if case.claimed_by and not is_mine else {}
    return {
        "case": case,
        "is_anybodys": bool(post_of(case.state)),
        "is_mine": is_mine,
        "is_covered": case.claimed_by in covered,
        "may_claim": claims.may_claim(case, actor),
        "may_pass_on": claims.may_pass_on(case, actor),
        "csrf_token": context.get("csrf_token"),
    }
