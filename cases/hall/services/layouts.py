"""A hall's own wordings of its papers: one person drafts, another publishes; a version holds from its day on.

Nothing is undone: who wants the city's standard back publishes an empty version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit import services as audit
from cases.hall import layouts
from cases.hall.paperwork import PaperDraft, PaperVersion
from cases.hall.queries import layouts as wordings
from catalog.shared.services.signing import person_of


class BadTexts(Exception):
    """A text cannot be saved: field → what is wrong in which line, and which variables there are."""

    def __init__(self, problems: Mapping[str, list[str]]) -> None:
        super().__init__(_("有几处要改"))
        self.problems = problems


class NoDraft(Exception):
    """There is no draft of this wording."""


class SamePerson(Exception):
    """Who edited it may not publish it."""


class ChangedMeanwhile(Exception):
    """Somebody saved, published or dropped the draft after it was read."""


class NothingChanged(Exception):
    """It is what holds already."""


@dataclass(frozen=True)
class Wording:
    """What an editor says: the texts, the choices of its look, from which day, and a note for the colleague."""

    texts: Mapping[str, str]
    choices: Mapping[str, str]
    starts_on: date | None = None
    note: str = ""


def save(kind: str, item_code: str, wording: Wording, *, seen: int, by: Actor, now: datetime) -> PaperDraft:
    """Save the draft of a wording; `seen` is the revision that the editor had before him, 0 for none. Return it.

    Raises BadTexts, ChangedMeanwhile.
    """
    texts = {name: _tidy(wording.texts.get(name, "")) for name in layouts.TEXTS}
    _check(kind, texts)
    choices = {name: value for name, value in wording.choices.items() if value}
    draft = _locked(kind, item_code)
    if (draft.revision if draft else 0) != seen:
        raise ChangedMeanwhile(_faster(draft))
    said = {
        "texts": texts,
        "choices": choices,
        "starts_on": wording.starts_on,
        "note": wording.note,
        "edited_by": person_of(by),
        "edited_by_name": by.display_name,
        "revision": seen + 1,
        "updated_at": now,
    }
    if draft is None:
        try:
            with transaction.atomic():
                draft = PaperDraft.objects.create(kind=kind, item_code=item_code, **said)
        except IntegrityError:
            # somebody began the draft between our look and our insert
            raise ChangedMeanwhile(_faster(_locked(kind, item_code))) from None
    else:
        for name, value in said.items():
            setattr(draft, name, value)
        draft.save(update_fields=list(said))
    _record("paper.draft", kind, item_code, by, now, {"revision": draft.revision})
    return draft


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines()).strip()


def _check(kind: str, texts: Mapping[str, str]) -> None:
    found = {name: [str(problem) for problem in layouts.problems(kind, text)] for name, text in texts.items()}
    if any(found.values()):
        raise BadTexts({name: lines for name, lines in found.items() if lines})


def publish(kind: str, item_code: str, *, seen: int, by: Actor, now: datetime) -> PaperVersion:
    """Put a draft in force from its day (today unless it names a later one), as its second person; return the version.

    Raises NoDraft, ChangedMeanwhile, SamePerson, NothingChanged, BadTexts.
    """
    draft = _locked(kind, item_code)
    if draft is None:
        raise NoDraft(_("没有草稿，可能刚被发布或删掉了"))
    if draft.revision != seen:
        raise ChangedMeanwhile(_faster(draft))
    if draft.edited_by == by.person_id:
        raise SamePerson(_("谁编的谁不能发布，请另一位同事核对后发布"))
    # variables may have gone since it was saved
    _check(kind, draft.texts)
    last = wordings.versions(kind, item_code).first()
    if _is_same(draft, last):
        raise NothingChanged(_("和现在用的一样，没有什么要发布"))
    today = timezone.localdate(now)
    version = PaperVersion(
        kind=kind,
        item_code=item_code,
        version=last.version + 1 if last else 1,
        texts=draft.texts,
        choices=draft.choices,
        note=draft.note,
        starts_on=max(draft.starts_on or today, today),
        edited_by=draft.edited_by,
        edited_by_name=draft.edited_by_name,
        published_by=person_of(by),
        published_by_name=by.display_name,
        published_at=now,
    )
    version.save(force_insert=True)
    draft.delete()
    _record("paper.publish", kind, item_code, by, now, {"version": version.version})
    return version


def _is_same(draft: PaperDraft, last: PaperVersion | None) -> bool:
    if last is None:
        return wordings.is_empty(draft)
    return draft.texts == last.texts and draft.choices == last.choices and draft.starts_on is None


def discard(kind: str, item_code: str, *, by: Actor, now: datetime) -> None:
    """Throw a draft away; what holds stays. Raises NoDraft."""
    draft = _locked(kind, item_code)
    if draft is None:
        raise NoDraft(_("没有草稿，可能刚被发布或删掉了"))
    draft.delete()
    _record("paper.discard", kind, item_code, by, now, {"revision": draft.revision})


def _locked(kind: str, item_code: str) -> PaperDraft | None:
    found = PaperDraft.objects.select_for_update().filter(kind=kind, item_code=item_code)
    return found.order_by("id").first()


def _faster(draft: PaperDraft | None) -> str:
    if draft is None:
        return _("这份草稿刚被发布或删掉了，您填的还没有保存")
    return _("%(name)s刚保存过这份草稿，您填的还没有保存") % {"name": draft.edited_by_name}


def _record(action: str, kind: str, item_code: str, by: Actor, now: datetime, detail: dict[str, Any]) -> None:
    audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=f"{kind}:{item_code}",
        detail=detail,
    )
