"""The demo's example applications for several items at once 一件事, made by the steps that real ones go through."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from accounts.models import Person
from accounts.queries import applicant_of
from cases.hall import answers
from cases.hall.services import drafts, transition
from cases.hall.services.bundles import drafting, filing
from cases.hall.services.submit import Incomplete
from portal.city.examples import ExampleRefused, act, moment, sample_page
from portal.city.reading import City
from portal.city.source import Entry


def make(city: City, hall: str, cast: Mapping[str, Person], *, now: datetime) -> int:
    """Make the examples of the hall in scope; return how many. Raises ExampleRefused."""
    posts = {entry["username"]: entry["post"] for entry in city.people if entry["role"] == "clerk"}
    wanted = [example for example in city.together if example["hall"] == hall]
    for number, example in enumerate(wanted, 1):
        try:
            _make(example, f"together-{number}", cast, posts, now)
        except Incomplete as problem:
            raise ExampleRefused(example, {**problem.fields, **problem.materials}) from problem
        except (drafts.NotOffered, drafting.TooFew) as problem:
            raise ExampleRefused(example, {"parts": str(problem)}) from problem
        except (transition.NotAllowed, transition.DataNeeded, transition.ReasonNeeded) as problem:
            raise ExampleRefused(example, getattr(problem, "fields", {"steps": str(problem)})) from problem
    return len(wanted)


def _make(
    example: Entry, key: str, cast: Mapping[str, Person], posts: Mapping[str, str], now: datetime
) -> None:
    actor = Actor.of(cast[example["applicant"]], may_hold_posts=False)
    applicant = applicant_of(actor)
    at = moment(example, now)
    codes = [str(code) for code in example["parts"]]
    case = drafting.start(
        example["bundle"], codes, actor=actor, applicant=applicant, now=at - timedelta(minutes=9)
    )
    drafts.save_answers(case, example["answers"], actor=actor, now=at - timedelta(minutes=4))
    delivery = answers.clean_delivery(case.item["delivery"], example.get("delivery")).values
    drafts.set_delivery(case, delivery, actor=actor, now=at - timedelta(minutes=3))
    for material in case.item["materials"]:
        if answers.is_needed(material):
            upload = SimpleUploadedFile(f"{material['name']}.png", sample_page(), "image/png")
            drafts.add_file(
                case, material_key=material["key"], upload=upload, actor=actor, now=at - timedelta(minutes=2)
            )
    parent = filing.submit_whole(
        case, actor=actor, applicant=applicant, version=case.item_version, idempotency_key=key, now=at
    )
    children = {child.item_code: child for child in parent.children.all()}
    for step in example.get("steps") or []:
        # an hour of today that is yet to come is now; steps keep their order
        at = max(at, moment(step, now))
        by = Actor.of(cast[step["by"]], may_hold_posts=True).with_posts(frozenset({posts[step["by"]]}))
        code = str(step["item"])
        children[code] = act(children[code], step, by, at)
