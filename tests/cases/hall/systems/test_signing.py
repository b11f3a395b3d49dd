"""Signatures by Standard Webhooks: its own example, what is changed, what is old."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.hall import signing

# the example that the specification's libraries test themselves by
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, STAMP, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
AT = datetime.fromtimestamp(STAMP, UTC)


def given(**changed):
    return {signing.ID: ID, signing.TIMESTAMP: str(STAMP), signing.SIGNATURE: SIGNATURE, **changed}


def test_the_specifications_example():
    assert signing.sign(SECRET, ID, STAMP, BODY) == SIGNATURE
    assert signing.verify(SECRET, given(), BODY, AT) == ID
    assert signing.headers(SECRET, ID, AT, BODY) == given()


def test_one_of_several_signatures_is_enough():
    several = {signing.SIGNATURE: f"v1,AAAA v2,whatever {SIGNATURE}"}
    assert signing.verify(SECRET, given(**several), BODY, AT) == ID


@pytest.mark.parametrize(
    "changed",
    [
        {signing.ID: "msg_other"},
        {signing.ID: ""},
        {signing.ID: "x" * 81},
        {signing.ID: "消息"},
        {signing.TIMESTAMP: str(STAMP + 1)},
        {signing.TIMESTAMP: "now"},
        {signing.TIMESTAMP: "-5"},
        {signing.TIMESTAMP: "9" * 40},
        {signing.SIGNATURE: ""},
        {signing.SIGNATURE: SIGNATURE.replace("v1", "v2")},
        {signing.SIGNATURE: SIGNATURE[:-2]},
    ],
)
def test_what_was_changed_is_not_signed(changed):
    with pytest.raises(signing.NotSigned):
        signing.verify(SECRET, given(**changed), BODY, AT)


def test_another_body_or_another_secret_is_not_signed():
    with pytest.raises(signing.NotSigned):
        signing.verify(SECRET, given(), BODY + b" ", AT)
    with pytest.raises(signing.NotSigned):
        signing.verify(signing.new_secret(), given(), BODY, AT)


@pytest.mark.parametrize(("seconds", "is_fresh"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_a_message_is_five_minutes_old_at_most_and_not_from_tomorrow(seconds, is_fresh):
    now = AT + timedelta(seconds=seconds)
    if is_fresh:
        assert signing.verify(SECRET, given(), BODY, now) == ID
    else:
        with pytest.raises(signing.NotSigned):
            signing.verify(SECRET, given(), BODY, now)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_AAAA", "whsec_!!", "whsec_" + "A" * 100])
def test_a_secret_is_long_enough(secret):
    with pytest.raises(ValueError, match="secret"):
        signing.key_of(secret)


def test_every_secret_is_another():
    assert len({signing.new_secret() for _each in range(20)}) == 20
    assert len(signing.key_of(signing.new_secret())) == signing.SECRET_BYTES
