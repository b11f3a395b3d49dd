"""One section of an item on a page, for any desk: saved as the draft; where somebody saved meanwhile, nothing is lost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import actor_of
from catalog.shared import catalogue, labels, said
from catalog.shared.catalogue import Shown
from catalog.shared.enums import Status
from catalog.shared.forms.sections import BY_KEY, SECTIONS, LifeForm, SectionForm
from catalog.shared.models import Draft
from catalog.shared.services import editions
from catalog.shared.services.editions import Life
from catalog.shared.views.desk import Desk, shown
from theming.fields import summary


@dataclass(frozen=True)
class Clash:
    """One value that somebody else saved meanwhile, beside what was typed."""

    label: str
    theirs: str
    typed: str


@dataclass(frozen=True)
class Page:
    """The page of a section: its form, what it was made from (revision, version, values), and what stands in the way."""

    form: SectionForm
    revision: int
    version: int
    was: str
    clashes: list[Clash] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def edit(desk: Desk, request: HttpRequest, code: str) -> HttpResponse:
    """Show one section of an item (`?section=`); a good form is saved as the draft beside the live item.

    Buttons of rows come back to the page. Where somebody saved meanwhile, both values are shown, what was typed stays
    in the form and what was not touched is theirs: saving again is meant.
    """
    section = BY_KEY.get(request.GET.get("section", SECTIONS[0].key))
    if section is None:
        raise Http404
    found = shown(desk, code)
    data = request.POST if request.method == "POST" else None
    form = SectionForm(
        section, found.fields, life=_asked_life(request, found), own=desk.own_choices(), data=data
    )
    if data is None:
        return _answer(
            desk, request, found, Page(form, found.revision, found.version, _kept(form, found.fields))
        )
    page = Page(form, *_seen(data), was=data.get("was", ""))
    if not form.acted() and form.is_valid():
        try:
            return _saved(desk, request, found, form)
        except editions.BadFields as refusal:
            form.tell(refusal.problems)
        except editions.ChangedMeanwhile as refusal:
            page = _clashing(desk, page, refusal)
    return _answer(desk, request, found, page)


def _answer(desk: Desk, request: HttpRequest, found: Shown, page: Page) -> HttpResponse:
    context = {
        "form": page.form,
        "section": page.form.section,
        "sections": SECTIONS,
        "item": found.fields,
        "code": found.code,
        "note": request.POST.get("note", ""),
        "revision": page.revision,
        "version": page.version,
        "was": page.was,
        "clashes": page.clashes,
        "errors": summary([page.refusals, *page.form.forms]),
        "urls": desk.urls(found.code),
        "list_label": desk.list_label,
    }
    return render(request, "catalog_shared/edit.html", context, status=422 if context["errors"] else 200)


def _saved(desk: Desk, request: HttpRequest, found: Shown, form: SectionForm) -> HttpResponse:
    """Lay what differs over the draft, and go to the item. Raises BadFields, ChangedMeanwhile."""
    revision, version = _seen(request.POST)
    life = form.plain.life if isinstance(form.plain, LifeForm) else None
    is_same = not form.changes and (life is None or life == found.life)
    if not is_same or (revision, version) != (found.revision, found.version):
        desk.save(
            found.code,
            form.changes,
            life=life,
            seen=revision,
            seen_version=version,
            by=actor_of(request),
            now=timezone.now(),
            note=request.POST.get("note", "").strip()[:300],
        )
    done = "same" if is_same else form.section.key
    return redirect(f"{desk.urls(found.code)['item']}?saved={done}")


def _clashing(desk: Desk, page: Page, refusal: editions.ChangedMeanwhile) -> Page:
    """Return the page that shows both values: theirs, and over them what was touched since the page was made."""
    there, form = catalogue.whole(refusal.draft.fields), page.form
    touched = _touched(form, page.was)
    life = form.plain.life if isinstance(form.plain, LifeForm) else None
    return Page(
        SectionForm(form.section, there | touched, life=life, own=desk.own_choices()),
        refusal.draft.revision,
        refusal.draft.base_version,
        _kept(form, there),
        _clashes(touched, form, refusal.draft),
        [str(refusal)],
    )


def _kept(form: SectionForm, fields: Mapping[str, Any]) -> str:
    """Return the section's values as the page was made from them: what was touched since is told by them."""
    return json.dumps({name: fields.get(name) for name in form.section.columns}, cls=DjangoJSONEncoder)


def _touched(form: SectionForm, was: str) -> dict[str, Any]:
    """Return the values that differ from what the page was made from; all of them where it does not say."""
    try:
        before = json.loads(was)
    except ValueError:
        before = None
    if not isinstance(before, dict):
        return form.values
    return {name: value for name, value in form.values.items() if name not in before or before[name] != value}


def _seen(data: Mapping[str, str]) -> tuple[int, int]:
    """Return the revision and the version that the page was made from; what is no number is none of them."""
    texts = (data.get("revision", ""), data.get("version", ""))
    revision, version = (int(text) if text.isdecimal() and len(text) < 10 else 0 for text in texts)
    return revision, version


def _asked_life(request: HttpRequest, found: Shown) -> Life:
    """Return the life that the page begins with; a link that suspends, resumes or cancels names the state."""
    status = request.GET.get("status", "")
    if status not in (Status.ACTIVE, Status.SUSPENDED, Status.CANCELLED):
        return found.life
    life = found.life
    return Life(Status(status), life.successor, life.effective_from, life.effective_to)


def _clashes(touched: dict[str, Any], form: SectionForm, theirs: Draft) -> list[Clash]:
    there = catalogue.whole(theirs.fields)
    found = [
        Clash(line.label, line.before or "—", line.after or "—")
        for line in said.lines(there, there | touched)
    ]
    if isinstance(form.plain, LifeForm):
        typed = form.plain.life
        for name, mine in vars(typed).items():
            if getattr(theirs, name) != mine:
                found.append(
                    Clash(str(labels.LIFE[name]), _life_words(getattr(theirs, name)), _life_words(mine))
                )
    return found


def _life_words(value: Any) -> str:
    return str(Status(value).label) if value in Status.values else str(value or "—")
