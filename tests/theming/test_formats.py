"""Dates, sizes and numbers as LOOK §6 writes them."""

from datetime import UTC, date, datetime

import pytest

from theming import formats
from theming.templatetags import ui


def test_dates():
    assert formats.cn_date(date(2026, 3, 4)) == "2026年3月4日（星期三）"
    assert formats.cn_day(date(2026, 3, 8)) == "3月8日 周日"
    assert ui.cn_date(None) == ""


def test_a_moment_is_shown_on_the_citys_day():
    evening_in_utc = datetime(2026, 3, 3, 16, 30, tzinfo=UTC)

    assert formats.cn_day(evening_in_utc) == "3月4日 周三"
    assert formats.cn_time(evening_in_utc) == "2026年3月4日 00:30"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 KB"), (1, "1 KB"), (88_000, "86 KB"), (1024 * 1024, "1.0 MB"), (2_411_724, "2.3 MB")],
)
def test_file_size(size, text):
    assert formats.file_size(size) == text


def test_a_case_number_is_parted_by_margins_and_copied_whole():
    html = ui.case_number("341621260228000171")

    assert (
        html
        == '<span class="num"><span>341621</span><span>260228</span><span>00017</span><span>1</span></span>'
    )
    assert ui.case_number("<b>") == '<span class="num"><span>&lt;b&gt;</span></span>'


def test_an_id_number_is_six_eight_four():
    assert "<span>341621</span><span>19900304</span><span>1234</span>" in ui.id_number("341621199003041234")


def test_masks_take_nothing_for_nothing():
    assert (ui.mask_name("张秀兰"), ui.mask_phone("13812345678")) == ("张*", "138****5678")
    assert (ui.mask_name(None), ui.mask_id(None), ui.mask_phone(None)) == ("", "", "")
