"""The demo's example cases, made by the steps that real ones go through, at working hours of days gone by."""

import functools
import io
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.actor import Actor
from accounts.models import Company, Person
from accounts.queries import applicant_of
from cases.hall import answers
from cases.hall.models import Case
from cases.hall.queries import calendar
from cases.hall.services import drafts, transition
from cases.hall.services.submit import Incomplete, submit
from portal.city.reading import DRAFT, City
from portal.city.source import Entry


class ExampleRefused(Exception):
    """An example case is not one that could be real; the text names its place in the folder."""

    def __init__(self, example: Entry, problems: Mapping[str, str]) -> None:
        found = "；".join(f"{name}: {text}" for name, text in problems.items())
        super().__init__(f"{example.file}:{example.line}: {found}")


def make(city: City, hall: str, cast: Mapping[str, Person], *, now: datetime) -> int:
    """Make the example cases of the hall in scope; return how many. Raises ExampleRefused."""
    posts = {entry["username"]: entry["post"] for entry in city.people if entry["role"] == "clerk"}
    companies = {company["key"]: company["uscc"] for company in city.companies}
    wanted = [case for case in city.cases if case["hall"] == hall]
    for number, example in enumerate(wanted, 1):
        try:
            _make(example, f"example-{number}", cast, posts, companies.get(example.get("company", "")), now)
        except Incomplete as problem:
            raise ExampleRefused(example, {**problem.fields, **problem.materials}) from problem
        except (transition.NotAllowed, transition.DataNeeded, transition.ReasonNeeded) as problem:
            raise ExampleRefused(example, getattr(problem, "fields", {"steps": str(problem)})) from problem
    return len(wanted)


def _make(
    example: Entry,
    key: str,
    cast: Mapping[str, Person],
    posts: Mapping[str, str],
    uscc: str | None,
    now: datetime,
) -> None:
    actor = Actor.of(cast[example["applicant"]], may_hold_posts=False)
    applicant = applicant_of(actor)
    company = Company.objects.get(pk=uscc) if uscc else None
    first, *rest = example["steps"]
    at = moment(first, now)
    case = drafts.start(
        str(example["item"]), actor=actor, applicant=applicant, company=company, now=at - timedelta(minutes=9)
    )
    drafts.save_answers(case, example.get("answers", {}), actor=actor, now=at - timedelta(minutes=4))
    delivery = answers.clean_delivery(case.item["delivery"], example.get("delivery")).values
    case = drafts.set_delivery(case, delivery, actor=actor, now=at - timedelta(minutes=3))
    if first["action"] == DRAFT:
        return
    # nothing is granted while a paper that may follow is owed
    is_whole = any(step["action"] in {"grant", "complete", "complete_here"} for step in rest)
    for material in case.item["materials"]:
        if answers.is_needed(material) or (is_whole and material.get("necessity") == "later"):
            upload = SimpleUploadedFile(f"{material['name']}.png", sample_page(), "image/png")
            drafts.add_file(
                case, material_key=material["key"], upload=upload, actor=actor, now=at - timedelta(minutes=2)
            )
    case = submit(
        case, actor=actor, applicant=applicant, version=case.item_version, idempotency_key=key, now=at
    )
    for step in rest:
        # an hour of today that is yet to come is now; steps keep their order
        at = max(at, moment(step, now))
        by = Actor.of(cast[step["by"]], may_hold_posts=True).with_posts(frozenset({posts[step["by"]]}))
        case = act(case, step, by, at)


def act(case: Case, step: Entry, by: Actor, at: datetime) -> Case:
    """Take an example's step."""
    data: dict[str, Any] = dict(step.get("data", {}))
    return transition.apply(case, step["action"], by=by, now=at, reason=step.get("reason", ""), data=data)


def moment(step: Entry, now: datetime) -> datetime:
    """Return the hour of a step: so many working days before today, and not after now."""
    day = workdays_back(timezone.localdate(now), int(step.get("ago", 0)))
    at = datetime.combine(day, time.fromisoformat(step["time"]), timezone.get_current_timezone())
    return min(at, now)


def workdays_back(day: date, number: int) -> date:
    """Return the working day `number` working days before the last one up to `day`."""
    table = calendar.current()
    while not table.is_workday(day):
        day -= timedelta(days=1)
    for _step_back in range(number):
        day -= timedelta(days=1)
        while not table.is_workday(day):
            day -= timedelta(days=1)
    return day


@functools.cache
def sample_page() -> bytes:
    """Return a page that stands for a paper: a picture with the word sample on it."""
    page = Image.new("RGB", (600, 420), "#F7F6F2")
    drawing = ImageDraw.Draw(page)
    drawing.rectangle((20, 20, 580, 400), outline="#6A736E", width=3)
    drawing.text((60, 60), "SAMPLE", fill="#1C2320")
    content = io.BytesIO()
    page.save(content, "PNG")
    return content.getvalue()
