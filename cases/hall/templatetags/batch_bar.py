"""The bar above the clerk's list: one act on the chosen cases."""

from typing import Any

from django import template
from django.template import Context

from cases.hall.services import batch

register = template.Library()


@register.inclusion_tag("cases_hall/parts/batch_bar.html", takes_context=True)
def batch_bar(context: Context) -> dict[str, Any]:
    """Show the acts that this clerk may do on many cases; nothing without one."""
    request = context["request"]
    return {
        "acts": batch.open_to(request.actor),
        "query": request.GET.urlencode(),
        "csrf_token": context["csrf_token"],
        "most": batch.MOST,
    }


@register.simple_tag(takes_context=True)
def list_query(context: Context) -> str:
    """Return the list's address as a query that a case's page keeps: all but the list's page."""
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    return f"?{asked.urlencode()}" if asked else ""
