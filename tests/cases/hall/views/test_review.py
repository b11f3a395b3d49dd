"""One case at the desk: the steps that are open, what they ask, and what happens when two press at once."""

import pytest

from tests.cases.hall.views.conftest import text
from tests.template import BIRTH, LICENCE, NOW


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """Cases of a Monday in March are looked at on that Monday: their time to answer has not passed."""
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def approver(east, hall_client):
    """The clerk who decides."""
    return hall_client(east, "east_approver")


@pytest.fixture
def head(east, hall_client):
    """Who confirms a refusal."""
    return hall_client(east, "east_head")


def state(inside, case):
    """Return the case's state and revision as they stand now."""
    from cases.hall.models import Case

    with inside():
        return Case.objects.values_list("state", "revision").get(pk=case.pk)


def test_whole_numbers_are_shown_and_their_reading_is_on_record(made, window, monkeypatch):
    from audit.models import Record

    seen = []
    save = Record.save
    monkeypatch.setattr(
        Record, "save", lambda self, *a, **k: (seen.append((self.action, self.object)), save(self, *a, **k))
    )
    case = made("submitted")
    seen.clear()
    page = text(window.get(f"/clerk/cases/{case.number}/"))

    assert '<span class="num"><span>110105</span><span>19491231</span><span>002X</span></span>' in page
    assert seen == [("read_id_number", case.number)]


def test_a_file_is_opened_by_the_checked_address(made, window, inside):
    case = made("submitted")
    with inside():
        file = case.files.get()

    page = text(window.get(f"/clerk/cases/{case.number}/"))
    assert f'href="?file={file.pk}#viewer" aria-current="true">照片.jpg</a>' in page
    assert f'<a href="/cases/{case.number}/files/{file.pk}/">下载' in page


_BESIDE = ["开始看材料", "要求补材料", "问他要不要转到别的大厅", "当场更正", "不予受理"]


@pytest.mark.parametrize(
    ("item", "at", "username", "shown"),
    [
        (LICENCE, "submitted", "east_window", ["受理", *_BESIDE]),
        (BIRTH, "submitted", "east_window", ["当场办好", "受理", "当场办好，当场交给他", *_BESIDE]),
        (LICENCE, "submitted", "east_approver", []),
        (LICENCE, "accepted", "east_approver", ["开始审查"]),
        (LICENCE, "review", "east_approver", ["同意", "申请延期", "问别的部门", "建议不同意", "终止"]),
        (LICENCE, "review", "east_head", []),
        (LICENCE, "granted", "east_window", ["移交"]),
        (LICENCE, "delivering", "east_window", ["核对证件，交给他", "已送达", "放进取件柜"]),
        (LICENCE, "delivered", "east_window", ["申请补发", "申请更正", "建议撤销"]),
    ],
)
def test_the_buttons_are_the_steps_open_to_this_post(item, at, username, shown, made, east, hall_client):
    import re

    case = made("at", at, item)
    page = text(hall_client(east, username).get(f"/clerk/cases/{case.number}/"))
    acts = re.search(r'<form method="post" class="acts">(.*?)</form>', page, re.DOTALL)

    assert re.findall(r">([^<>\n]+)</(?:a|button)>", acts[1] if acts else "") == shown
    assert ("现在没有要您办的" in page) == (not shown)


def test_a_whole_case_goes_through_the_desk(made, window, approver, inside):
    case = made("submitted")
    base = f"/clerk/cases/{case.number}/"
    steps = [
        (window, "accept", {}),
        (approver, "review", {}),
        (approver, "grant", {}),
        (window, "hand_over", {"method": "window", "window": "3 号窗口"}),
        (window, "deliver", {}),
    ]
    for client, name, given in steps:
        answer = client.post(f"{base}{name}/", {"seen": state(inside, case)[1], **given})
        assert answer["Location"] == f"{base}?done={name}", text(answer)

    assert state(inside, case)[0] == "delivered"
    assert "办好了，已记下。" in text(window.get(f"{base}?done=deliver"))


def test_an_instant_item_is_done_on_one_screen(made, window, inside):
    case = made("submitted", BIRTH)

    window.post(f"/clerk/cases/{case.number}/complete/", {"seen": 1})
    assert state(inside, case)[0] == "granted"


def test_not_accepting_wants_a_reason_and_tells_the_rights(made, window, inside):
    case = made("submitted")
    path = f"/clerk/cases/{case.number}/not_accept/"

    page = text(window.post(path, {"seen": 1, "reason": " "}))
    assert '<a href="#id_reason">请填理由</a>' in page
    assert "60 天内申请行政复议，6 个月内起诉" in page
    assert state(inside, case) == ("submitted", 1)
    window.post(path, {"seen": 1, "reason": "材料不是本人的", "competent": "西县"})
    assert state(inside, case)[0] == "not_accepted"


def test_a_refusal_goes_by_two_persons(made, approver, head, inside):
    case = made("at", "review")
    base = f"/clerk/cases/{case.number}/"

    approver.post(f"{base}refuse/", {"seen": 3, "reason": "面积不够"})
    assert state(inside, case) == ("review", 4)
    assert "面积不够" in text(head.get(f"{base}refuse/"))
    head.post(f"{base}refuse/", {"seen": 4})
    assert state(inside, case)[0] == "refused"


def test_whoever_accepts_does_not_decide(made, inside, east, hall_client, monkeypatch):
    case = made("at", "review")
    monkeypatch.setattr("tenants.hall.middleware.posts_of", lambda person: frozenset({"window", "approver"}))
    answer = hall_client(east, "east_window").post(f"/clerk/cases/{case.number}/grant/", {"seen": 3})

    assert answer.status_code == 409
    assert "这件是您受理的，要由别人决定" in text(answer)
    assert state(inside, case) == ("review", 3)


def test_the_second_clerk_learns_who_was_faster_and_keeps_what_was_typed(made, window, inside):
    case = made("submitted")
    typed = {"seen": 1, "reason": "写了很久的理由", "competent": "西县"}
    window.post(f"/clerk/cases/{case.number}/accept/", {"seen": 1})
    answer = window.post(f"/clerk/cases/{case.number}/not_accept/", typed)
    page = text(answer)

    assert answer.status_code == 409
    assert "东窗口刚处理了这件：受理" in page
    assert "写了很久的理由" in page
    assert 'value="西县"' in page
    assert state(inside, case) == ("accepted", 2)


def test_a_parcel_needs_its_number(made, window, inside):
    case = made("at", "granted")
    page = text(window.post(f"/clerk/cases/{case.number}/hand_over/", {"seen": 4, "method": "ems"}))

    assert "请填邮件单号" in page
    assert state(inside, case)[0] == "granted"


@pytest.mark.parametrize("name", ["submit", "burn"])
def test_a_step_that_is_none_of_the_desks_is_a_404(name, made, window):
    assert window.post(f"/clerk/cases/{made('submitted').number}/{name}/", {"seen": 1}).status_code == 404


def test_a_stale_page_without_a_reason_is_told_too(made, window, inside):
    case = made("submitted")
    window.post(f"/clerk/cases/{case.number}/accept/", {"seen": 1})
    answer = window.post(f"/clerk/cases/{case.number}/accept/", {"seen": 1})

    assert answer.status_code == 409
    assert "东窗口刚处理了这件：受理" in text(answer)
    assert "回到这件" in text(answer)
    assert state(inside, case) == ("accepted", 2)
