"""Masks: as DOMAIN section 7 gives them, and never more than they say."""

import pytest

from accounts.masking import mask_id, mask_name, mask_phone


def test_masks():
    assert mask_name("张三") == mask_name("张三丰") == mask_name(" 张三 ") == "张*"
    assert mask_id("341602199001010012") == "341602********0012"
    assert mask_phone("13812345678") == "138****5678"


@pytest.mark.parametrize("mask", [mask_name, mask_id, mask_phone])
def test_nothing_is_nothing(mask):
    assert mask("") == ""


def test_what_is_short_is_hidden_whole():
    assert mask_id("3416021990") == "*" * 10
    assert mask_id("34160219900") == "341602*9900"
    assert mask_phone("1381234") == "*" * 7
