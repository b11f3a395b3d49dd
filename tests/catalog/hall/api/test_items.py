"""Items by API: the effective fields, whose they are, and what an application wants."""

import pytest

from catalog.hall.services import overrides
from tenants.shared import scope
from tests.catalog.making import more_items
from tests.template import BIRTH, LICENCE, NOW


def test_an_item_with_its_sources(api, east, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 3, by=staff, reason="人手够", now=NOW)
        overrides.set_value(LICENCE, "materials.m1", {"hidden": True}, by=staff, reason="能查到", now=NOW)

    body = api("get", "east", f"items/{LICENCE}/").json()

    shown = {
        name: body[name]
        for name in (
            "code",
            "name",
            "department",
            "promised_days",
            "promised_unit",
            "statutory_days",
            "can_apply",
            "can_book",
        )
    }
    assert shown == {
        "code": LICENCE, "name": "小餐馆许可", "department": "市场监管局", "promised_days": 3, "promised_unit": "working", "statutory_days": 20,
        "can_apply": True, "can_book": True,
    }  # fmt: skip
    assert [row["key"] for row in body["materials"]] == ["m2"]
    hall = {name for name, source in body["sources"].items() if source == "hall"}
    assert hall == {"promised_days", "promised_unit", "materials", "materials.m1"}
    assert body["version"].startswith("1-")
    assert api("get", "west", f"items/{LICENCE}/").json()["version"] == "1"


def test_the_list_is_paged_and_filtered(api, east):
    more_items(east, number=25)

    body = api("get", "east", "items/?q=多出来&page_size=10&page=3").json()

    assert (body["count"], len(body["results"]), body["next"]) == (25, 5, None)
    assert "page=2" in body["previous"]
    assert [row["code"] for row in api("get", "east", "items/?audience=business").json()["results"]] == [
        "34011600300000",
        LICENCE,
    ]
    assert api("get", "east", "items/?page=99").status_code == 404
    assert len(api("get", "east", "items/?page_size=1000").json()["results"]) == 29


@pytest.mark.parametrize(
    ("query", "code"),
    [("zero=1&online=1&letter=c", BIRTH), ("letter=x", LICENCE), ("instant=1&q=出生", BIRTH)],
)
def test_the_list_is_narrowed_as_the_page_is(api, east, query, code):
    assert [row["code"] for row in api("get", "east", f"items/?{query}").json()["results"]] == [code]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_is_two_queries_whatever_it_holds(api, east, rows, django_assert_num_queries):
    more_items(east, number=rows)
    api("get", "east", "items/?theme=national_personal:005")

    with django_assert_num_queries(8):
        api("get", "east", "items/?q=多出来")


def test_the_form_of_an_item(api, east, change_city):
    change_city(
        BIRTH,
        form=[
            {
                "name": "sex",
                "label": "性别",
                "type": "choice",
                "required": True,
                "choices": [{"value": "f", "label": "女"}],
            },
            {"name": "town", "label": "哪个镇", "type": "division", "required": True, "choices": []},
        ],
        materials=[
            {"key": "m1", "name": "身份证", "necessity": "required", "exempt": False},
            {"key": "m2", "name": "户口簿", "necessity": "required", "exempt": True},
            {"key": "m3", "name": "照片", "necessity": "later"},
        ],
        delivery=[],
    )

    plain = {"about": "", "hint": "", "section": "", "when": None, "repeat": None, "fields": []}
    assert api("get", "east", f"items/{BIRTH}/form/").json() == {
        "version": "1",
        "eligibility": [],
        "identity_level": 1,
        "fields": [
            {"name": "sex", "label": "性别", "type": "choice", "required": True, "choices": [{"value": "f", "label": "女"}], **plain},
            {
                "name": "town", "label": "哪个镇", "type": "division", "required": True, **plain,
                "choices": [{"value": "349901100", "label": "东县东镇"}, {"value": "349902100", "label": "西县西镇"}],
            },
        ],
        "materials": [
            {"key": "m1", "name": "身份证", "required": True},
            {"key": "m2", "name": "户口簿", "required": False},
            {"key": "m3", "name": "照片", "required": False},
        ],
        "delivery": [{"value": "window", "label": "到窗口取"}],
    }  # fmt: skip


@pytest.mark.parametrize("path", ["items/34999999999900/", "items/abc/", "items/34999999999900/form/"])
def test_what_is_not_there_is_404_in_the_one_shape(api, path):
    response = api("get", "east", path)

    assert response.status_code == 404
    assert set(response.json()) == {"detail", "code", "fields"}


def test_a_hidden_item_is_for_staff_alone(api, east, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "hidden", True, by=staff, reason="不归我们", now=NOW)

    assert api("get", "east", f"items/{LICENCE}/").status_code == 404
    assert api("get", "east", f"items/{LICENCE}/form/", username="lin").status_code == 404
    assert api("get", "east", f"items/{LICENCE}/", username="east_window").json()["hidden"] is True
    assert LICENCE not in {row["code"] for row in api("get", "east", "items/").json()["results"]}
