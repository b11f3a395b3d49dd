"""能不能在网上办: who reads it, what begins, and when nothing may begin."""

import pytest

from tests.cases.hall.views.conftest import text
from tests.template import BIRTH, GUIDE, LICENCE, USCC


def test_whoever_has_not_signed_in_is_led_to_the_portal_and_back(east, hall_client):
    answer = hall_client(east).get(f"/items/{LICENCE}/apply/")

    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/come-in/?next=%2Fitems%2F{LICENCE}%2Fapply%2F",
    )


def test_the_start_page_says_what_is_needed_and_how_long_it_takes(lin):
    page = text(lin.get(f"/items/{BIRTH}/apply/"))

    assert "能不能在网上办" in page
    assert "在本地居住" in page
    assert "身份证" in page
    assert '结婚证 <span class="meta">（可不传）' in page
    assert "填完约 5 分钟" in page
    assert "开始填" in page


def test_starting_makes_one_draft_and_starting_again_finds_it(lin, inside):
    from cases.hall.models import Case

    first = lin.post(f"/items/{BIRTH}/apply/")
    second = lin.post(f"/items/{BIRTH}/apply/")

    assert first.status_code == 302
    assert first["Location"] == second["Location"]
    with inside():
        assert [str(case.pk) for case in Case.objects.all()] == [first["Location"].split("/")[2]]
    assert "您上次填到一半，都存着。" in text(lin.get(f"/items/{BIRTH}/apply/"))


def test_whoever_acts_for_a_company_says_for_whom(east, hall_client, inside):
    from cases.hall.models import Case

    agent = hall_client(east, "agent")

    assert "替谁办：请选一种" in text(agent.post(f"/items/{LICENCE}/apply/"))
    assert agent.post(f"/items/{LICENCE}/apply/", {"company": USCC}).status_code == 302
    assert agent.post(f"/items/{LICENCE}/apply/", {"company": "self"}).status_code == 302
    with inside():
        assert sorted(Case.objects.values_list("company_uscc", flat=True)) == ["", USCC]


def test_a_company_of_somebody_else_is_no_choice(lin, zhou, inside):
    from cases.hall.models import Case

    zhou.post(f"/items/{LICENCE}/apply/", {"company": USCC})

    with inside():
        assert list(Case.objects.values_list("company_uscc", flat=True)) == [""]


def test_an_item_for_persons_asks_for_no_company(east, hall_client):
    assert "替谁办" not in text(hall_client(east, "agent").get(f"/items/{BIRTH}/apply/"))


@pytest.mark.parametrize("code", ["34999999999900", "nothing"])
def test_an_unknown_item_is_a_404(lin, code):
    assert lin.get(f"/items/{code}/apply/").status_code == 404


def test_an_item_that_is_not_online_begins_nothing(lin, inside):
    from cases.hall.models import Case

    page = text(lin.post(f"/items/{GUIDE}/apply/"))

    assert "这个事项不能在网上申请" in page
    assert "开始填" not in page
    with inside():
        assert Case.objects.count() == 0


@pytest.fixture
def frozen(monkeypatch):
    """The hall takes nothing new: its identity row says frozen."""
    from cases.hall.queries import place

    monkeypatch.setattr(place, "TAKING", frozenset())


def test_a_frozen_hall_takes_nothing_new_and_says_what_still_works(lin, inside, frozen):
    from cases.hall.models import Case

    page = text(lin.post(f"/items/{BIRTH}/apply/"))

    assert "本厅暂停收件，查进度、取证件照常" in page
    assert "开始填" not in page
    with inside():
        assert Case.objects.count() == 0


def test_a_frozen_hall_keeps_a_draft_and_takes_no_submission(lin, made, inside, monkeypatch):
    from cases.hall.models import Case
    from cases.hall.queries import place

    case = made("draft")
    monkeypatch.setattr(place, "TAKING", frozenset())
    answer = lin.post(
        f"/drafts/{case.pk}/check/", {"version": case.item_version, "key": "k", "is_true": "on"}
    )

    assert "本厅暂停收件，查进度、取证件照常" in text(answer)
    with inside():
        assert Case.objects.get().state == "draft"
