"""The same code at the same moment, by real connections: one of them is in."""

import threading

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Challenge, Factor, Person, RecoveryCode, Session
from accounts.services import counters, passkeys, second_factor
from tests.accounts.authenticator import Device, code
from tests.accounts.factors import person, with_codes, with_totp
from tests.template import PORTAL

pytestmark = pytest.mark.usefixtures("fresh_database")
AT_ONCE = 6


def in_parallel(work, count=AT_ONCE):
    """Run the work in threads that start together; return what each returned or the class of what it raised."""
    ready, results = threading.Barrier(count), []

    def one(number):
        try:
            ready.wait()
            results.append(work(number))
        except Exception as problem:
            results.append(type(problem))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def at():
    return second_factor.At("east", "203.0.113.9", timezone.now())


def fates(results):
    return sorted(str(getattr(result, "__name__", result)) for result in results)


def test_one_code_is_taken_once():
    secret, who = with_totp("east_window"), person("east_window")
    shown = code(secret)
    results = in_parallel(lambda _n: second_factor.by_code(who, shown, at()))
    assert results.count(None) == 1
    assert set(results) - {None} <= {second_factor.NotProved, counters.TooMany}


def test_one_recovery_code_is_taken_once():
    with_totp("east_window")
    codes, who = with_codes("east_window"), person("east_window")
    results = in_parallel(lambda _n: second_factor.by_recovery_code(who, codes[0], at()))
    assert results.count(9) == 1
    assert set(results) - {9} <= {second_factor.NotProved, counters.TooMany}
    assert RecoveryCode.objects.filter(person=who).count() == 9


def test_guesses_at_once_are_five():
    with_totp("east_window")
    who = person("east_window")
    results = in_parallel(lambda _n: second_factor.by_code(who, "000000", at()), count=9)
    assert fates(results) == ["NotProved"] * 5 + ["TooMany"] * 4


def test_one_challenge_is_spent_once():
    """By devices that count nothing, so that nothing but the challenge stands between them."""
    who, device, now = person("east_window"), Device(), timezone.now()
    site = passkeys.Site(PORTAL, "", f"http://{PORTAL}")
    made = device.make(passkeys.to_make(site, who, "session", now=now), site.origin)
    passkeys.make(site, who, "session", made, name="x", now=now)
    answer = device.use(passkeys.to_use(site, who, "session", now=now), site.origin)
    results = in_parallel(lambda _n: passkeys.use(site, who, "session", answer, at()))
    assert results.count(None) == 1
    assert not Challenge.objects.exists()


def test_the_last_two_factors_are_not_removed_at_once(settings):
    settings.SECOND_FACTOR_ROLES = frozenset({"all"})
    with_totp("city_admin")
    with_totp("city_admin")
    who, keys = person("city_admin"), list(Factor.objects.values_list("pk", flat=True))
    results = in_parallel(lambda number: second_factor.remove(who, keys[number], now=timezone.now()), count=2)
    assert fates(results) == ["LastFactor", "True"]
    assert Factor.objects.count() == 1


def test_many_windows_write_one_sighting(monkeypatch):
    """A session that is asked by many requests at once is noted by one of them."""
    from datetime import timedelta

    from accounts.sessions import PERSON, SessionStore

    who = Person.objects.get(username="east_window")
    store = SessionStore(hall="east")
    store[PERSON] = str(who.pk)
    store.create()
    old = timezone.now() - timedelta(minutes=2)
    Session.objects.update(seen_at=old)
    now = timezone.now()

    def ask(_number):
        mine = SessionStore(store.session_key, hall="east")
        mine.get(PERSON)
        mine.touch(now=now)
        return Session.objects.get().seen_at

    assert set(in_parallel(ask)) == {now}
