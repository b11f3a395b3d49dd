"""A result on its way, as its holder and the desk see it: where, until when, what to bring, and the acts."""

import pytest
from django.utils import timezone

from tests.cases.hall.views.conftest import text


@pytest.mark.parametrize(
    ("way", "data", "says"),
    [
        ("window", {}, ["等您来取", "请带身份证到综合窗口取。", "窗口替您保管到", "带身份证原件"]),
        ("ems", {"number": "EX123"}, ["已寄出", "单号EX123。", "破了可以拒收"]),
        ("proxy", {"proxy": "王代办"}, ["代办员在送", "王代办会送到家。", "前送到。"]),
        (
            "locker",
            {"locker": "东门 12 号柜"},
            ["到东门 12 号柜，输入短信里的取件码。", "在柜里放到", "再发一次取件码"],
        ),
        ("electronic", {}, ["可以下载了", "在下面下载。", "我收到了"]),
    ],
)
def test_the_holder_reads_where_it_is_until_when_and_what_to_bring(way, data, says, made, lin):
    case = made("handed", way, timezone.now(), **data)
    page = text(lin.get(f"/cases/{case.number}/"))
    card = page[page.index('<div class="status') : page.index("办到哪一步了")]

    assert [words for words in says if words not in card] == []


def test_the_holder_chooses_to_come_without_a_script(made, lin, inside):
    case = made("handed", "ems", timezone.now(), number="EX123")
    made("act", case, "mail_returned", timezone.now(), reason="没人在家")
    page = text(lin.get(f"/cases/{case.number}/"))
    assert f'href="/cases/{case.number}/act/choose_window/"' in page
    lin.post(f"/cases/{case.number}/act/choose_window/")

    assert "请带身份证到综合窗口取。" in text(lin.get(f"/cases/{case.number}/"))


def test_the_queue_says_where_each_result_is(made, window):
    made("handed", "window", timezone.now())
    made("handed", "ems", timezone.now(), number="EX123")
    page = text(window.get("/clerk/?queue=to_deliver"))

    assert "等申请人来窗口取" in page
    assert "已寄出，等签收" in page


def test_a_slip_in_a_parcels_number_is_seen_by_its_check_digit(made, window):
    case = made("at", "granted", now=timezone.now())
    made("act", case, "hand_over", timezone.now(), data={"method": "ems", "number": "EX100"})
    url = f"/clerk/cases/{case.number}/correct_number/"
    wrong = window.post(url, {"seen": 5, "reason": "抄错", "number": "EA123456789CN"})
    assert "校验位不对" in text(wrong)
    assert window.post(url, {"seen": 5, "reason": "抄错", "number": "ea 123456785 cn"}).status_code == 302
    assert "单号EA123456785CN" in text(window.get(f"/cases/{case.number}/"))


def test_the_window_hands_out_to_an_agent_and_the_number_is_masked_everywhere(made, window, lin):
    case = made("handed", "window", timezone.now())
    url = f"/clerk/cases/{case.number}/hand_out/"
    assert "代领人姓名" in text(window.get(url))
    assert "请填来取的人的身份证号" in text(window.post(url, {"seen": 5, "receiver": "周远"}))
    wrong = window.post(url, {"seen": 5, "receiver": "周远", "id_number": "110105194912310021"})
    assert "最后一位不对" in text(wrong)
    assert (
        window.post(url, {"seen": 5, "receiver": "周远", "id_number": "11010519491231002X"}).status_code
        == 302
    )

    for client, path in ((window, "/clerk"), (lin, "")):
        assert "11010519491231002X" not in text(client.get(f"{path}/cases/{case.number}/")).split("经过")[-1]


def test_who_follows_by_number_alone_learns_no_parcels_number(made, hall_client, east):
    case = made("handed", "ems", timezone.now(), number="EX123")
    page = text(hall_client(east).post("/track/", {"number": case.number, "code": case.query_code}))

    assert "已寄出" in page
    assert "EX123" not in page
