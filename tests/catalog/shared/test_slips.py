"""What may have been meant by a wrong character, and questions that are plain speech or half letters."""

import re

import pytest

from catalog.shared import search, slips
from catalog.shared.services import phrases
from tenants.shared import scope
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW


@pytest.mark.parametrize(
    ("one", "other"), [("侍", "待"), ("肓", "育"), ("睑", "险"), ("往", "住"), ("薄", "簿")]
)
def test_characters_that_look_alike_are_known_both_ways(one, other):
    assert (other in slips.looks()[one], one in slips.looks()[other]) == (True, True)


def test_a_character_is_put_right_by_its_neighbours():
    with scope.portal():
        assert slips.meant("出主登记") == ["出生登记"]


def test_what_the_index_knows_is_left_alone():
    with scope.portal():
        assert slips.meant("出生登记") == []


@pytest.mark.parametrize(
    ("question", "pattern"), [("准生证", ".生证|准.证|准生."), ("准证", ""), ("csdj", ""), ("证" * 9, "")]
)
def test_one_character_of_a_short_name_may_be_any(question, pattern):
    assert slips.pattern(question) == pattern


def test_a_pattern_holds_nothing_but_characters():
    assert re.fullmatch(r"[\u3400-\u9fff.|]*", slips.pattern("出生登记证明")) is not None


@pytest.mark.parametrize(
    ("question", "first"),
    [("出主登记", BIRTH), ("准玍证", BIRTH), ("小餐馆许呵", LICENCE), ("出生dj", BIRTH)],
)
def test_a_wrong_shape_and_letters_among_characters_are_borne(question, first):
    with scope.portal():
        assert [hit.key for hit in search.hits(question)][:1] == [first]


def test_what_was_put_right_counts_less_than_what_was_written():
    with scope.portal():
        exact, meant = search.hits("出生登记")[0], search.hits("出主登记")[0]
    assert (exact.key, meant.key, exact.score) == (BIRTH, BIRTH, 1.0)
    assert meant.score < exact.score


def test_the_telling_characters_of_plain_speech_stand_anywhere():
    with scope.city():
        phrases.add("开饭馆", LICENCE, by=actor("city_admin"), now=NOW)
    with scope.portal():
        assert [hit.key for hit in search.hits("叔叔打算明年开一间自己的饭馆")] == [LICENCE]
