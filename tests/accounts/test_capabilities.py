"""What each role of the city may do: the one table, and every page of the console by it."""

import pytest
from django.urls import get_resolver, reverse

from accounts.capabilities import LOOKING, MATRIX, Can, may
from accounts.enums import CityRole
from tests.isolation.asking import PORTAL

THREE = (CityRole.SYSTEM_ADMIN, CityRole.SECURITY_ADMIN, CityRole.AUDIT_ADMIN)


def test_every_capability_is_somebodys_and_the_auditor_only_looks():
    assert set(MATRIX) == set(Can)
    assert all(MATRIX.values())
    assert {can for can in Can if may(CityRole.AUDIT_ADMIN, can)} <= LOOKING
    assert not any(may("", can) for can in Can)


def test_what_changes_something_is_never_two_of_the_three():
    """Asking for a way into a hall is no power: another must approve."""
    shared = {
        can: roles & set(THREE)
        for can, roles in MATRIX.items()
        if can not in LOOKING | {Can.ASK_VISIT, Can.FIND_PEOPLE} and len(roles & set(THREE)) > 1
    }
    assert shared == {}


def _city_views(patterns, path=""):
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _city_views(pattern.url_patterns, here)
        elif here.startswith("city/"):
            yield pattern.name, pattern.callback


def _roles(view):
    while view is not None:
        if hasattr(view, "city_roles"):
            return view.city_roles
        view = getattr(view, "__wrapped__", None)
    return None


def test_every_page_of_the_console_says_whose_it_is():
    pages = dict(_city_views(get_resolver(PORTAL).url_patterns))
    assert len(pages) > 40
    assert [name for name, view in pages.items() if not _roles(view)] == []
    known = set(MATRIX.values())
    assert [name for name, view in pages.items() if frozenset(_roles(view)) not in known] == []


@pytest.mark.parametrize(
    ("role", "open_pages", "shut"),
    [
        ("system_admin", ("city", "city-people", "city-person-new"), ("city-audit", "city-items")),
        ("security_admin", ("city", "city-people", "city-visits"), ("city-audit", "city-person-new")),
        ("audit_admin", ("city", "city-audit", "city-visits"), ("city-people", "city-visit-ask")),
    ],
)
def test_the_three_reach_their_own_pages_alone(role, open_pages, shut, portal_client):
    client = portal_client(role)
    got = {name: client.get(reverse(name, urlconf=PORTAL)).status_code for name in (*open_pages, *shut)}
    assert got == {**dict.fromkeys(open_pages, 200), **dict.fromkeys(shut, 403)}
