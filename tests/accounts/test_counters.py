"""Counting in the database: reserved before checked, so that parallel tries do not slip by."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Code, Counter, SignIn
from accounts.services import codes, counters, sign_in
from tests.template import NOW, PASSWORD


def reserve(key="k", *, limit=3, now=NOW):
    return counters.reserve(key, limit=limit, window_seconds=900, now=now)


def test_so_many_tries_and_no_more():
    assert [reserve().left for _ in range(3)] == [2, 1, 0]
    with pytest.raises(counters.TooMany) as refused:
        reserve()
    assert refused.value.until == NOW + timedelta(seconds=900)


def test_the_lock_lasts_whole_from_the_last_allowed_try():
    reserve()
    reserve()
    later = NOW + timedelta(minutes=14)
    reserve(now=later)

    with pytest.raises(counters.TooMany) as refused:
        reserve(now=NOW + timedelta(minutes=16))
    assert refused.value.until == later + timedelta(minutes=15)
    assert reserve(now=later + timedelta(minutes=15)).left == 2


def test_a_locked_try_does_not_prolong_the_lock():
    for _ in range(3):
        reserve()
    for minute in range(1, 15):
        with pytest.raises(counters.TooMany):
            reserve(now=NOW + timedelta(minutes=minute))
    assert reserve(now=NOW + timedelta(minutes=15)).left == 2


def test_a_try_given_back_may_be_made_again():
    reserve()
    counters.release("k")
    assert reserve().left == 2
    counters.reset("k")
    assert not Counter.objects.exists()


def test_keys_do_not_touch():
    for _ in range(3):
        reserve("one")
    assert reserve("other").left == 2


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.9", "x:address:203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "x:address:2001:db8:1:2::/64"),
        ("unknown", None),
        ("", None),
    ],
)
def test_an_address_is_counted_as_its_customer(address, key):
    assert counters.by_address("x", address) == key


def in_parallel(count, work):
    """Run the work in threads that start together; return what each returned or raised."""
    ready, results = threading.Barrier(count), []

    def one():
        ready.wait()
        try:
            results.append(work())
        except Exception as problem:
            results.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_parallel_guesses_of_a_password_do_not_pass_the_limit(fresh_database):
    now = timezone.now()

    def guess():
        return sign_in.by_password("lin", "wrong-password", hall="", address="203.0.113.9", now=now)

    results = in_parallel(12, guess)

    assert sum(isinstance(result, sign_in.WrongPassword) for result in results) == 5
    assert sum(isinstance(result, counters.TooMany) for result in results) == 7
    assert SignIn.objects.filter(succeeded=False).count() == 12
    with pytest.raises(counters.TooMany):
        sign_in.by_password("lin", PASSWORD, hall="", address="203.0.113.9", now=now)


def test_parallel_guesses_of_a_code_do_not_pass_the_limit(fresh_database):
    now = timezone.now()
    code = codes.send("13700000000", purpose="portal", address="203.0.113.9", now=now)
    wrong = "000000" if code != "000000" else "111111"

    results = in_parallel(12, lambda: codes.check("13700000000", wrong, purpose="portal", now=now))

    assert sum(isinstance(result, codes.WrongCode) for result in results) == 5
    assert sum(isinstance(result, codes.CodeExpired) for result in results) == 7
    with pytest.raises(codes.CodeExpired):
        codes.check("13700000000", code, purpose="portal", now=now)


def test_one_code_is_good_once_even_in_parallel(fresh_database):
    now = timezone.now()
    code = codes.send("13700000000", purpose="portal", address="203.0.113.9", now=now)

    results = in_parallel(4, lambda: codes.check("13700000000", code, purpose="portal", now=now))

    assert results.count(None) == 1
    assert not Code.objects.exists()
