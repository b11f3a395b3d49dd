"""Where an item is edited: the city's catalogue or a hall's own items. The pages are the same, the desk says what differs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from accounts.access import actor_of
from catalog.shared import catalogue, labels, said
from catalog.shared.catalogue import Shown
from catalog.shared.enums import ItemType, Status
from catalog.shared.forms.fields import Choices
from catalog.shared.forms.sections import SECTIONS, section_of
from catalog.shared.models import Draft, Theme
from catalog.shared.queries import themes
from catalog.shared.services.editions import Shelf, fields_of
from catalog.shared.validators import publishing_problems

NATIONAL = ("national_personal", "national_business")
ACTS = ("item", "edit", "publish", "discard", "versions", "compare", "form")
SHOWN_VERSIONS = 5


@dataclass(frozen=True)
class Desk:
    """`shelf`: where the editions stand; `names`: the name of each page's address; the verbs are the place's services."""

    shelf: Shelf
    names: Mapping[str, str]
    list_name: str
    list_label: str | Promise
    save: Callable[..., Draft]
    departments: Callable[[], list[str]] | None
    may_edit: Callable[[HttpRequest], bool]

    def urls(self, code: str) -> dict[str, str]:
        """Return the addresses of an item's pages by what they do."""
        return {act: reverse(self.names[act], args=[code]) for act in ACTS if act in self.names} | {
            "list": reverse(self.list_name)
        }

    def own_choices(self) -> dict[str, Choices]:
        """Return the choices that the place knows: themes and life events, and in a hall its departments."""
        known = themes()
        national = [
            (f"{theme.list}:{theme.code}", _audience_named(theme))
            for theme in known
            if theme.list in NATIONAL
        ]
        events = [(theme.name, theme.name) for theme in known if theme.list.startswith("life_event")]
        found: dict[str, Choices] = {"themes": national, "life_events": events}
        if self.departments is not None:
            found["department"] = [(name, name) for name in self.departments()]
        return found


def shown(desk: Desk, code: str) -> Shown:
    """Return the item of this code as its editors see it. Raises Http404 where there is neither item nor draft."""
    found = catalogue.find(desk.shelf, code)
    if found is None:
        raise Http404
    return found


def page(desk: Desk, request: HttpRequest, found: Shown) -> dict[str, Any]:
    """Return what the page of an item shows: status, the draft's changes, the values by section, the last versions."""
    draft, fields = found.draft, found.fields
    versions = catalogue.versions_of(desk.shelf, found.code)[: SHOWN_VERSIONS + 1]
    problems = publishing_problems(fields) if draft is not None and draft.status == Status.ACTIVE else {}
    return {
        "item": fields,
        "code": found.code,
        "type_label": dict(ItemType.choices).get(fields["type"], fields["type"]),
        "live": found.live,
        "status_label": Status(found.live.status).label if found.live else "",
        "draft": draft,
        "life_lines": life_lines(found) if draft is not None else [],
        "lines": said.lines(fields_of(found.live), fields) if draft is not None and found.live else [],
        "is_own": draft is not None and draft.edited_by == actor_of(request).person_id,
        "may_edit": desk.may_edit(request),
        "blocking": [(section_of(field), text) for field, text in problems.items()],
        "sections": [(section, values(section.columns, fields)) for section in SECTIONS],
        "life": found.life,
        "versions": list(versions)[:SHOWN_VERSIONS],
        "urls": desk.urls(found.code),
        "list_label": desk.list_label,
        "saved": request.GET.get("saved", ""),
    }


def values(columns: tuple[str, ...], fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the columns that say something, with their values in words."""
    told = [(name, said.words(name, fields.get(name))) for name in columns]
    return [(labels.field(name), text) for name, text in told if text]


def life_lines(found: Shown) -> list[said.Line]:
    """Return what the draft changes of the item's life: its state, its last day, its successor."""
    if found.live is None or found.draft is None:
        return []
    live, draft = found.live, found.draft
    told: list[tuple[str, str | Promise, Any, Any]] = [
        ("status", labels.LIFE["status"], Status(live.status).label, Status(draft.status).label),
        ("successor", labels.LIFE["successor"], live.successor, draft.successor),
        ("effective_to", labels.LIFE["effective_to"], live.effective_to, draft.effective_to),
    ]
    return [
        said.Line(name, str(label), str(before or ""), str(after or ""))
        for name, label, before, after in told
        if before != after
    ]


def _audience_named(theme: Theme) -> str:
    return f"{theme.name}（{theme.get_audience_display()}）"
