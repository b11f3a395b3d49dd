"""More items than the template has."""

from catalog.shared.models import SharedItem
from tenants.shared import scope
from tests.template import BIRTH, NOW


def more_items(*halls, number, name="多出来的事项", **fields):
    """Make shared items of this name and number them, and let these halls take them; return their codes."""
    from catalog.hall.services import adoption
    from catalog.shared.services import wordings

    with scope.city():
        like = SharedItem.objects.get(code=BIRTH)
        rows = []
        for index in range(number):
            row = SharedItem.objects.get(code=like.code)
            row.pk, row.code, row.name = None, f"3498{index:06d}0000", f"{name}{index:03d}"
            for field, value in fields.items():
                setattr(row, field, value)
            rows.append(row)
        SharedItem.objects.bulk_create(rows)
        wordings.write_shared([row.code for row in rows])
    codes = [row.code for row in rows]
    for hall in halls:
        with scope.hall(hall):
            adoption.adopt(codes, now=NOW)
    return codes
