"""The portal's API."""

import pytest
from django.test import Client

from catalog.hall.services import overrides
from tenants.shared import scope
from tests.catalog.making import more_items
from tests.conftest import actor
from tests.template import LICENCE, NOW, PORTAL


def get(path):
    return Client(headers={"host": PORTAL}).get(f"/api/v1/{path}")


def test_the_halls(east):
    body = get("halls/").json()

    assert (body["count"], body["next"], body["previous"]) == (2, None, None)
    assert body["results"][0] == {
        "key": "east", "name": "东县网上办事大厅", "short_name": "东县", "level": "county", "state": "open", "url": "http://east.city.localhost/",
    }  # fmt: skip


def test_an_item_once_with_its_halls(east):
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 3, by=actor("east_staff"), reason="人手够", now=NOW)

    body = get("items/?q=小餐馆").json()

    assert body["count"] == 1
    (item,) = body["results"]
    assert (item["code"], item["name"], item["is_local"]) == (LICENCE, "小餐馆许可", False)
    assert [(hall["key"], hall["promised_days"], hall["url"]) for hall in item["halls"]] == [
        ("east", 3, f"http://east.city.localhost/items/{LICENCE}/"),
        ("west", 5, f"http://west.city.localhost/items/{LICENCE}/"),
    ]


@pytest.mark.parametrize("rows", [1, 45])
def test_a_page_is_two_queries(east, west, rows, django_assert_num_queries):
    more_items(east, west, number=rows)
    get("items/?theme=national_personal:005")

    with django_assert_num_queries(8):
        body = get("items/?q=多出来&page_size=30").json()

    assert (body["count"], len(body["results"])) == (rows, min(rows, 30))


def test_a_result_is_verified_by_its_code(east):
    from cases.shared.models import Verification

    with scope.hall(east):
        Verification.objects.create(
            hall_id=east.role,
            code="c" * 43,
            document_no="示(东)许〔2026〕1号",
            item_name="小餐馆许可",
            holder_masked="林**",
            issued_on=NOW.date(),
        )

    assert get(f"verify/{'c' * 43}/").json() == {
        "code": "c" * 43, "state": "valid", "document_no": "示(东)许〔2026〕1号", "item_name": "小餐馆许可", "holder": "林**",
        "issued_on": "2026-03-02", "hall": "东县网上办事大厅", "valid_until": None, "replaced_by": "", "hall_state": "open",
    }  # fmt: skip


@pytest.mark.parametrize("code", ["c" * 43, "x", "%00"])
def test_any_other_code_is_404_in_the_one_shape(code):
    response = get(f"verify/{code}/")

    assert response.status_code == 404
    assert set(response.json()) == {"detail", "code", "fields"}
