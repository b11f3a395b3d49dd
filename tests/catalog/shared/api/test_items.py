"""The city's catalogue by API: drafts, impact, publication by a second person, versions; errors in the one shape."""

import pytest

from accounts.models import Person
from catalog.shared.models import SharedDraft, SharedItem
from tenants.shared import scope
from tests.template import BIRTH, LICENCE, PERSON_ID

DRAFT = f"city/items/{LICENCE}/draft/"
NEW = "34209900100000"
GOOD = {
    "name": "新的一项",
    "type": "20",
    "department": "卫健委",
    "audience": "personal",
    "kind": "instant",
    "promised_days": 0,
}


@pytest.fixture
def city(api):
    """``city("put", path, body, username)``: the portal's API to the city's people; a second admin is `inspector`'s account."""

    def call(method, path, body=None, username="city_admin"):
        return api(method, "", path, body, username)

    return call


@pytest.fixture
def second():
    Person.objects.filter(pk=PERSON_ID["inspector"]).update(city_role="city_admin")
    return "inspector"


def stored():
    with scope.city():
        return SharedDraft.objects.count(), SharedItem.objects.get(code=LICENCE).version


@pytest.mark.parametrize(
    ("username", "reads", "writes"),
    [(None, 401, 401), ("lin", 403, 403), ("east_admin", 403, 403), ("inspector", 200, 403)],
)
def test_only_the_city_may(city, username, reads, writes):
    for path in (
        "city/items/",
        DRAFT,
        f"city/items/{LICENCE}/versions/",
        f"city/items/{LICENCE}/compare/?a=1&b=live",
    ):
        response = city("get", path, None, username)
        assert response.status_code == reads, path
        if reads != 200:
            assert set(response.json()) == {"detail", "code", "fields"}
    for method, path in (("put", DRAFT), ("delete", DRAFT), ("post", f"city/items/{LICENCE}/publish/")):
        assert city(method, path, {"promised_days": 4}, username).status_code == writes
    assert stored() == (0, 1)
    assert city("put", DRAFT, {"promised_days": 4}).status_code == 200


def test_a_draft_is_begun_read_published_and_compared(city, second):
    begun = city("get", DRAFT).json()
    assert (begun["revision"], begun["promised_days"], begun["version"]) == (0, 5, 2)

    saved = city("put", DRAFT, {"promised_days": 4, "revision": 0, "note": "新文件"}).json()
    assert (saved["revision"], saved["promised_days"], saved["status"], saved["edited_by"]) == (
        1,
        4,
        "draft",
        "市管理",
    )
    assert city("get", "city/items/?status=draft").json()["results"][0]["code"] == LICENCE
    impact = city("get", f"city/items/{LICENCE}/impact/").json()
    assert (impact["change"], [row["change"]["field"] for row in impact["fields"]]) == (
        "wider",
        ["promised_days"],
    )
    assert impact["fields"][0]["inheriting"] == ["east", "west"]

    same = city("post", f"city/items/{LICENCE}/publish/", {})
    assert (same.status_code, same.json()["code"]) == (403, "same_person")
    assert stored() == (1, 1)
    stale = city("post", f"city/items/{LICENCE}/publish/", {"revision": 9}, second)
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    done = city("post", f"city/items/{LICENCE}/publish/", {"revision": 1}, second).json()
    assert (done["status"], done["version"], done["approved_by"]) == ("active", 2, "监察")
    assert city("post", f"city/items/{LICENCE}/publish/", {}, second).status_code == 409

    versions = city("get", f"city/items/{LICENCE}/versions/").json()
    assert [(row["version"], row["change"], row["changed"], row["note"]) for row in versions["results"]] == [
        (2, "wider", ["promised_days"], "新文件"),
        (1, "wider", [], "示例"),
    ]
    compared = city("get", f"city/items/{LICENCE}/compare/?a=1&b=2").json()
    assert compared == {
        "a": "1",
        "b": "2",
        "change": "wider",
        "fields": [
            {"field": "promised_days", "label": "承诺时限", "before": "5", "after": "4", "change": "wider"}
        ],
    }
    assert city("get", f"city/items/{LICENCE}/impact/").status_code == 404
    assert city("get", f"city/items/{LICENCE}/compare/?a=1&b=7").status_code == 404


def test_the_second_is_answered_with_the_firsts_values(city, second):
    city("put", DRAFT, {"promised_days": 4, "visits": 0})

    response = city("put", DRAFT, {"promised_days": 3, "visits": 0, "revision": 0}, second)

    assert response.status_code == 409
    answer = response.json()
    assert (answer["code"], answer["fields"]) == ("changed_meanwhile", {"promised_days": 4, "revision": 1})
    assert city("get", DRAFT).json()["promised_days"] == 4
    assert city("put", DRAFT, {"promised_days": 3, "revision": 1}, second).json()["revision"] == 2


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"promised_days": -1}, "promised_days"),
        ({"kind": "slow"}, "kind"),
        ({"materials": [{"key": "a b", "name": "身份证"}]}, "materials"),
        ({"hidden": True}, "hidden"),
        ({"no_such": 1}, "no_such"),
        ({"revision": "x"}, "revision"),
        ({"effective_from": "2026-02-30"}, "effective_from"),
        ({"status": "draft"}, "status"),
    ],
)
def test_a_bad_field_is_named(city, body, named):
    response = city("put", DRAFT, body)

    assert (response.status_code, response.json()["code"], list(response.json()["fields"])) == (
        400,
        "invalid",
        [named],
    )
    assert stored() == (0, 1)


def test_what_cannot_be_published_names_its_field(city, second):
    city("put", DRAFT, {"fees": [{"name": "工本费", "amount": 5}]})

    response = city("post", f"city/items/{LICENCE}/publish/", {}, second)

    assert (response.status_code, list(response.json()["fields"])) == (400, ["fees"])
    assert stored() == (1, 1)


def test_a_new_item_and_a_code_that_was_used(city, second):
    assert city("get", f"city/items/{NEW}/draft/").status_code == 404
    made = city("put", f"city/items/{NEW}/draft/", GOOD).json()
    assert (made["code"], made["version"], made["revision"]) == (NEW, 1, 1)
    assert city("put", f"city/items/{NEW}/draft/", GOOD, second).status_code == 409
    assert city("post", f"city/items/{NEW}/publish/", {}, second).json()["version"] == 1

    for code in ("99200000000100", "3420", "34029900100000"):
        refused = city("put", f"city/items/{code}/draft/", GOOD)
        assert (refused.status_code, list(refused.json()["fields"])) == (400, ["code"])


def test_an_item_is_retired_with_a_successor(city, second):
    saved = city("put", DRAFT, {"status": "cancelled", "successor": BIRTH}).json()
    assert (saved["status"], saved["successor"]) == ("cancelled", BIRTH)
    city("post", f"city/items/{LICENCE}/publish/", {}, second)

    with scope.city():
        item = SharedItem.objects.get(code=LICENCE)
    assert (item.status, item.successor) == ("cancelled", BIRTH)


def test_a_dated_draft_waits(city, second):
    city("put", DRAFT, {"promised_days": 4, "effective_from": "2099-01-01", "effective_to": "2099-12-31"})

    done = city("post", f"city/items/{LICENCE}/publish/", {}, second).json()

    assert (done["status"], done["effective_from"], done["effective_to"], done["approved_by"]) == (
        "draft",
        "2099-01-01",
        "2099-12-31",
        "监察",
    )
    assert stored() == (1, 1)


def test_a_draft_is_thrown_away(city):
    city("put", DRAFT, {"promised_days": 4})

    assert city("delete", DRAFT).status_code == 204
    assert (city("delete", DRAFT).status_code, stored()) == (409, (0, 1))
    assert city("delete", "city/items/34999999999900/draft/").status_code == 404
