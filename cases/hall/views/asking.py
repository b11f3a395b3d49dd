"""Who asks for which draft: the person's own or of whom they act for, and only while it is one."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from accounts.access import signed_in
from cases.hall.enums import State
from cases.hall.queries import access
from cases.hall.services import drafts
from tenants.shared.http import HallRequest


def of_draft(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give a view this person's draft, or that of somebody they act for, in place of its key; another's is a 404.

    One that has been submitted leads to its receipt, whatever page of the draft was asked for.
    """

    @signed_in
    @wraps(view)
    def guarded(request: HallRequest, pk: UUID, **kwargs: Any) -> HttpResponseBase:
        case = access.draft_for(request.actor, pk)
        if case.state != State.DRAFT:
            return redirect("case-receipt", case.receipt_number)
        try:
            return view(request, case, **kwargs)
        except drafts.NotADraft:
            # submitted from another window while this page was being sent
            case.refresh_from_db()
            return redirect("case-receipt", case.receipt_number)

    return guarded
