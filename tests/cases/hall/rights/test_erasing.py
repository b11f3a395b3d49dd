"""Erasure and the end of an account: what goes, what stays, what a killed worker leaves, and whom it must not touch."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages

from tests.cases.hall import making, mandating
from tests.cases.hall.booking import making as visits
from tests.cases.hall.rights.conftest import LATER, Killed, again, asked, done, in_hall, receipts, work
from tests.conftest import actor
from tests.template import LICENCE, NOW, PASSWORD, PERSON_ID, USCC

LIN = PERSON_ID["lin"]


def loose_file(username="lin"):
    from cases.hall.services import drafts

    return drafts.add_file(None, material_key="m1", upload=making.upload(), actor=actor(username), now=NOW)


def texts(person=LIN):
    """The words of the messages that have arrived, but of what is running."""
    from cases.hall.models import Outbox

    return list(
        Outbox.objects.filter(person=person).order_by("created_at", "id").values_list("text", flat=True)
    )


def delivered(person=LIN):
    from cases.hall.models import Outbox

    Outbox.objects.filter(person=person).update(delivered_at=NOW)


def feedback(username="lin"):
    from uuid import uuid4

    from catalog.hall.queries import effective_item
    from catalog.hall.services import feedback

    said = feedback.Said(uuid4(), "place", "地址不对")
    return feedback.submit(effective_item(LICENCE), said, address="unknown", by=actor(username), now=NOW)


class TestErasure:
    def test_what_nobody_must_keep_goes_and_the_filed_case_stays(self, east, west, sent):
        from cases.hall.models import Case, CaseFile
        from cases.shared.models import Pointer
        from tenants.shared import scope

        ended = in_hall(east, making.at, "delivered")
        in_hall(east, delivered)
        draft, loose = in_hall(east, making.draft), in_hall(east, loose_file)
        paths = [in_hall(east, draft.files.get).path, loose.path]
        said = in_hall(east, feedback)
        theirs = in_hall(east, making.draft, username="zhou")
        assert [storages["cases"].exists(path) for path in paths] == [True, True]

        request = done("erase")

        with scope.hall(east):
            assert set(Case.objects.values_list("pk", flat=True)) == {ended.pk, theirs.pk}
            assert CaseFile.objects.filter(person=LIN, case=None).count() == 0
            assert CaseFile.objects.filter(case=ended).count() == 1
            said.refresh_from_db()
            assert (said.person, said.text) == (None, "地址不对")
            assert set(texts()) == {None}
            assert not Pointer.objects.filter(case=draft.pk).exists()
        assert [storages["cases"].exists(path) for path in paths] == [False, False]
        assert request.state == "done"
        told = receipts(request)
        assert {name: told["east"][name] for name in ("drafts", "files", "feedback", "bookings")} == {
            "drafts": 1,
            "files": 1,
            "feedback": 1,
            "bookings": 0,
        }
        assert told["east"]["messages"] >= 1
        assert set(told["west"].values()) == {0}

    def test_a_running_case_keeps_its_messages_and_files(self, east, sent):
        case = in_hall(east, making.submitted)
        in_hall(east, delivered)
        done("erase")
        assert None not in in_hall(east, texts)
        assert storages["cases"].exists(in_hall(east, case.files.get).path)

    def test_a_past_visit_loses_its_person_and_keeps_its_place_in_the_figures(self, east, sent):
        from cases.hall.models.booking import Booking
        from cases.shared.models import BookingPointer
        from tenants.shared import scope

        booking = in_hall(east, visits.book)
        with scope.hall(east):
            Booking.objects.update(state="done")
            BookingPointer.objects.update(state="done")
            booking.items.update(is_open=False)
            taken = visits.slot()
        done("erase", now=NOW + timedelta(days=2))
        with scope.hall(east):
            kept = Booking.objects.get()
            assert (kept.person == LIN, kept.visitor, kept.name_masked, kept.check_code) == (
                False,
                {},
                "",
                "",
            )
            assert kept.booked_by != LIN
            assert not BookingPointer.objects.exists()
            assert visits.slot() == taken
            assert visits.findings() == []

    def test_a_no_show_that_counts_stays_and_still_counts(self, east, sent):
        from cases.hall.models.booking import Booking
        from tenants.shared import scope

        visits.young("lin")
        in_hall(east, visits.book)
        done("erase", now=NOW + timedelta(days=2))
        with scope.hall(east):
            kept = Booking.objects.get()
            assert (kept.state, kept.person) == ("no_show", LIN)

    def test_a_worker_killed_in_the_middle_is_followed_and_nothing_is_done_twice(
        self, fresh_database, east, west, sent, monkeypatch
    ):
        from cases.hall.models import Case
        from cases.hall.services.rights import erasing
        from tenants.shared import scope

        in_hall(east, making.draft)
        in_hall(west, making.draft)
        path = in_hall(west, lambda: Case.objects.get().files.get().path)
        really, calls = erasing.erase, []

        def dies(person, *, now):
            calls.append(person)
            lines = really(person, now=now)
            if len(calls) == 2:
                # its work is done and not committed; the content is gone
                raise Killed
            return lines

        monkeypatch.setattr(erasing, "erase", dies)
        request, _key = asked("erase")
        with pytest.raises(Killed):
            work()
        with scope.hall(west):
            assert Case.objects.count() == 1
        assert not storages["cases"].exists(path)
        assert (again(request).state, receipts(request).keys()) == ("waiting", {"east"})

        monkeypatch.setattr(erasing, "erase", really)
        assert work(LATER) == 1
        with scope.hall(west):
            assert Case.objects.count() == 0
        assert (again(request).state, [row["drafts"] for row in receipts(request).values()]) == (
            "done",
            [1, 1],
        )
        assert work(LATER + timedelta(hours=1)) == 0

    def test_a_copy_that_was_made_before_goes_too(self, east, sent):
        export = done("export")
        assert storages["cases"].exists(export.path)
        path = export.path
        done("erase")
        assert (again(export).state, storages["cases"].exists(path)) == ("gone", False)


class TestClosing:
    def test_sessions_tickets_and_tokens_die_everywhere_at_once_and_the_phone_is_free(
        self, east, west, portal_client, hall_client, sent
    ):
        from accounts.models import Person, Session, Ticket, Token
        from accounts.queries import person_with_phone
        from accounts.services import people, tickets, tokens
        from accounts.sessions import PERSON, SessionStore

        at_portal, at_hall = portal_client("lin"), hall_client(east, "lin")
        store = SessionStore(hall="")
        store[PERSON] = str(LIN)
        store.create()
        ticket = tickets.issue(store, hall="east", nonce_digest="0" * 64, now=NOW)
        token, _until = tokens.issue(Person.objects.get(pk=LIN), hall="", now=NOW)
        api = portal_client()
        header = {"HTTP_AUTHORIZATION": f"Token {token}"}
        assert at_portal.get("/me/").status_code == at_hall.get("/mandates/").status_code == 200
        assert ticket

        request = done("close")

        assert request.state == "done"
        assert at_portal.get("/me/").status_code == 302
        assert at_hall.get("/mandates/").status_code == 302
        assert api.get("/api/v1/me/data/", **header).status_code == 401
        for model in (Session, Ticket, Token):
            assert not model.objects.filter(person=LIN).exists()
        old = Person.objects.get(pk=LIN)
        assert (old.is_active, old.phone, old.phone_index) == (False, "", None)
        assert not old.check_password(PASSWORD)

        new = people.register(
            phone="13900000000",
            name="新机主",
            id_number=mandating.id_number(),
            password="Another-77-x",
            now=NOW,
        )
        assert new.pk != LIN
        assert person_with_phone("13900000000", "新机主") == new

    def test_the_numbers_next_holder_sees_nothing_of_the_old_account(self, east, portal_client, sent):
        from django.conf import settings

        from accounts.services import people
        from accounts.sessions import PERSON, SessionStore

        case = in_hall(east, making.submitted)
        done("close")
        new = people.register(
            phone="13900000000",
            name="新机主",
            id_number=mandating.id_number(),
            password="Another-77-x",
            now=NOW,
        )
        store = SessionStore(hall="")
        store[PERSON] = str(new.pk)
        store.create()
        client = portal_client()
        client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
        page = client.get("/me/").content.decode()
        assert "您还没有办件。" in page
        assert case.number[-5:] not in page

    def test_visits_are_cancelled_however_late_and_the_place_is_free(self, east, sent):
        from cases.hall.models.booking import Booking
        from tenants.shared import scope

        in_hall(east, visits.book)
        request = done("close", now=visits.at(visits.TOMORROW, 8, 30))
        with scope.hall(east):
            assert visits.slot()[0] == 0
            assert Booking.objects.get().person != LIN
            assert visits.findings() == []
        assert receipts(request)["east"]["cancelled"] == 1

    def test_mandates_end_on_both_sides_and_the_other_is_told(self, east, sent):
        from cases.hall.models import Mandate, Outbox
        from cases.hall.services import mandates
        from cases.shared.models import MandatePointer
        from tenants.shared import scope

        mandating.number_of("lin", mandating.id_number())
        until = NOW.date() + timedelta(days=30)
        with scope.hall(east):
            given = mandates.give(
                "周远", "13900000001", mandates.Terms(until=until), actor=actor("lin"), now=NOW
            )
        done("close")
        with scope.hall(east):
            assert Mandate.objects.get().ended_at == NOW
            assert MandatePointer.objects.get(mandate=given.pk).is_ended
            told = Outbox.objects.get(person=PERSON_ID["zhou"]).text
        assert told == "您替人办事的委托已结束，对方注销了账号。"

    def test_a_running_case_goes_on_and_is_found_by_number_and_code(self, east, hall_client, sent):
        case = in_hall(east, making.submitted)
        request = done("close")
        assert receipts(request)["east"]["running"] == 1
        page = hall_client(east).post("/track/", {"number": case.number, "code": case.query_code})
        assert case.item_name in page.content.decode()
        assert in_hall(east, making.act, case, "accept").state == "accepted"

    @pytest.mark.parametrize(("username", "words"), [("east_window", "东县"), ("city_admin", "市级工作人员")])
    def test_staff_close_no_account_before_the_post_ends(self, east, portal_client, sent, username, words):
        from accounts.models import Person

        request = done("close", username)
        assert (request.state, words in request.problem) == ("refused", True)
        assert Person.objects.get(pk=PERSON_ID[username]).is_active
        assert portal_client(username).get("/me/").status_code == 200

    def test_a_proxy_in_office_is_staff_too(self, east, sent):
        in_hall(east, mandating.term)
        request = done("close", "zhou")
        assert (request.state, "东县" in request.problem) == ("refused", True)

    def test_a_representative_hands_the_company_on_first(self, east, sent):
        from accounts.models import Company, Person

        assert Company.objects.filter(pk=USCC).update(representative=LIN) == 1
        request = done("close")
        assert (request.state, Company.objects.get(pk=USCC).name in request.problem) == ("refused", True)
        assert Person.objects.get(pk=LIN).closed_at is None

    def test_a_hall_that_is_away_is_done_when_it_is_back(self, east, west, sent, monkeypatch):
        from accounts.models import Person
        from cases.hall.services.rights import erasing
        from tenants.shared import scope

        in_hall(west, making.draft)
        really = erasing.leave

        def away(person, *, now):
            if scope.current().role == west.role:
                raise scope.WrongHall("moved")
            return really(person, now=now)

        monkeypatch.setattr(erasing, "leave", away)
        request = done("close")
        assert (request.state, request.away) == ("waiting", [west.role])
        assert Person.objects.get(pk=LIN).closed_at == NOW
        monkeypatch.setattr(erasing, "leave", really)
        assert work(LATER) == 1
        assert (again(request).state, receipts(request)["west"]["drafts"]) == ("done", 1)


class TestReopening:
    def test_within_thirty_days_at_a_window_and_with_a_phone_of_today(self, fresh_database, sent):
        from django.core.management import CommandError, call_command

        from accounts.models import Person
        from accounts.services import closing, people

        closing.close(LIN, now=NOW)
        with pytest.raises(people.ClosedByOwner):
            people.restore(LIN, by=None, now=NOW)
        with pytest.raises(people.AlreadyRegistered):
            closing.reopen(LIN, phone="13900000001", by=None, now=NOW)
        closing.reopen(LIN, phone="13811112222", by=None, now=NOW + timedelta(days=30))
        found = Person.objects.get(pk=LIN)
        assert (found.is_active, found.phone, found.name) == (True, "13811112222", "林小禾")
        with pytest.raises(CommandError, match="not closed"):
            call_command("reopen_account", "lin", "13811113333")

    def test_after_thirty_days_name_and_number_are_gone_for_good(self):
        from accounts.models import Person
        from accounts.services import closing

        closing.close(LIN, now=NOW)
        assert closing.blank_closed(now=NOW + timedelta(days=30)) == 0
        assert closing.blank_closed(now=NOW + timedelta(days=30, seconds=1)) == 1
        assert closing.blank_closed(now=NOW + timedelta(days=31)) == 0
        found = Person.objects.get(pk=LIN)
        assert (found.name, found.id_number, found.username) == ("", "", f"gone-{LIN.hex}")
        with pytest.raises(closing.NotToReopen):
            closing.reopen(LIN, phone="13811112222", by=None, now=NOW + timedelta(days=30))
