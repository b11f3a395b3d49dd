"""The second factor: codes that are taken once, recovery codes, tries that are counted, and what a reset takes."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.encryption import NotReadable, decrypt
from accounts.models import Factor, RecoveryCode, Session, SignIn
from accounts.queries import has_second_factor
from accounts.services import counters, second_factor
from accounts.services.second_factor import At
from tests.accounts.authenticator import code
from tests.accounts.browser import EAST, Browser
from tests.accounts.factors import person, with_codes, with_totp
from tests.template import NOW, PERSON_ID, PORTAL

HERE = At("", "203.0.113.9", NOW)


def at(**more):
    return At("", "203.0.113.9", timezone.now() + timedelta(**more))


def test_codes_are_those_of_rfc_6238():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    times = (59, 1111111109, 1111111111, 1234567890, 2000000000)
    assert [second_factor.code_at(secret, time // 30) for time in times] == [
        "287082", "081804", "050471", "005924", "279037"
    ]  # fmt: skip


class TestACode:
    def test_proves_it_once(self):
        secret = with_totp("lin")
        second_factor.by_code(person("lin"), code(secret), at())
        with pytest.raises(second_factor.NotProved, match="用过了，请等下一个，还能试 4 次"):
            second_factor.by_code(person("lin"), code(secret), at())

    def test_that_set_it_up_is_spent(self):
        secret = with_totp("lin", drift=0)
        with pytest.raises(second_factor.NotProved, match="用过了"):
            second_factor.by_code(person("lin"), code(secret), at())

    @pytest.mark.parametrize(
        ("drift", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
    )
    def test_of_a_clock_half_a_minute_off_is_taken(self, drift, is_taken):
        secret = second_factor.new_secret()
        second_factor.add_totp(
            person("lin"), secret=secret, code=second_factor.code_at(secret, 1000), name="x",
            now=NOW.fromtimestamp(30_000, tz=NOW.tzinfo),
        )  # fmt: skip
        if is_taken:
            second_factor.by_code(person("lin"), code(secret, drift), at())
        else:
            with pytest.raises(second_factor.NotProved, match="动态码不对"):
                second_factor.by_code(person("lin"), code(secret, drift), at())

    def test_before_one_that_was_taken_is_none_any_more(self):
        secret = with_totp("lin")
        second_factor.by_code(person("lin"), code(secret, 1), at())
        with pytest.raises(second_factor.NotProved, match="用过了"):
            second_factor.by_code(person("lin"), code(secret), at())

    def test_of_somebody_else_proves_nothing(self):
        secret = with_totp("zhou")
        with_totp("lin")
        with pytest.raises(second_factor.NotProved):
            second_factor.by_code(person("lin"), code(secret), at())

    def test_is_tried_five_times(self):
        secret = with_totp("lin")
        for _ in range(5):
            with pytest.raises(second_factor.NotProved):
                second_factor.by_code(person("lin"), "000000", at())
        with pytest.raises(counters.TooMany):
            second_factor.by_code(person("lin"), code(secret), at())
        with pytest.raises(counters.TooMany):
            second_factor.by_recovery_code(person("lin"), "AAAAA-AAAAA", at())
        assert list(SignIn.objects.values_list("how", "succeeded")) == [("second", False)] * 5

    def test_that_is_right_gives_the_tries_back(self):
        secret = with_totp("lin")
        for _ in range(4):
            with pytest.raises(second_factor.NotProved):
                second_factor.by_code(person("lin"), "000000", at())
        second_factor.by_code(person("lin"), code(secret), at())
        with pytest.raises(second_factor.NotProved, match="还能试 4 次"):
            second_factor.by_code(person("lin"), "000000", at())


def test_the_key_at_rest_opens_for_its_own_row_alone():
    with_totp("lin")
    with_totp("zhou")
    mine, theirs = (Factor.objects.get(person=PERSON_ID[name]) for name in ("lin", "zhou"))
    secret = decrypt(mine.secret, f"totp:{mine.person_id}:{mine.pk}")
    assert secret not in mine.secret
    assert len(secret) == 32
    with pytest.raises(NotReadable):
        decrypt(mine.secret, f"totp:{theirs.person_id}:{theirs.pk}")


class TestARecoveryCode:
    def test_is_kept_hashed_and_good_once(self):
        with_totp("lin")
        codes = with_codes("lin")
        assert len(set(codes)) == 10
        assert not RecoveryCode.objects.filter(pk__in=codes).exists()
        # as people write it: small letters, spaces
        assert second_factor.by_recovery_code(person("lin"), codes[0].lower().replace("-", " "), at()) == 9
        with pytest.raises(second_factor.NotProved, match="恢复码不对，或用过了，还能试 4 次"):
            second_factor.by_recovery_code(person("lin"), codes[0], at())

    def test_of_another_person_or_of_the_batch_before_is_none(self):
        with_totp("lin")
        old, theirs = with_codes("lin"), with_codes("zhou")
        with_codes("lin")
        for wrong in (old[0], theirs[0], "", "AAAAA-AAAAA"):
            with pytest.raises(second_factor.NotProved):
                second_factor.by_recovery_code(person("lin"), wrong, at())
        assert RecoveryCode.objects.filter(person=PERSON_ID["zhou"]).count() == 10


def test_the_last_factor_takes_the_recovery_codes_along():
    with_totp("lin")
    with_codes("lin")
    assert not second_factor.remove(person("lin"), PERSON_ID["lin"], now=NOW)
    assert second_factor.remove(person("lin"), Factor.objects.get().pk, now=NOW)
    assert not Factor.objects.exists()
    assert not RecoveryCode.objects.exists()


def test_where_it_is_demanded_the_last_stays(settings):
    settings.SECOND_FACTOR_ROLES = frozenset({"all"})
    with_totp("city_admin")
    with pytest.raises(second_factor.LastFactor):
        second_factor.remove(person("city_admin"), Factor.objects.get().pk, now=NOW)
    with_totp("city_admin")
    assert second_factor.remove(person("city_admin"), Factor.objects.first().pk, now=NOW)


def test_ten_are_enough():
    for _ in range(10):
        with_totp("lin")
    with pytest.raises(second_factor.TooManyFactors):
        with_totp("lin")


def test_who_has_one_is_one_question(django_assert_num_queries):
    with_totp("lin")
    with django_assert_num_queries(1, using="gate"):
        assert has_second_factor([PERSON_ID["lin"], PERSON_ID["zhou"]]) == {PERSON_ID["lin"]}


def test_a_reset_takes_all_and_ends_all(monkeypatch):
    told = []
    monkeypatch.setattr("accounts.sms.send", lambda phone, text, **more: told.append((phone, text)) or "")
    secret = with_totp("lin")
    with_codes("lin")
    browser = Browser()
    browser.sign_in("lin")
    browser.post("/sign-in/second/", {"code": code(secret)})
    assert browser.who(PORTAL) == "lin"
    told.clear()

    second_factor.reset(PERSON_ID["lin"], by=PERSON_ID["city_admin"], now=timezone.now())

    assert browser.who(PORTAL) == ""
    assert not Factor.objects.exists()
    assert not RecoveryCode.objects.exists()
    ((phone, text),) = told
    assert phone == "13900000000"
    assert text.startswith("管理员重置了您的登录验证")
    browser.sign_in("lin")
    assert browser.who(PORTAL) == "lin"


def test_the_command_resets_too(capsys):
    with_totp("city_admin")
    call_command("reset_second_factor", "city_admin")
    assert not Factor.objects.exists()
    assert "set up at the next sign-in" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no account is called 'nobody'"):
        call_command("reset_second_factor", "nobody")


def test_a_half_session_is_ended_like_a_whole_one():
    with_totp("east_window")
    browser = Browser()
    browser.sign_in("east_window", host=EAST)
    assert Session.objects.get().is_half
    second_factor.reset(PERSON_ID["east_window"], by=None, now=timezone.now())
    assert not Session.objects.exists()
    assert browser.get(f"http://{EAST}/sign-in/second/").request["PATH_INFO"] == "/sign-in/"
