"""What this hall's items are called besides the city's words: its local items, and the aliases that its staff gave."""

from collections.abc import Sequence

from catalog.hall.models import ItemAlias, LocalItem
from catalog.shared.codes import LOCAL_ORIGIN
from catalog.shared.enums import Status
from catalog.shared.models import HallWording, WordingKind
from catalog.shared.services.wordings import WORTH, Said, said_of, write_hall

_FIELDS = ("code", "name", "aliases", "result_name", "department", "materials", "themes")


def sync(role: str, codes: Sequence[str]) -> None:
    """Index what the hall in scope has of its own on these codes, in the transaction that changed it."""
    local = [code for code in codes if code.startswith(LOCAL_ORIGIN)]
    said: dict[str, list[Said]] = {}
    if local:
        own = LocalItem.objects.filter(code__in=local, status=Status.ACTIVE).order_by("code")
        said = {item["code"]: said_of(item) for item in own.values(*_FIELDS)}
    for row in ItemAlias.objects.filter(code__in=codes).order_by("code", "alias"):
        alias = Said(WordingKind.ALIAS, row.alias, WORTH[WordingKind.ALIAS])
        said.setdefault(row.code, []).append(alias)
    # of a shared item without an alias nothing is there: taking the last one back says so itself
    changed = sorted({*local, *said})
    if changed:
        write_hall(role, changed, said)


def forget(role: str, code: str) -> None:
    """Index an item anew from which an alias was taken."""
    write_hall(role, [code], {})
    sync(role, [code])


def forget_all(role: str) -> None:
    """Take all of a hall's own out of the index."""
    write_hall(role, sorted(set(HallWording.objects.filter(hall_id=role).values_list("code", flat=True))), {})


def sync_missing(role: str) -> int:
    """Index the local items and aliases that are not in the search; return how many codes. For the worker."""
    there = set(HallWording.objects.filter(hall_id=role).values_list("code", flat=True))
    own = set(LocalItem.objects.filter(status=Status.ACTIVE).values_list("code", flat=True))
    lacking = sorted((own | set(ItemAlias.objects.values_list("code", flat=True))) - there)
    if lacking:
        sync(role, lacking)
    return len(lacking)
