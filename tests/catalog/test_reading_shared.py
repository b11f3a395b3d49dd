"""A hall's code reads the shared catalogue by the effective item, or by the named functions of catalog.shared.queries."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HALL_CODE = sorted(
    path for app in ("catalog", "cases", "tenants") for path in (ROOT / app / "hall").rglob("*.py")
)
DIRECT = re.compile(r"SharedItem|catalog_shared_shareditem")
BY_FUNCTION = re.compile(
    r"(?<!def )\b(city_values|city_values_of|city_life|city_version|in_the_catalogue|in_use|successors|unclaimed)\("
)


def using(pattern):
    return {
        str(path.relative_to(ROOT)) for path in HALL_CODE if pattern.search(path.read_text(encoding="utf-8"))
    }


def test_there_is_hall_code_to_look_at():
    assert len(HALL_CODE) > 40


def test_no_hall_code_names_the_shared_items():
    assert using(DIRECT) == set()


def test_the_named_functions_are_used_where_the_citys_value_is_the_point():
    assert using(BY_FUNCTION) == {
        "catalog/hall/api/fields.py",
        "catalog/hall/checks.py",
        "catalog/hall/onboarding.py",
        "catalog/hall/queries.py",
        "catalog/hall/services/adoption.py",
        "catalog/hall/services/overrides.py",
        "catalog/hall/views/bundles.py",
        "catalog/hall/views/former.py",
        "catalog/hall/sheets/exporting.py",
        "catalog/hall/sheets/planning.py",
        "catalog/hall/views/guide.py",
        "catalog/hall/views/staff.py",
        "cases/hall/checks.py",
        "cases/hall/queries/items.py",
    }


@pytest.mark.parametrize(
    "line", ["from catalog.shared.models import SharedItem", "SELECT 1 FROM public.catalog_shared_shareditem"]
)
def test_the_look_would_find_it(line):
    assert DIRECT.search(line)
