"""查进度 without an account."""

import pytest

from tests.cases.hall.views.conftest import text


@pytest.fixture
def anybody(east, hall_client):
    """Somebody who has not signed in."""
    return hall_client(east)


def test_number_and_code_show_the_state_and_nothing_of_the_person(anybody, made):
    case = made("at", "delivering")
    page = text(
        anybody.post(
            "/track/", {"number": f" {case.number[:6]} {case.number[6:]}", "code": case.query_code.lower()}
        )
    )

    assert "等您来取" in page
    assert "小餐馆许可" in page
    for secret in ("林", "110105", "李四", "139", "照片"):
        assert secret not in page


def test_a_reason_is_not_told_to_whoever_has_the_number(anybody, made):
    case = made("at", "not_accepted")
    page = text(anybody.post("/track/", {"number": case.number, "code": case.query_code}))

    assert "没有受理" in page
    assert "理由：" not in page


def test_wrong_codes_are_counted_down_and_lock(anybody, made):
    case = made("submitted")
    right = {"number": case.number, "code": case.query_code}
    wrong = {"number": case.number, "code": "AAAAAA" if case.query_code != "AAAAAA" else "BBBBBB"}

    assert "编号或查询码不对，还能试 4 次" in text(anybody.post("/track/", wrong))
    assert "已提交" in text(anybody.post("/track/", right))
    left = [text(anybody.post("/track/", wrong)).count(f"还能试 {n} 次") for n in (3, 2, 1, 0)]
    assert all(left)
    locked = anybody.post("/track/", right)
    assert locked.status_code == 429
    assert "试错太多" in text(locked)


def test_a_number_with_a_wrong_digit_is_told_at_once(anybody):
    page = text(anybody.post("/track/", {"number": "349901260302000011", "code": "ABCDEF"}))

    assert "编号不对，请对照回执再看一遍" in page


def test_empty_boxes_are_named(anybody):
    page = text(anybody.post("/track/", {}))

    assert "请填编号" in page
    assert "请填查询码" in page


def test_another_halls_number_is_nobodys_here(made, west, hall_client):
    case = made("submitted")
    page = text(hall_client(west).post("/track/", {"number": case.number, "code": case.query_code}))

    assert "编号或查询码不对" in page
