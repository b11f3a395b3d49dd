"""One-time correction 一次性告知: everything at once, answered in a copy, handed in once (行政许可法 32)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from cases.hall import answers, corrections
from cases.hall.enums import Power, State, Verdict
from cases.hall.models import Case, CaseFile, CorrectionPoint, CorrectionRequest, Event
from cases.hall.queries import facts
from cases.hall.services import attachments, authority, marks
from cases.hall.services.refusals import DataNeeded, NotOpen
from cases.hall.transitions import Fact
from catalog.shared import questions
from tenants.shared import divisions

_OPEN = Q(answered_at=None, cancelled_at=None, ended_at=None)
MATERIAL, FIELD = CorrectionPoint.MATERIAL, CorrectionPoint.FIELD


class AlreadySeen(NotOpen):
    """A second notice may ask only for what the new papers raise (行政许可法 32: 一次性告知); the head may order more."""


class NotAskedFor(Exception):
    """The notice does not ask for this; the text says so."""


def asked_about(case: Case) -> dict[tuple[str, str], str]:
    """Return all that may be asked of this case: (kind, key) → name. Nothing off the item's list (行政许可法 31)."""
    materials = [
        row for row in case.item.get("materials") or [] if not row.get("exempt") and not row.get("hidden")
    ]
    found = {(MATERIAL, str(row["key"])): str(row["name"]) for row in materials}
    asked = questions.asked(questions.nested(case.item.get("form") or []), case.answers)
    return found | {(FIELD, str(row["name"])): str(row["label"]) for row, _known in asked}


def may_be_asked_again(case: Case) -> set[tuple[str, str]] | None:
    """Return what a further notice may name without the head: what the last one named. None: there was no notice."""
    last = CorrectionRequest.objects.filter(case=case).order_by("-requested_at", "-event__sequence").first()
    return set(last.points.values_list("kind", "key")) if last else None


def clean(case: Case, raw: Any, *, is_ordered: bool) -> list[dict[str, str]]:
    """Return the points of a notice: kind, key, label, verdict, reason, where. A reason left empty is the template's.

    Raises DataNeeded with `points` or `<kind>.<key>` for each that is wrong, AlreadySeen.
    """
    known = asked_about(case)
    rows = [row for row in raw if isinstance(row, Mapping)] if isinstance(raw, list) else []
    errors: dict[str, str] = {}
    points: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        place = (str(row.get("kind") or MATERIAL), str(row.get("key") or ""))
        if place not in known or place in points:
            errors[".".join(place)[:60]] = _("事项的清单上没有这一项，不能要求")
        else:
            points[place] = _point(case, place, known[place], row, errors)
    if not points and not errors:
        errors["points"] = _("请至少指出一处")
    if errors:
        raise DataNeeded(errors)
    again = may_be_asked_again(case)
    if again is not None and not is_ordered and (new := points.keys() - again):
        names = "、".join(known[place] for place in known if place in new)
        raise AlreadySeen(_("上次就看过：%(names)s。只能一次告知，确要补由负责人决定") % {"names": names})
    return [points[place] for place in known if place in points]


def _point(
    case: Case, place: tuple[str, str], name: str, row: Mapping[str, Any], errors: dict[str, str]
) -> dict[str, str]:
    kind, key = place
    verdict = str(row.get("verdict") or "")
    is_there = _is_there(case, kind, key)
    if verdict not in Verdict.values:
        errors[f"{kind}.{key}"] = _("请选一种")
        return {}
    if (verdict == Verdict.MISSING) == is_there:
        errors[f"{kind}.{key}"] = _("这一项已经有了，不能说缺") if is_there else _("这一项没有，只能说缺")
    reason = answers.printable(str(row.get("reason") or "")).strip()
    return {
        "kind": kind,
        "key": key,
        "label": name,
        "verdict": verdict,
        "reason": (reason or corrections.template(kind, verdict, name))[: corrections.MAX_REASON],
        "where": answers.printable(str(row.get("where") or "")).strip()[: corrections.MAX_WHERE],
    }


def _is_there(case: Case, kind: str, key: str) -> bool:
    if kind == FIELD:
        return case.answers.get(key) not in (None, "")
    return bool(attachments.current(case).filter(material_key=key).exists())


def open_request(case: Case, event: Event, points: Sequence[Mapping[str, str]], now: datetime) -> None:
    """Write the notice's points, each with what is there now. The log keeps their number alone."""
    request = CorrectionRequest.objects.create(
        case=case, event=event, is_ordered=event.action == "order_correction", requested_at=now
    )
    CorrectionPoint.objects.bulk_create(
        CorrectionPoint(request=request, position=number, before=_before(case, point), **point)
        for number, point in enumerate(points)
    )
    marks.put(case, Fact.CORRECTED)


def _before(case: Case, point: Mapping[str, str]) -> dict[str, Any]:
    if point["kind"] == FIELD:
        return {"value": case.answers.get(point["key"])}
    files = attachments.current(case).filter(material_key=point["key"]).order_by("uploaded_at", "id")
    return {"files": [str(pk) for pk in files.values_list("pk", flat=True)]}


def current(case: Case) -> CorrectionRequest | None:
    """Return the notice that waits for an answer, or None. One query."""
    found = CorrectionRequest.objects.filter(_OPEN, case=case).first()
    if found is not None:
        found.case = case
    return found


def _editable(case: Case, actor: Actor, now: datetime) -> tuple[Case, CorrectionRequest]:
    """Return the locked case and its open notice to whoever may correct it.

    Raises NotOpen: answered, taken back, or the last day has passed; MandateOver.
    """
    case = Case.objects.lock(case.pk)
    authority.check(case, actor, Power.CORRECT, now=now)
    request = current(case) if case.state == State.CORRECTION else None
    if request is None:
        raise NotOpen(_("这件现在不用补材料"))
    if case.due_on is not None and not case.is_due_expected and timezone.localdate(now) > case.due_on:
        raise NotOpen(_("补材料的最后一天已经过了"))
    return case, request


def save_answers(case: Case, raw: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, str]:
    """Keep typed values in the copy; return the errors of those that are not good. Nothing is sent yet. Raises NotOpen."""
    case, request = _editable(case, actor, now)
    towns = {town.code for town in divisions.towns()}
    errors: dict[str, str] = {}
    # what one answer opens may be answered in the same breath
    for _round in range(2):
        names = {row["name"] for row in to_mend(case, request)}
        form = [row for row in questions.nested(case.item.get("form") or []) if row["name"] in names]
        given = {name: value for name, value in raw.items() if name in names}
        said = {name: value for name, value in merged(case, request).items() if name not in names}
        checked = answers.clean(
            form,
            given,
            divisions=towns,
            today=timezone.localdate(now),
            is_draft=True,
            own_number=str(case.applicant.get("id_number", "")),
            said=said,
        )
        errors |= checked.errors
        request.answers = {**request.answers, **checked.values}
    request.save(update_fields=["answers"])
    return errors


def merged(case: Case, request: CorrectionRequest) -> dict[str, Any]:
    """Return the answers as they will be when the copy is handed in: only those whose questions are asked."""
    return questions.pruned(case.item.get("form") or [], {**case.answers, **request.answers})


def to_mend(case: Case, request: CorrectionRequest) -> list[Mapping[str, Any]]:
    """Return the questions that are answered anew: those of the notice, and those that the new answers open. One query."""
    named = set(request.points.filter(kind=FIELD).values_list("key", flat=True))
    return questions.with_followers(
        case.item.get("form") or [], named, case.answers, {**case.answers, **request.answers}
    )


def opened(case: Case, request: CorrectionRequest) -> list[Mapping[str, Any]]:
    """Return the questions that the new answers open and that must be answered before the copy is handed in."""
    if not request.answers:
        return []
    form = case.item.get("form") or []
    was = {row["name"] for row in questions.missing(form, case.answers)}
    return [row for row in questions.missing(form, merged(case, request)) if row["name"] not in was]


def add_file(
    case: Case,
    *,
    material_key: str,
    upload: Any,
    actor: Actor,
    now: datetime,
    shared: CaseFile | None = None,
) -> CaseFile:
    """Take a file into the copy; it is sent with the rest. `shared` is another child's file instead of an upload.

    Raises files.FileRefused, NotOpen, NotAskedFor.
    """
    case, request = _editable(case, actor, now)
    if not request.points.filter(kind=MATERIAL, key=material_key).exists():
        raise NotAskedFor(_("这份材料不用补"))
    if shared is not None:
        return attachments.share(shared, case, correction=request, now=facts.not_before(case, now))
    return attachments.take(
        case,
        material_key=material_key,
        upload=upload,
        actor=actor,
        now=facts.not_before(case, now),
        correction=request,
    )


def remove_file(case: Case, pk: Any, *, actor: Actor, now: datetime) -> None:
    """Take a file out of the copy again. Raises NotOpen, CaseFile.DoesNotExist."""
    case, request = _editable(case, actor, now)
    attachments.drop([unsent_files(request).get(pk=pk)], now=now)


def unsent_files(request: CorrectionRequest) -> Any:
    """Return the files of the copy that are not sent."""
    return CaseFile.objects.filter(correction=request, case=None, removed_at=None)


def open_points(request: CorrectionRequest) -> list[CorrectionPoint]:
    """Return the points that the copy does not answer yet. Two queries."""
    given = set(unsent_files(request).values_list("material_key", flat=True))
    return [
        point
        for point in request.points.order_by("position")
        if (point.key not in given if point.kind == MATERIAL else _is_unchanged(point, request))
    ]


def _is_unchanged(point: CorrectionPoint, request: CorrectionRequest) -> bool:
    value = request.answers.get(point.key)
    if value not in (None, "") and value != point.before.get("value"):
        return False
    # what another mended answer has closed is settled by it
    return point.key in {row["name"] for row in to_mend(request.case, request)}


def ready(case: Case) -> int:
    """Return how many points the copy answers. Raises DataNeeded with those that it does not."""
    request = current(case)
    if request is None:
        raise NotOpen(_("这件现在不用补材料"))
    wrong = {f"{point.kind}.{point.key}": point.reason for point in open_points(request)}
    wrong |= {
        f"{FIELD}.{row['name']}": _("改了以后还要填%(name)s") % {"name": row["label"]}
        for row in opened(case, request)
    }
    if wrong:
        raise DataNeeded(wrong)
    return request.points.count()


def hand_in(case: Case, event: Event, now: datetime) -> None:
    """Make the copy the case's: old files stay beside the new ones, old values stay on their points."""
    request = current(case)
    if request is None:
        raise NotOpen(_("这件现在不用补材料"))
    files: dict[str, list[str]] = {}
    for pk, key in unsent_files(request).order_by("uploaded_at", "id").values_list("pk", "material_key"):
        files.setdefault(key, []).append(str(pk))
    for point in request.points.order_by("position"):
        if point.kind == FIELD:
            point.after = {"value": request.answers.get(point.key)}
        else:
            point.after = {"files": files.get(point.key, [])}
            attachments.current(case).filter(material_key=point.key).update(replaced_in=request)
        point.save(update_fields=["after"])
    unsent_files(request).update(case=case)
    case.answers = merged(case, request)
    case.save(update_fields=["answers"])
    request.answered_at = now
    request.save(update_fields=["answered_at"])


def cancel(case: Case, event: Event, now: datetime) -> None:
    """Take a notice back; its text stays, and what the applicant had prepared is dropped."""
    request = current(case)
    if request is not None:
        request.cancelled_at = now
        request.save(update_fields=["cancelled_at"])
        attachments.drop(unsent_files(request), now=now)


def end(case: Case, now: datetime) -> None:
    """Close a notice that nobody answers any more: the case has ended."""
    request = current(case)
    if request is not None:
        request.ended_at = now
        request.save(update_fields=["ended_at"])
        attachments.drop(unsent_files(request), now=now)


def points_of(requests: Iterable[CorrectionRequest]) -> dict[Any, list[CorrectionPoint]]:
    """Return the points of these notices, in order. One query."""
    found: dict[Any, list[CorrectionPoint]] = {request.pk: [] for request in requests}
    for point in CorrectionPoint.objects.filter(request__in=found).order_by("position"):
        found[point.request_id].append(point)
    return found
