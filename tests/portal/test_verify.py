"""验证证件: by anybody, without a name."""

import pytest

from tests.cases.hall import making
from tests.template import LICENCE


def text(response):
    return response.content.decode()


@pytest.fixture
def result(east):
    """A result that east issued to lin."""
    from cases.hall.models import Result
    from tenants.shared import scope

    with scope.hall(east):
        case = making.at("granted", LICENCE)
        return Result.objects.get(case=case)


def test_the_code_leads_to_an_address_of_its_own(result, portal_client):
    answer = portal_client().post("/verify/", {"code": f" {result.verification_code} "})

    assert answer["Location"] == f"/verify/{result.verification_code}/"


def test_a_valid_result_shows_no_more_of_a_person_than_the_bearer_holds(result, portal_client):
    page = text(portal_client().get(f"/verify/{result.verification_code}/"))

    assert "有效" in page
    assert "小餐馆许可" in page
    assert result.document_no in page
    assert "东县网上办事大厅" in page
    assert "林*" in page
    assert "林小禾" not in page
    assert "110105" not in page


@pytest.mark.parametrize(
    ("state", "word"), [("replaced", "已换新"), ("revoked", "已撤销"), ("expired", "过期")]
)
def test_a_result_that_is_no_longer_good_says_so(state, word, result, east, portal_client):
    from cases.shared.models import Verification
    from tenants.shared import scope

    with scope.hall(east):
        Verification.objects.update(state=state)
    page = text(portal_client().get(f"/verify/{result.verification_code}/"))

    assert f"<title>{word} - " in page
    assert "有效" not in page


@pytest.mark.parametrize("code", ["a" * 32, "short", "x" * 43])
def test_an_unknown_code_is_a_404_that_says_what_to_do(code, portal_client):
    answer = portal_client().get(f"/verify/{code}/")

    assert answer.status_code == 404
    assert "没有这个验证码" in text(answer)


def test_what_cannot_be_a_code_is_refused_in_the_form(portal_client):
    assert "验证码不对，请对照证件再看一遍" in text(portal_client().post("/verify/", {"code": "不是"}))


def test_guessing_is_stopped_before_the_code_is_looked_up(result, portal_client):
    from portal.views.verify import LIMIT

    client = portal_client()
    for _ in range(LIMIT):
        assert client.get("/verify/" + "a" * 32 + "/").status_code == 404
    answer = client.get(f"/verify/{result.verification_code}/")

    assert answer.status_code == 429
    assert "试错太多" in text(answer)


def as_it_is(east, **facts):
    from cases.shared.models import Verification
    from tenants.shared import scope

    with scope.hall(east):
        Verification.objects.update(**facts)


def test_a_replaced_paper_names_the_one_in_its_place(result, east, portal_client):
    as_it_is(east, state="replaced", replaced_by="示(东)补〔2026〕00007号")

    assert "已经换成 示(东)补〔2026〕00007号" in text(
        portal_client().get(f"/verify/{result.verification_code}/")
    )


def test_a_paper_is_good_until_its_last_day_and_expired_after_it(result, east, portal_client):
    from datetime import timedelta

    from django.utils import timezone

    today = timezone.localdate()
    for day, word in ((today, "有效"), (today - timedelta(days=1), "过期")):
        as_it_is(east, valid_until=day)
        page = text(portal_client().get(f"/verify/{result.verification_code}/"))
        api = portal_client().get(f"/api/v1/verify/{result.verification_code}/").json()
        assert f"<title>{word} - " in page
        assert (api["state"], api["valid_until"]) == (
            {"有效": "valid", "过期": "expired"}[word],
            day.isoformat(),
        )


@pytest.mark.parametrize(("state", "word"), [("closing", "正在关闭"), ("archived", "已经关闭、归档")])
def test_a_hall_that_has_closed_is_told_and_the_paper_keeps_its_worth(
    state, word, result, east, portal_client, monkeypatch
):
    from copy import copy

    from portal.views import verify

    closed = copy(next(hall for hall in verify.halls.all_halls() if hall.key == east.key))
    closed.state = state
    monkeypatch.setattr(verify.halls, "all_halls", lambda: [closed])
    page = text(portal_client().get(f"/verify/{result.verification_code}/"))

    assert word in page
    assert "<title>有效 - " in page


def test_a_notice_is_verified_like_a_result(result, east, portal_client):
    from cases.hall.paperwork import Paper
    from tenants.shared import scope

    with scope.hall(east):
        code = Paper.objects.get(kind="accept").verification_code
    page = text(portal_client().get(f"/verify/{code}/"))

    assert "受理通知书" in page
    assert "林小禾" not in page


def test_the_page_leads_to_each_halls_register_and_is_not_for_search_engines(portal_client):
    answer = portal_client().get("/verify/")

    assert "http://east.city.localhost/register/" in text(answer)
    assert "http://west.city.localhost/register/" in text(answer)
    assert answer["X-Robots-Tag"] == "noindex"
