"""Texts to start a reason from: written by who fits items to the hall, checked before a clerk ever sees them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit import services as audit
from cases.hall import answers, transitions, wording
from cases.hall.enums import Verdict
from cases.hall.models import ReasonText
from catalog.hall.models import EffectiveItem

# what a clerk writes a reason for
STEPS = tuple(
    dict.fromkeys(
        step.name for step in transitions.TABLE if step.needs_reason and step.name in transitions.ASKED_FOR
    )
)


class NotSaved(Exception):
    """The text is not taken: `fields` says which of its parts, each with a sentence."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("；".join(fields.values()))
        self.fields = dict(fields)


@dataclass(frozen=True)
class Wanted:
    """A text as somebody writes it: of one step or of one verdict; of one item or, without a code, of all."""

    name: str
    text: str
    step: str = ""
    verdict: str = ""
    item_code: str = ""


def save(wanted: Wanted, *, by: Actor, now: datetime, row: ReasonText | None = None) -> ReasonText:
    """Add a text, or change `row`. Raises NotSaved: an unknown name in braces, another text of the same name."""
    row = row or ReasonText()
    name, text = (answers.printable(part).strip() for part in (wanted.name, wanted.text))
    code = wanted.item_code
    known = EffectiveItem.objects.filter(code=code).values_list("code", flat=True) if code else ()
    check(replace(wanted, name=name, text=text), list(known))
    # one that was removed under this name makes room
    ReasonText.objects.filter(
        step=wanted.step, verdict=wanted.verdict, item_code=wanted.item_code, name=name
    ).exclude(removed_at=None).exclude(pk=row.pk).delete()
    row.name, row.text = name, text
    row.step, row.verdict, row.item_code = wanted.step, wanted.verdict, wanted.item_code
    row.changed_at, row.changed_by = now, by.person_id
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NotSaved({"name": _("这里已经有一段叫“%(name)s”，请换个名字") % {"name": name}}) from None
    _audit("reason_text.save", row, by, now)
    return row


def check(wanted: Wanted, codes: Collection[str]) -> None:
    """Raise NotSaved unless the text is good; `codes` are the items that there are."""
    errors: dict[str, str] = {}
    if bool(wanted.step) == bool(wanted.verdict) or (
        wanted.step not in {"", *STEPS} or wanted.verdict not in {"", *Verdict.values}
    ):
        errors["place"] = _("请选用在哪里")
    if not wanted.name or len(wanted.name) > wording.MAX_NAME:
        errors["name"] = _("请起个名字，最多 %(n)d 个字") % {"n": wording.MAX_NAME}
    if not wanted.text or len(wanted.text) > wording.MAX_TEXT:
        errors["text"] = _("请写这段话，最多 %(n)d 个字") % {"n": wording.MAX_TEXT}
    else:
        try:
            wording.check(wanted.text, is_of_verdict=bool(wanted.verdict))
        except wording.BadText as problem:
            errors["text"] = str(problem)
    if wanted.item_code and wanted.item_code not in codes:
        errors["item_code"] = _("没有这个事项，请照事项页上的编码写")
    if errors:
        raise NotSaved(errors)


def remove(row: ReasonText, *, by: Actor, now: datetime) -> None:
    """Offer this text no more. What was written with it stays."""
    row.removed_at = row.changed_at = now
    row.changed_by = by.person_id
    row.save(update_fields=["removed_at", "changed_at", "changed_by"])
    _audit("reason_text.remove", row, by, now)


def load(rows: Iterable[Mapping[str, Any]], *, now: datetime) -> int:
    """Add the city's texts that this hall does not know yet, removed ones among them; return how many are new."""
    known = set(ReasonText.objects.values_list("step", "verdict", "item_code", "name"))
    new = [
        ReasonText(**row, position=number, changed_at=now)
        for number, row in enumerate(rows, start=1)
        if (row["step"], row["verdict"], row["item_code"], row["name"]) not in known
    ]
    ReasonText.objects.bulk_create(new)
    return len(new)


def _audit(action: str, row: ReasonText, by: Actor, now: datetime) -> None:
    audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=str(row.pk),
        detail={"step": row.step, "verdict": row.verdict, "item": row.item_code, "name": row.name},
    )
