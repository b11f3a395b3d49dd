"""Where a result is on its way to its holder: each place, the steps between, reminders, and the receipt."""

import re
from datetime import date, timedelta

import pytest

from tests.cases.hall.making import LICENCE, NOW, act, actor, at, handed, submitted

LIN = "11010519491231002X"


@pytest.fixture(autouse=True)
def own_transaction(in_east, monkeypatch):
    """The sweep's transactions are the test's: its scope is open already."""
    import contextlib

    from tenants.shared import scope

    monkeypatch.setattr(scope, "hall", lambda hall: contextlib.nullcontext())


def fresh(case):
    from cases.hall.models import Case

    return Case.objects.get(pk=case.pk)


def own(case, action, now=NOW, **given):
    from cases.hall.services import transition

    return transition.apply(case, action, by=actor("lin"), now=now, **given)


def sweep(days):
    from cases.hall.services import lapses

    return lapses.sweep(None, now=NOW + timedelta(days=days))["on_the_way"]


def told(case):
    from cases.hall.models import Outbox

    rows = Outbox.objects.filter(event__case=case).order_by("created_at", "event__sequence", "id")
    return [row.text for row in rows]


def delivery_clock(case):
    from cases.hall.models import LedgerEntry

    rows = LedgerEntry.objects.filter(case=case, clock="D").order_by("day", "event__sequence")
    return list(rows.values_list("act", "day"))


def code_of(case):
    return re.search(r"取件码(\d{6})", told(case)[-1])[1]


def receipt(case):
    return case.receipts.latest("at")


def open_steps(case, username="east_window", posts=("window",)):
    from cases.hall.services import transition

    found = transition.open_actions(fresh(case), actor(username, posts), NOW.date())
    return {step.name for step in found}


@pytest.mark.parametrize(
    ("way", "data", "place", "turn", "ends"),
    [
        ("window", {}, "at_window", "applicant", True),
        ("ems", {"number": "ex 123-456"}, "posted", "hall", False),
        ("proxy", {"proxy": "村代办员"}, "with_proxy", "hall", False),
        ("electronic", {}, "online", "applicant", True),
        ("locker", {"locker": "东门 12 号柜"}, "in_locker", "applicant", True),
    ],
)
def test_the_halls_time_ends_when_the_holder_can_have_it_and_was_told(way, data, place, turn, ends):
    case = fresh(handed(way, **data))

    assert (case.state, case.whereabouts, case.turn) == ("delivering", place, turn)
    assert delivery_clock(case) == [
        ("start", date(2026, 3, 2)),
        *([("stop", date(2026, 3, 2))] if ends else []),
    ]
    assert (case.due_on is None) == ends


def test_a_holder_who_does_not_come_makes_nobody_late():
    from cases.hall.queries import desk, progress

    case = handed("window")
    later = date(2026, 6, 30)

    assert progress.status(fresh(case), later).clock is None
    assert not desk.cases(actor("east_window", ["window"]), "overdue", today=later).exists()


def test_a_parcel_in_the_post_is_still_the_halls():
    from cases.hall.queries import progress

    case = handed("ems", number="EX123")

    assert progress.status(fresh(case), date(2026, 3, 17)).clock.kind == "danger"
    act(case, "deliver", NOW + timedelta(days=3))
    assert delivery_clock(case)[-1] == ("stop", date(2026, 3, 5))


@pytest.mark.parametrize("number", ["", "短", "EX12", "A" * 21, "EX 1;2"])
def test_a_parcels_number_that_no_carrier_writes_is_refused(number):
    from cases.hall.services import transition

    with pytest.raises(transition.DataNeeded) as refusal:
        handed("ems", number=number)
    assert list(refusal.value.fields) == ["number"]


def test_a_wrong_number_is_put_right_with_a_reason():
    from cases.hall.services import transition

    case = handed("ems", number="EX123")
    with pytest.raises(transition.ReasonNeeded):
        act(case, "correct_number", data={"number": "EX124"})
    case = act(case, "correct_number", reason="抄错一位", data={"number": "EX124"})

    assert case.handing.number == "EX124"
    event = case.events.get(action="correct_number")
    assert (event.data["before"], event.data["number"], event.reason) == ("EX123", "EX124", "抄错一位")
    assert told(case)[-1] == "小餐馆许可的邮件单号改为EMSEX124。"


def test_returned_mail_goes_out_once_more_and_then_to_the_window():
    case = handed("ems", number="EX123")
    case = act(case, "mail_returned", reason="没人在家")
    assert (case.whereabouts, open_steps(case)) == ("returned", {"deliver", "post_again", "to_window"})

    case = act(case, "post_again", data={"number": "EX200", "address": "城东路 9 号"})
    assert (case.whereabouts, case.handing.number) == ("posted_again", "EX200")
    assert case.handing.address["address"] == "城东路 9 号"
    assert case.due_clock == "D"

    case = act(case, "mail_returned", NOW + timedelta(days=4), reason="还是没人")
    assert (case.whereabouts, case.turn, case.due_on) == ("at_window", "applicant", None)
    assert delivery_clock(case)[-1] == ("stop", date(2026, 3, 6))
    assert told(case)[-1] == "轮到您：小餐馆许可在综合窗口，请带身份证来取。"
    assert "post_again" not in open_steps(case)


def test_the_address_is_frozen_when_the_parcel_is_handed_to_the_post():
    from cases.hall.models import Case

    case = at("granted")
    Case.objects.filter(pk=case.pk).update()
    case.delivery = {"method": "ems", "recipient": "林小禾", "phone": "13900000000", "address": "城东路 1 号"}
    case.save(update_fields=["delivery"])
    case = act(case, "hand_over", data={"number": "EX123"})
    case.delivery = {"method": "ems", "address": "别处"}
    case.save(update_fields=["delivery"])

    assert fresh(case).handing.address["address"] == "城东路 1 号"


def test_an_applicant_fetches_instead_of_waiting_for_the_post_until_it_is_posted():
    from cases.hall.services import transition

    case = submitted()
    case.delivery = {"method": "ems", "address": "城东路 1 号"}
    case.save(update_fields=["delivery"])
    case = act(act(act(case, "accept"), "review"), "grant")
    case = own(case, "choose_window")
    assert fresh(case).delivery == {"method": "window"}
    assert (case.state, case.whereabouts) == ("granted", "")

    with pytest.raises(transition.NotOpen):
        own(case, "choose_window")
    assert act(case, "hand_over").whereabouts == "at_window"


def test_what_is_posted_cannot_be_fetched_and_what_came_back_can():
    from cases.hall.services import transition

    case = handed("ems", number="EX123")
    with pytest.raises(transition.NotOpen):
        own(case, "choose_window")
    case = own(act(case, "mail_returned", reason="没人在家"), "choose_window")

    assert (case.whereabouts, case.due_on) == ("at_window", None)


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ({}, ("holder", "林*", "", "seen")),
        ({"id_number": LIN.lower()}, ("holder", "林*", "110105********002X", "number")),
        ({"receiver": "周远", "id_number": LIN}, ("agent", "周*", "110105********002X", "number")),
        ({"receiver": "周远"}, ("agent", "周*", "", "seen")),
    ],
)
def test_the_window_keeps_who_took_it_and_how_that_was_checked_masked(data, kept):
    from cases.hall.models import DeliveryReceipt

    case = at("delivering")
    case.applicant = {**case.applicant, "id_number": LIN}
    case.save(update_fields=["applicant"])
    case = act(case, "deliver", data=data)
    row = receipt(case)

    assert (row.taken_by, row.receiver_masked, row.id_masked, row.checked) == kept
    assert (row.way, row.given_by) == ("at_window", "东窗口")
    event = case.events.get(action="deliver")
    assert LIN not in str(event.data)
    assert "周远" not in str(event.data)
    assert DeliveryReceipt.objects.count() == 1


@pytest.mark.parametrize("data", [{}, {"receiver": "周远"}])
def test_handing_out_at_the_window_wants_the_number(data):
    from cases.hall.services import transition

    case = at("delivering")
    with pytest.raises(transition.DataNeeded) as refusal:
        act(case, "hand_out", data=data)
    assert list(refusal.value.fields) == ["id_number"]
    case = act(case, "hand_out", data={**data, "id_number": LIN})
    assert (case.state, receipt(case).checked, receipt(case).id_masked) == (
        "delivered",
        "number",
        "110105********002X",
    )


@pytest.mark.parametrize("number", ["110105194912310021", "11010519491231", "34162119900307991X"])
def test_a_wrong_id_number_hands_nothing_out(number):
    from cases.hall.services import transition

    case = at("delivering")
    with pytest.raises(transition.DataNeeded) as refusal:
        act(case, "deliver", data={"id_number": number})

    assert list(refusal.value.fields) == ["id_number"]
    assert not case.receipts.exists()


def test_the_receipt_names_how_it_was_handed_out():
    from io import BytesIO

    from pypdf import PdfReader

    from cases.hall.queries import documents
    from cases.hall.services import papers

    case = act(at("delivering"), "deliver")
    event = case.events.get(action="deliver")
    made = papers.at_once(papers.of(case, event, NOW), now=NOW)
    paper = PdfReader(BytesIO(papers.content(made)))
    text = re.sub(r"\s", "", paper.pages[0].extract_text())

    assert documents.title(event) == "送达回证"
    assert "窗口领取" in text
    assert "林*（本人）" in text
    assert "当面核对证件原件" in text


def test_a_locker_opens_by_its_code_once():
    from cases.hall.services import transition

    case = handed("locker", locker="东门 12 号柜")
    code = code_of(case)
    assert told(case)[-1] == f"小餐馆许可在东门 12 号柜，取件码{code}，3月5日前取。"
    assert code not in str(case.handing.__dict__) + str(list(case.events.values_list("data", flat=True)))

    wrong = f"{(int(code) + 1) % 10**6:06d}"
    with pytest.raises(transition.DataNeeded):
        act(case, "open_locker", data={"code": wrong})
    case = act(case, "open_locker", data={"code": f" {code[:3]} {code[3:]} "})
    assert (case.state, case.whereabouts) == ("delivered", "")
    assert (receipt(case).way, receipt(case).checked) == ("in_locker", "code")


def test_a_code_is_tried_five_times_and_then_not_even_the_right_one_opens():
    from cases.hall.services import transition

    case = handed("locker", locker="东门 12 号柜")
    code = code_of(case)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(transition.DataNeeded) as refusal:
            act(case, "open_locker", data={"code": "x"})
        assert refusal.value.fields["code"] == f"取件码不对，还能试 {left} 次"
    with pytest.raises(transition.DataNeeded) as refusal:
        act(case, "open_locker", data={"code": code})

    assert "试错太多" in refusal.value.fields["code"]
    assert act(case, "open_locker", NOW + timedelta(minutes=20), data={"code": code}).state == "delivered"


def test_another_code_makes_the_one_before_worthless_and_there_are_five_of_them():
    from cases.hall.services import transition

    case = handed("locker", locker="东门 12 号柜")
    first = code_of(case)
    for turn in range(4):
        case = own(case, "resend_code", NOW + timedelta(minutes=turn + 1))
    with pytest.raises(transition.NotOpen):
        own(case, "resend_code")
    last = code_of(case)

    if first != last:
        with pytest.raises(transition.DataNeeded):
            act(case, "open_locker", data={"code": first})
    assert act(case, "open_locker", data={"code": last}).state == "delivered"


def test_a_locker_is_emptied_the_day_after_its_last():
    case = handed("locker", locker="东门 12 号柜")
    code = code_of(case)

    assert sweep(1) == 0
    assert sweep(2) == 1  # a reminder
    assert told(case)[-1] == "轮到您：小餐馆许可在东门 12 号柜，最晚3月5日，请尽快取。"
    assert (sweep(2), sweep(3)) == (0, 0)
    assert sweep(4) == 1
    case = fresh(case)
    assert (case.whereabouts, case.state) == ("at_window", "delivering")
    from cases.hall.services import transition

    with pytest.raises(transition.NotOpen):
        act(case, "open_locker", NOW + timedelta(days=4), data={"code": code})


def test_an_expired_code_opens_nothing_although_the_sweep_is_late():
    from cases.hall.services import transition

    case = handed("locker", locker="东门 12 号柜")
    with pytest.raises(transition.DataNeeded) as refusal:
        act(case, "open_locker", NOW + timedelta(days=9), data={"code": code_of(case)})

    assert refusal.value.fields == {"code": "取件码过期了，请到窗口取"}


@pytest.mark.parametrize(
    ("days", "sentences"),
    [
        ([6], []),
        ([7, 7, 8], ["办好7天了"]),
        ([7, 29, 30, 31, 90], ["办好7天了", "办好30天了"]),
        ([35, 36], ["办好35天了"]),
    ],
)
def test_the_window_reminds_at_seven_and_thirty_days_once_each_however_late(days, sentences):
    case = handed("window")
    for day in days:
        sweep(day)

    reminders = [text for text in told(case) if "天了" in text]
    assert [text for text, part in zip(reminders, sentences, strict=True) if part in text] == reminders


def test_what_came_back_and_lies_there_is_told_once():
    case = act(handed("ems", number="EX123"), "mail_returned", reason="没人在家")

    assert [sweep(day) for day in (2, 3, 4, 20)] == [0, 1, 0, 0]
    assert told(case)[-1] == "小餐馆许可退回来还没寄出，您可以带身份证到窗口取。"


def test_what_lies_online_has_come_the_day_after():
    case = handed("electronic")

    assert (sweep(0), sweep(1), sweep(2)) == (0, 1, 0)
    case = fresh(case)
    assert (case.state, receipt(case).way, receipt(case).checked) == ("delivered", "online", "arrived")
    assert delivery_clock(case)[-1] == ("stop", date(2026, 3, 2))


def test_its_holder_says_that_it_has_come():
    case = own(handed("electronic"), "acknowledge")

    assert (case.state, receipt(case).taken_by) == ("delivered", "holder")


def test_a_proxy_signs_and_then_the_holder_does():
    case = handed("proxy", proxy="王代办")
    first = receipt(case)
    assert (first.taken_by, first.receiver_masked, first.checked) == ("proxy", "王*", "signed")
    assert case.handing.until == date(2026, 3, 4)

    case = act(case, "deliver", NOW + timedelta(days=1))
    assert [row.taken_by for row in case.receipts.order_by("at")] == ["proxy", "holder"]
    assert receipt(case).checked == "signed"


def test_a_reminder_counts_from_the_place_where_it_is_now():
    case = act(handed("ems", number="EX123"), "mail_returned", reason="没人在家")
    case = act(case, "to_window", NOW + timedelta(days=5))

    assert [sweep(day) for day in (11, 12)] == [0, 1]
    assert case.item_code == LICENCE
