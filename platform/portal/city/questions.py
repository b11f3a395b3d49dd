"""The demo's example questions and complaints, made by the steps that real ones go through."""

from collections.abc import Mapping
from datetime import datetime

from accounts.actor import Actor
from accounts.models import Person
from cases.hall.enquiry_enums import Kind
from cases.hall.services.enquiries import answering, asking, publishing
from cases.hall.services.enquiries.refusals import EnquiryRefused
from portal.city.examples import ExampleRefused
from portal.city.source import Entry


def make(hall: Entry, cast: Mapping[str, Person], staff: Mapping[str, Actor], *, now: datetime) -> int:
    """Ask the example questions of the hall in scope; its window answers and publishes those that say so; return how many.

    Raises ExampleRefused.
    """
    wanted = hall.get("questions") or []
    for number, entry in enumerate(wanted, 1):
        by = Actor.of(cast[entry["person"]], may_hold_posts=False)
        question = asking.Question(
            kind=Kind(entry["kind"]),
            text=entry["text"],
            item=str(entry.get("item") or ""),
            about=entry.get("about") or "",
            may_publish=bool(entry.get("published")),
        )
        try:
            made = asking.submit(question, by=by, idempotency_key=f"example-{number}", now=now)
            if entry.get("answer"):
                made = answering.answer(made, entry["answer"], by=staff["window"], now=now)
            if entry.get("published"):
                shown = publishing.proposal(made)
                publishing.publish(made, shown.question, shown.answer, by=staff["window"], now=now)
        except EnquiryRefused as problem:
            raise ExampleRefused(entry, {problem.field or "questions": str(problem)}) from problem
    return len(wanted)
