"""A hall's own wordings: which one holds on a day, and what there is of each kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cases.hall import pdf
from cases.hall.paperwork import PaperDraft, PaperVersion
from catalog.hall.models import EffectiveItem


def in_force(kind: str, item_code: str, day: date) -> PaperVersion | None:
    """Return the wording that holds for an item on this day: its own before the hall's; None for the city's standard.

    A version without any text says that the standard holds again. One query.
    """
    found = PaperVersion.objects.filter(kind=kind, item_code__in=("", item_code), starts_on__lte=day)
    # the item's own stand first, and of each the one that began last
    rows = {row.item_code: row for row in found.order_by("starts_on", "version")}
    own = rows.get(item_code)
    if own is not None and not is_empty(own):
        return own
    of_hall = rows.get("")
    return of_hall if of_hall is not None and not is_empty(of_hall) else None


def is_empty(layout: PaperDraft | PaperVersion) -> bool:
    """Whether nothing of it differs from the city's standard."""
    return not any(layout.texts.values()) and not any(layout.choices.values())


@dataclass(frozen=True)
class Row:
    """One kind of paper, of all items or of one: the version that holds or will hold, and the draft."""

    kind: str
    item_code: str
    item_name: str
    version: PaperVersion | None
    is_coming: bool
    draft: PaperDraft | None

    @property
    def title(self) -> str:
        """What the paper is called."""
        return pdf.title(self.kind)

    @property
    def is_standard(self) -> bool:
        """Whether the city's standard holds."""
        return self.version is None or is_empty(self.version)


def rows(day: date) -> list[Row]:
    """Return every kind for all items, then what single items have of their own. Three queries."""
    versions: dict[tuple[str, str], PaperVersion] = {}
    for version in PaperVersion.objects.order_by("starts_on", "version"):
        versions[version.kind, version.item_code] = version
    drafts = {(draft.kind, draft.item_code): draft for draft in PaperDraft.objects.order_by("id")}
    special = sorted({key for key in (*versions, *drafts) if key[1]})
    names = _names(code for _kind, code in special)
    return [
        _row(kind, code, names, versions, drafts, day)
        for kind, code in [*((kind.value, "") for kind in pdf.Kind), *special]
    ]


def _row(
    kind: str,
    code: str,
    names: dict[str, str],
    versions: dict[tuple[str, str], PaperVersion],
    drafts: dict[tuple[str, str], PaperDraft],
    day: date,
) -> Row:
    version = versions.get((kind, code))
    is_coming = version is not None and version.starts_on > day
    return Row(kind, code, names.get(code, code), version, is_coming, drafts.get((kind, code)))


def _names(codes: Iterable[str]) -> dict[str, str]:
    found = EffectiveItem.objects.filter(code__in=set(codes))
    return {str(code): str(name) for code, name in found.values_list("code", "name").order_by("code")}


def item_name(code: str) -> str | None:
    """Return the name of an item that this hall offers, None for any other code."""
    return EffectiveItem.objects.filter(code=code).values_list("name", flat=True).first()


def versions(kind: str, item_code: str) -> QuerySet[PaperVersion]:
    """Return the versions of a wording, the newest first."""
    return PaperVersion.objects.filter(kind=kind, item_code=item_code).order_by("-version")
