"""许可公示: what the law makes public, page by page, and no more."""

import pytest
from django.utils import timezone

from tests.cases.hall.views.conftest import text
from tests.template import BIRTH


@pytest.fixture
def anybody(east, hall_client):
    return hall_client(east)


def rows(hall, number, **facts):
    """Put so many licences into the hall's public rows."""
    from cases.shared.models import Verification
    from tenants.shared import scope

    said = {
        "kind": "grant",
        "item_code": "1",
        "item_name": "小餐馆许可",
        "holder_masked": "林*",
        "issued_on": timezone.localdate(),
        "is_public": True,
        **facts,
    }
    with scope.hall(hall):
        Verification.objects.bulk_create(
            Verification(
                hall_id=hall.role,
                code=f"{hall.schema_name}-{said['holder_masked'][:2]}-{index:06d}",
                document_no=f"准{index:05d}",
                **said,
            )
            for index in range(number)
        )


def test_a_licence_is_public_with_a_masked_person_and_other_results_are_not(made, anybody):
    made("at", "granted")
    made("act", made("submitted", BIRTH), "complete")
    answer = anybody.get("/register/")
    page = text(answer)

    assert "共 1 件" in page
    assert "小餐馆许可" in page
    assert "示(东)准〔2026〕0000" in page
    assert "林*" in page
    assert "林小禾" not in page
    assert "出生登记" not in page
    assert "受理" not in page[page.index("<h1>") : page.index("</main>")]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in page


def test_an_empty_register_says_so(anybody):
    assert "本厅还没有公布的许可" in text(anybody.get("/register/"))
    assert "没有这样的许可" in text(anybody.get("/register/?q=没有"))


def test_another_halls_licences_are_its_own(west, anybody):
    rows(west, 3)

    assert "还没有公布的许可" in text(anybody.get("/register/"))
    assert anybody.get("/api/v1/register/").json()["count"] == 0


def test_words_state_year_and_item_narrow_it(east, anybody):
    rows(east, 2, holder_masked="示例酿酒有限公司" * 12)
    rows(east, 1, holder_masked="王*", state="revoked", replaced_by="撤00001")
    rows(east, 1, holder_masked="赵*", valid_until=timezone.localdate().replace(year=2020))
    rows(east, 1, holder_masked="周*", issued_on=timezone.localdate().replace(year=2019), item_code="2")

    def count(query):
        return anybody.get(f"/api/v1/register/?{query}").json()["count"]

    counts = {
        query: count(query)
        for query in (
            "",
            "q=酿酒",
            "q=小餐馆 酿酒",
            "state=revoked",
            "state=expired",
            "state=valid",
            "year=2019",
            "item=2",
            "q=%00",
            "state=x",
            "year=99999",
        )
    }
    assert counts == {
        "": 5, "q=酿酒": 2, "q=小餐馆 酿酒": 2, "state=revoked": 1, "state=expired": 1, "state=valid": 3, "year=2019": 1, "item=2": 1,
        "q=%00": 5, "state=x": 5, "year=99999": 5,
    }  # fmt: skip
    page = text(anybody.get("/register/?state=revoked"))
    assert "已撤销" in page
    assert "撤00001" in page


def test_the_api_says_as_much_as_the_page(east, anybody):
    rows(east, 1)

    (row,) = anybody.get("/api/v1/register/").json()["results"]

    assert row == {
        "document_no": "准00000", "item": "1", "item_name": "小餐馆许可", "holder": "林*", "issued_on": timezone.localdate().isoformat(),
        "valid_until": None, "state": "valid", "replaced_by": "",
    }  # fmt: skip


@pytest.mark.parametrize("number", [1, 10_000])
def test_a_page_of_ten_thousand_costs_what_a_page_of_one_costs(number, east, anybody, queries):
    rows(east, number)
    anybody.get("/register/")
    with queries() as seen:
        page = text(anybody.get("/register/?page=2"))

    assert len(seen) == 2, seen
    assert f"共 {number} 件" in page
    assert page.count('class="hd"') == min(number, 20)
