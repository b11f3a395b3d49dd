"""我的材料 on a draft's page: what of it fits which material, and what is kept of an upload for the next application."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import material_kinds
from accounts.models import Material
from accounts.queries import materials_of
from accounts.services import materials
from cases.hall.models import Case, CaseFile
from cases.hall.queries import access
from cases.hall.services.uploads import kept
from cases.hall.views import shown
from tenants.shared.http import HallRequest

# what the page says after a redirect, by the address: a text of ours, never the sender's
TROUBLE = "not-kept"


@dataclass(frozen=True)
class Offer:
    """A kept paper that fits a material: how far it is known, and whether it still holds."""

    material: Material
    note: str
    is_expired: bool


def may(request: HallRequest, case: Case) -> bool:
    """Whether who asks is the applicant: nobody else reaches what the applicant keeps."""
    return access.is_self(request.actor, case)


def offer(request: HallRequest, case: Case, blocks: Sequence[shown.Block]) -> None:
    """Put into each block what the applicant keeps that fits it. One query, whatever there is."""
    if not may(request, case):
        return
    own, today = materials_of(request.actor), timezone.localdate()
    for block in blocks:
        block.offers = [
            Offer(each, kept.note(each), materials.is_expired(each, today))
            for each in own
            if material_kinds.fits(each.kind, each.label, block.name)
        ]


def after(request: HallRequest, case: Case, taken: CaseFile, *, is_wanted: Any) -> str:
    """Return where to go on to once a file is taken; where it is to be kept besides, that is done first.

    What cannot be kept is said on the page; the draft has its file all the same.
    """
    address = reverse("draft-files", args=[case.pk])
    if is_wanted:
        try:
            kept.keep_file(case, taken, actor=request.actor, now=timezone.now())
        except materials.NotKept:
            address += f"?{TROUBLE}=1"
    return f"{address}#m-{taken.material_key}"


def trouble(request: HallRequest) -> str:
    """Return why something was not kept, where the address says so."""
    if TROUBLE not in request.GET:
        return ""
    return _(
        "这份已经传进申请，但没有存进“我的材料”：存满了或现在存不下。可以先删掉不用的，再到“我的材料”里存。"
    )
