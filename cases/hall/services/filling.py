"""Answers put into a draft by a program: checked against its form, all or none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.actor import Actor
from cases.hall import answers
from cases.hall.models import Case
from cases.hall.services import drafts
from cases.hall.services.submit import Incomplete
from catalog.shared import questions
from tenants.shared import divisions


def put(case: Case, raw: Mapping[str, Any], *, actor: Actor, now: datetime) -> Case:
    """Put these answers into the draft; None takes one away, what does not apply is dropped.

    Raises Incomplete with every answer that is not good, drafts.NotADraft, MandateOver.
    """
    case = drafts.locked(case, actor, now)
    form = case.item.get("form") or []
    whole = {name: value for name, value in {**case.answers, **raw}.items() if value is not None}
    towns = {town.code for town in divisions.towns()}
    checked = answers.clean(form, whole, divisions=towns, today=timezone.localdate(now), is_draft=True)
    wrong = {name: text for name, text in checked.errors.items() if name.partition(".")[0] in raw}
    if wrong:
        raise Incomplete(wrong, {})
    asked = {row["name"] for row, _known in questions.asked(questions.nested(form), checked.values)}
    given = {name: checked.values.get(name) for name, value in raw.items() if name in asked or value is None}
    return drafts.save_answers(case, given, actor=actor, now=now)
