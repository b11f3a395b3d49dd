"""From the outbox to the phone and the mailbox: nothing lost, merged, in order, within what a provider and a person bear."""

import logging
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tests.cases.hall.making import BIRTH, NOW, act, at, submitted
from tests.cases.hall.notices import providers
from tests.conftest import _hall
from tests.template import PERSON_ID

LATER = NOW + timedelta(seconds=5)
NIGHT = NOW.replace(hour=15)  # 23:00 in Shanghai
LIN = PERSON_ID["lin"]


def in_hall(make, key="east"):
    from tenants.shared import scope

    with scope.hall(_hall(key)):
        return make()


def sweep(now=LATER):
    """One round of the worker for the messages of east."""
    from cases.hall.services import rounds

    return rounds.deliver(_hall("east"), now=lambda: now)


def outbox(**narrowed):
    from cases.hall.models import Outbox

    return in_hall(lambda: list(Outbox.objects.filter(**narrowed).order_by("created_at", "id")))


def inbox(person=LIN):
    from cases.shared.models import InboxMessage
    from tenants.shared import scope

    with scope.portal():
        return list(InboxMessage.objects.filter(person=person).order_by("at", "id"))


def tell(text, *, kind="accepted", subject=None, due_on=None, now=NOW, person=LIN, **given):
    """Tell a person something of a thing of its own."""
    import uuid

    from cases.hall.notice_rules import Said
    from cases.hall.services import telling

    about = telling.Subject(subject or uuid.uuid4(), "/cases/1/")
    said = Said(kind, text, due_on=due_on, **given)
    in_hall(lambda: telling.tell(person, said, about=about, event=None, now=now))
    return about.pk


def state(name="sms"):
    from cases.shared.models import ChannelState
    from tenants.shared import scope

    with scope.city():
        return ChannelState.objects.filter(pk=name).first()


def reach(**given):
    from accounts.models import Reach

    Reach.objects.update_or_create(person_id=LIN, defaults=given)


def test_what_is_said_of_one_case_in_one_round_is_one_text_and_the_readers_turn_comes_first(gateway):
    case = in_hall(lambda: act(submitted(), "accept"))
    case = in_hall(lambda: act(case, "review"))
    in_hall(lambda: act(act(case, "grant"), "hand_over", data={"method": "window", "window": "3 号窗口"}))

    assert sweep() > 1
    (text,) = gateway.texts
    assert text.startswith("轮到您：小餐馆许可办好了，请带身份证到3 号窗口取。")
    assert {row.sms for row in outbox()} == {"sent"}
    assert len({row.delivered_at for row in outbox()}) == 1
    assert sweep(LATER + timedelta(hours=2)) == 0
    assert len(gateway.texts) == 1


def test_five_reminders_of_one_case_are_one(gateway):
    subject = tell("还有7天。", kind="reminder", due_on=date(2026, 3, 20))
    for number in range(4):
        tell(
            f"还有{4 - number}天。",
            kind="reminder",
            subject=subject,
            due_on=date(2026, 3, 20),
            now=NOW + timedelta(seconds=number + 1),
        )

    assert sweep(NOW + timedelta(minutes=1)) == 5
    assert gateway.texts == ["还有1天。"]


def test_two_people_and_two_things_are_never_merged_and_a_code_goes_alone(gateway):
    subject = tell("甲。")
    tell("取件码123456。", kind="in_locker", subject=subject, shown="取件码见短信。", is_secret=True)
    tell("乙。", subject=subject, person=PERSON_ID["zhou"])
    tell("丙。")

    assert sweep() == 4
    assert sorted(gateway.texts) == sorted(["甲。", "取件码123456。", "乙。", "丙。"])


def test_a_code_stands_in_no_inbox_and_no_log_and_leaves_the_outbox(gateway, caplog):
    with caplog.at_level(logging.DEBUG):
        tell("取件码654321。", kind="in_locker", shown="取件码见短信。", is_secret=True)
        gateway.behave(providers.status(500))
        sweep()
        gateway.behave(providers.status(200))
        assert sweep(LATER + timedelta(minutes=2)) == 1

    assert [row.text for row in inbox()] == ["取件码见短信。"]
    assert [row.text for row in outbox()] == [""]
    assert "654321" not in caplog.text


def test_the_day_that_presses_most_goes_first_and_no_more_than_a_minute_bears(gateway, settings):
    settings.SMS_A_MINUTE = 3
    for day in (20, 5, 12, 28, 9):
        tell(f"{day}。", due_on=date(2026, 3, day))
    tell("没有期限。")

    assert sweep() == 3
    assert gateway.texts == ["5。", "9。", "12。"]
    # a minute later the next
    assert sweep(LATER + timedelta(seconds=61)) == 3
    assert gateway.texts[3:] == ["20。", "28。", "没有期限。"]


@pytest.mark.parametrize(
    "how", [providers.status(500), providers.status(302), providers.garbage, providers.silent]
)
def test_whatever_a_provider_answers_nothing_is_lost(how, gateway):
    tell("甲。")
    gateway.behave(how)
    assert sweep() == 0
    (row,) = outbox()
    assert (row.sms, row.tries, row.next_try_at) == ("waiting", 1, LATER + timedelta(minutes=1))
    assert [told.text for told in inbox()] == ["甲。"]

    gateway.behave(providers.status(200))
    assert sweep(LATER + timedelta(minutes=1)) == 1
    assert gateway.keys == [row.pk.hex] * 2


def test_a_provider_that_gives_a_byte_now_and_then_is_left(gateway, monkeypatch):

    from accounts import letters

    monkeypatch.setattr(letters, "TOTAL_SECONDS", 0.3)
    tell("甲。")
    gateway.behave(providers.slow)

    assert sweep() == 0
    assert outbox()[0].problem


def test_a_day_without_a_provider_loses_nothing_and_makes_no_storm(gateway, settings):
    settings.SMS_A_MINUTE = 4
    gateway.behave(providers.status(503))
    for day in range(9, 19):
        tell(f"{day}。", due_on=date(2026, 3, day))
    tell("还有1天。", kind="reminder", due_on=NOW.date())

    now = LATER
    for _ in range(12 * 24):
        sweep(now)
        now += timedelta(minutes=5)

    down = state()
    assert (down.down_since, down.problem) == (LATER, "HTTP 503")
    # at first three ask, then one a minute
    assert len(gateway.texts) <= 3 + 12 * 24
    assert {row.sms for row in outbox(kind="accepted")} == {"waiting"}
    assert len(inbox()) == 11
    gateway.server.got.clear()
    gateway.behave(providers.status(200))

    # the first asks, and its answer lets the others go: within what a minute bears, the most pressing first
    sweep(now)
    assert len(gateway.texts) == 4
    for _ in range(4):
        now += timedelta(seconds=61)
        sweep(now)
    assert sorted(gateway.texts) == sorted(f"{day}。" for day in range(9, 19))
    assert state().down_since is None
    # what only yesterday was of use is not said any more; the inbox has it
    assert [row.sms for row in outbox(kind="reminder")] == ["late"]
    assert all(row.delivered_at for row in outbox())


def test_after_a_week_of_tries_staff_see_it_as_failed_and_may_send_it_again(gateway):
    from cases.hall.services.notices import again
    from tests.conftest import actor

    tell("甲。")
    gateway.behave(providers.status(500))
    sweep(NOW + timedelta(days=7, seconds=1))
    (row,) = outbox()
    assert (row.sms, row.delivered_at, row.problem) == ("failed", None, "HTTP 500")
    assert row.failed_at
    gateway.behave(providers.status(200))
    later = NOW + timedelta(days=8)
    assert sweep(later) == 0

    clerk = actor("east_window", ["window"])
    in_hall(lambda: again.send(row.pk, to_case_phone=False, by=clerk, now=later))
    assert sweep(later) == 1
    # to the provider another message: it would drop a repetition
    assert len(set(gateway.keys)) == 2
    with pytest.raises(again.NotFailed):
        in_hall(lambda: again.send(row.pk, to_case_phone=False, by=clerk, now=later))


def test_a_number_that_is_nobodys_is_marked_and_not_tried_again(gateway):
    from accounts.models import Person
    from accounts.services import reaching

    tell("甲。")
    gateway.behave(providers.status(422, "号码 13900000000 不存在".encode()))
    sweep()
    (row,) = outbox()
    assert (row.sms, row.problem) == ("failed", "HTTP 422")
    assert state().failures == 0
    gateway.behave(providers.status(200))
    tell("乙。", now=LATER)
    sweep(LATER + timedelta(minutes=5))
    assert gateway.texts == ["甲。"]
    assert outbox()[1].sms == "off"

    # a new number is another one; the same one is tried again once its owner says so
    reaching.accept_phone(LIN)
    tell("丙。")
    sweep(LATER + timedelta(minutes=6))
    assert gateway.texts == ["甲。", "丙。"]
    assert Person.objects.get(pk=LIN).reach.phone_refused == ""


def test_staff_may_send_it_to_the_phone_of_the_case_file(gateway):
    from accounts.models import Person
    from cases.hall.services.notices import again
    from tests.conftest import actor

    in_hall(submitted)
    gateway.behave(providers.status(422))
    sweep()
    gateway.behave(providers.status(200))
    Person.objects.filter(pk=LIN).update(phone="13912345678")
    (row,) = outbox()
    in_hall(lambda: again.send(row.pk, to_case_phone=True, by=actor("east_window", ["window"]), now=LATER))
    sweep(LATER + timedelta(minutes=1))

    assert gateway.server.got[-1]["phone"] == "13900000000"
    assert outbox()[0].sms == "sent"


def test_at_night_only_what_cannot_wait_rings(gateway):
    tell("不急。", now=NIGHT)
    tell("明天到期。", kind="reminder", due_on=date(2026, 3, 3), is_yours=True, now=NIGHT)
    tell("码1。", kind="in_locker", shown="码", is_secret=True, now=NIGHT)

    sweep(NIGHT + timedelta(seconds=1))
    assert sorted(gateway.texts) == ["明天到期。", "码1。"]
    (held,) = outbox(kind="accepted")
    assert (held.sms, held.tries) == ("waiting", 0)
    # 7:30 in Shanghai
    assert held.next_try_at == NIGHT.replace(hour=23, minute=30)
    assert sweep(held.next_try_at - timedelta(seconds=1)) == 0
    assert sweep(held.next_try_at) == 1


def test_a_person_has_quiet_hours_of_their_own(gateway):
    reach(quiet_from=time(7), quiet_to=time(7))
    tell("不急。", now=NIGHT)

    assert sweep(NIGHT + timedelta(seconds=1)) == 1


def test_mail_goes_beside_the_text_message_with_the_same_words_and_a_link(gateway, mailbox):
    reach(mail="lin@example.org")
    case = in_hall(submitted)
    (row,) = outbox()

    assert sweep() == 1
    ((to, mail),) = mailbox.got
    assert (to, mail["From"], mail["Auto-Submitted"]) == (
        "lin@example.org",
        "hall@example.org",
        "auto-generated",
    )
    assert mail["Message-ID"] == f"<{row.pk.hex}@example.org>"
    assert mail["Subject"] == "东县网上办事大厅：您有新消息"
    words = mail.get_content()
    assert words.startswith(gateway.texts[0])
    assert "http://east.city.localhost:" in words
    assert not mail.is_multipart()
    assert case.number in words
    assert [row.mail for row in outbox()] == ["sent"]


def test_while_the_text_messages_wait_the_mail_leaves_once(gateway, mailbox):
    reach(mail="lin@example.org")
    gateway.behave(providers.status(500))
    tell("甲。")
    for minutes in range(10):
        sweep(LATER + timedelta(minutes=minutes))
    assert len(mailbox.got) == 1
    assert [(row.sms, row.mail) for row in outbox()] == [("waiting", "sent")]

    gateway.behave(providers.status(200))
    assert sweep(LATER + timedelta(hours=2)) == 1
    assert len(mailbox.got) == 1


def test_a_mailbox_that_is_nobodys_is_marked_and_the_phone_has_it_all_the_same(gateway, mailbox):
    from accounts.models import Person

    reach(mail="lin@example.org")
    mailbox.refuse = "550 no such user"
    tell("甲。")

    assert sweep() == 1
    (row,) = outbox()
    assert (row.sms, row.mail, row.problem) == ("sent", "failed", "SMTP 550")
    assert Person.objects.get(pk=LIN).reach.mail_refused_at == LATER


def test_a_mail_server_that_is_away_holds_up_no_text_message(gateway, mailbox, settings):
    reach(mail="lin@example.org")
    settings.EMAIL_PORT = 9
    for number in range(5):
        tell(f"{number}。")
    sweep()

    assert len(gateway.texts) == 5
    assert {(row.sms, row.mail) for row in outbox()} == {("sent", "waiting")}
    assert state("mail").down_since == LATER
    assert state("sms").failures == 0


def test_what_the_law_owes_goes_by_what_is_left_and_the_rest_as_it_is_wished(gateway, mailbox):
    reach(mail="lin@example.org", off=["sms:statutory", "sms:reminder", "mail:reminder", "mail:booking"])
    tell("依法。", kind="accepted")
    tell("提醒。", kind="reminder", due_on=date(2026, 3, 20))
    tell("预约。", kind="booking.booked", due_on=date(2026, 3, 20))
    sweep()

    assert gateway.texts == ["预约。"]
    assert [mail.get_content().splitlines()[0] for _to, mail in mailbox.got] == ["依法。"]
    assert {told.text for told in inbox()} == {"依法。", "提醒。", "预约。"}
    # the mailbox is gone: the law's message goes by SMS although that was switched off
    reach(mail_refused_at=NOW)
    tell("又依法。", kind="accepted")
    sweep(LATER + timedelta(minutes=1))
    assert gateway.texts == ["预约。", "又依法。"]


def test_a_rung_bell_does_not_sweep_the_bookings(monkeypatch):
    from cases.hall.services import rounds
    from cases.hall.services.bookings import ending

    swept = []
    monkeypatch.setattr(ending, "sweep", lambda hall, **_: swept.append(hall.schema_name))
    in_hall(submitted)

    assert rounds.answer_doorbells(now=lambda: LATER) == 1
    assert swept == []
    rounds.sweep(now=lambda: LATER + timedelta(minutes=1))
    assert sorted(swept) == ["east", "west"]


def test_an_act_of_a_proxy_rings_unless_the_principal_said_that_the_inbox_is_enough(gateway):
    from cases.hall.models import Mandate
    from cases.hall.services import mandates
    from tests.cases.hall import mandating
    from tests.conftest import actor

    def given():
        mandating.term()
        mandate = mandating.in_force()
        person = mandate.principal.person
        mandating.filed(mandate, BIRTH)
        return mandate, person

    mandate, person = in_hall(given)

    def rung():
        return sum(row.kind == "proxy.act" for row in outbox(person=person))

    before = rung()
    assert before
    assert any("代办员替您" in row.text for row in inbox(person))
    in_hall(lambda: Mandate.objects.filter(pk=mandate.pk).update(tells_acts=False))
    in_hall(lambda: mandating.filed(Mandate.objects.get(pk=mandate.pk), BIRTH))

    assert rung() == before
    # one of each case: what was begun and filed in one moment is told in one
    assert sum("代办员替您" in row.text for row in inbox(person)) == 2
    with pytest.raises(PermissionDenied):
        in_hall(lambda: mandates.set_telling(mandate.pk, tells=True, actor=actor("zhou"), now=NOW))


@pytest.mark.parametrize("state_of_case", ["submitted", "refused"])
def test_the_inbox_is_written_with_the_step_and_once(state_of_case):
    in_hall(lambda: at(state_of_case))

    rows = inbox()
    assert len(rows) == len({row.text for row in rows})
    assert rows[0].text.startswith("小餐馆许可已提交")
    assert rows[0].path.startswith("/cases/3")
