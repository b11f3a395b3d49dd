"""Overriding, resetting, drafting and publishing by API."""

import pytest

from catalog.hall.models import LocalDraft, Override
from tenants.shared import scope
from tests.template import LICENCE

OVERRIDES = f"staff/items/{LICENCE}/overrides/"
BODY = {"value": 3, "reason": "人手够"}
LOCAL = {
    "name": "芍药节摊位报名",
    "type": "20",
    "department": "卫健委",
    "audience": "personal",
    "kind": "instant",
    "materials": [{"name": "身份证"}],
}


def stored(hall):
    with scope.hall(hall):
        return {row.field: row.value for row in Override.objects.all()}


def test_a_value_is_set_and_reset(api, east):
    response = api("put", "east", OVERRIDES + "promised_days/", BODY, "east_staff")

    assert response.status_code == 200
    body = response.json()
    assert (body["value"], body["city_value"], body["by"]) == (
        {"days": 3, "unit": "working"}, {"days": 5, "unit": "working"}, "东事项",
    )  # fmt: skip
    assert api("get", "east", f"items/{LICENCE}/").json()["promised_days"] == 3
    assert (
        api(
            "put",
            "east",
            OVERRIDES + "materials.m1/",
            {"value": {"hidden": True}, "reason": "能查到"},
            "east_staff",
        ).status_code
        == 200
    )
    for field in ("promised_days", "materials.m1", "materials.m1"):
        assert api("delete", "east", OVERRIDES + f"{field}/", None, "east_staff").status_code == 204
    assert stored(east) == {}


@pytest.mark.parametrize(
    ("hall", "username", "status"),
    [
        ("east", None, 401),
        ("east", "lin", 403),
        ("east", "east_window", 403),
        ("east", "west_staff", 403),
        ("west", "east_staff", 403),
    ],
)
def test_only_the_halls_own_item_staff_may(api, east, west, hall, username, status):
    for method, path in (
        ("put", OVERRIDES + "promised_days/"),
        ("delete", OVERRIDES + "promised_days/"),
        ("post", "staff/items/"),
    ):
        response = api(method, hall, path, BODY, username)
        assert (response.status_code, set(response.json())) == (status, {"detail", "code", "fields"})
    assert (stored(east), stored(west)) == ({}, {})
    assert api("put", "east", OVERRIDES + "promised_days/", BODY, "east_staff").status_code == 200


@pytest.mark.parametrize(
    ("field", "body", "code", "named"),
    [
        ("promised_days", {"value": 9, "reason": "忙"}, "breaks_policy", "value"),
        ("name", {"value": "改名", "reason": "忙"}, "breaks_policy", "value"),
        ("promised_days", {"value": 5, "reason": "忙"}, "same_as_city", "value"),
        ("promised_days", {"value": 3}, "invalid", "reason"),
        ("promised_days", {"value": 3, "reason": " "}, "invalid", "reason"),
        ("promised_days", {"reason": "忙"}, "invalid", "value"),
        ("address", {"value": {"a": 1}, "reason": "忙"}, "invalid", "value"),
        ("address", {"value": None, "reason": "忙"}, "invalid", "value"),
    ],
)
def test_a_refusal_names_the_field(api, east, field, body, code, named):
    response = api("put", "east", OVERRIDES + f"{field}/", body, "east_staff")

    answer = response.json()
    assert (response.status_code, answer["code"], list(answer["fields"])) == (400, code, [named])
    assert answer["detail"]
    assert stored(east) == {}


def test_an_unknown_item_is_404(api):
    response = api(
        "put",
        "east",
        "staff/items/34999999999900/overrides/address/",
        {"value": "x", "reason": "y"},
        "east_staff",
    )

    assert response.status_code == 404


def test_a_local_item_is_published_by_a_second_person(api, east):
    drafted = api("post", "east", "staff/items/", LOCAL, "east_staff")
    assert drafted.status_code == 201
    code = drafted.json()["code"]
    assert (code[:2], drafted.json()["status"]) == ("99", "draft")
    assert api("get", "east", f"items/{code}/").status_code == 404

    same = api("post", "east", f"staff/items/{code}/publish/", {}, "east_staff")
    assert (same.status_code, same.json()["code"]) == (403, "same_person")
    assert api("get", "east", f"items/{code}/").status_code == 404
    assert api("post", "east", f"staff/items/{code}/publish/", {}, "east_admin").json()["status"] == "active"
    assert set(api("get", "east", f"items/{code}/").json()["sources"].values()) == {"hall"}
    assert api("post", "east", f"staff/items/{code}/publish/", {}, "east_admin").status_code == 409
    assert api("post", "west", f"staff/items/{code}/publish/", {}, "west_staff").status_code == 404


def test_a_published_local_item_is_edited_by_api(api, east):
    code = api("post", "east", "staff/items/", LOCAL, "east_staff").json()["code"]
    api("post", "east", f"staff/items/{code}/publish/", {}, "east_admin")

    first = api("put", "east", f"staff/items/{code}/draft/", {"name": "改名"}, "east_staff")
    assert (first.status_code, first.json()["revision"], first.json()["version"]) == (200, 1, 2)
    assert api("get", "east", f"items/{code}/").json()["name"] == LOCAL["name"]
    second = api("put", "east", f"staff/items/{code}/draft/", {"name": "另改"}, "east_admin")
    assert (second.status_code, second.json()["code"], second.json()["fields"]) == (
        409,
        "changed_meanwhile",
        {"name": "改名", "revision": 1},
    )
    bad = api("put", "east", f"staff/items/{code}/draft/", {"hidden": True}, "east_staff")
    assert (bad.status_code, list(bad.json()["fields"])) == (400, ["hidden"])
    assert api("put", "west", f"staff/items/{code}/draft/", {"name": "偷改"}, "west_staff").status_code == 404
    assert (
        api("put", "east", f"staff/items/{code}/draft/", {"name": "偷改"}, "east_window").status_code == 403
    )

    done = api("post", "east", f"staff/items/{code}/publish/", {"revision": 1}, "east_admin")
    assert (done.status_code, done.json()["version"]) == (200, 2)
    versions = api("get", "east", f"staff/items/{code}/versions/", None, "east_staff").json()
    assert [(row["version"], row["changed"]) for row in versions["results"]] == [(2, ["name"]), (1, [])]
    assert api("get", "west", f"staff/items/{code}/versions/", None, "west_staff").status_code == 404


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": ""}, "name"),
        ({"kind": "slow"}, "kind"),
        ({"materials": ["身份证"]}, "materials"),
        ({"promised_days": "x"}, "promised_days"),
    ],
)
def test_a_bad_draft_is_told_where(api, east, change, named):
    response = api("post", "east", "staff/items/", LOCAL | change, "east_staff")

    assert (response.status_code, list(response.json()["fields"])) == (400, [named])
    with scope.hall(east):
        assert not LocalDraft.objects.exists()
