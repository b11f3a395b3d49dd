"""What is written is cleaned, and what tells who somebody is is masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.hall.enquiry_text import clean, mask


def test_what_cannot_be_seen_goes_and_what_can_stays():
    assert clean("  a\x00b\u202ec\u200b\r\n\r\n\r\n\nd\te 😀 <b>x</b>\x1b ") == "abc\n\nd e 😀 <b>x</b>"
    assert clean(" \n\u200b\t ") == ""


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("身份证11010519491231002X号", "身份证***号"),
        ("身份证 110105 19491231 002x", "身份证 ***"),
        ("１１０１０５１９４９１２３１００２Ｘ", "***"),
        ("电话13812345678。", "电话***。"),
        ("电话 138-1234-5678", "电话 ***"),
        ("+86 138 1234 5678", "***"),
        ("打0558-5555555", "打***"),
        ("卡号6222 0212 3456 7890 123", "卡号***"),
        ("我的件341602260224000016", "我的件***"),
        ("信用代码92341600MA2ABCDE1X", "信用代码***"),
        ("邮箱zhang.san@example.com", "邮箱***"),
        ("微信zhangsan_88", "微信***"),
        ("QQ：123456", "QQ：***"),
        ("车牌皖S12345", "车牌***"),
        ("护照E12345678", "护照***"),
        ("我叫张三，想问", "我叫**，想问"),
        ("姓名：欧阳小明 男", "姓名：** 男"),
        ("我住人民路12号3单元401室", "我住人民路***"),
        ("住在王庄三组18号", "住在王庄***"),
        ("住幸福小区5栋2单元", "住幸福小区***"),
        ("林小禾来过", "林*来过"),
    ],
)
def test_what_tells_who_somebody_is_is_masked(written, kept):
    assert mask(written, ["林小禾"]) == kept


@pytest.mark.parametrize(
    "plain",
    [
        "3 个工作日内答复",
        "打 12345",
        "2026年3月4日上午9:30",
        "交 20 元，带 2 张照片",
        "《行政许可法》第三十二条",
        "走人民路",
    ],
)
def test_what_tells_nothing_stays(plain):
    assert mask(plain) == plain


def test_an_answer_keeps_the_number_of_an_office_and_no_phone():
    said = "打0558-5555555，不要打13812345678"
    assert mask(said, keeps_offices=True) == "打0558-5555555，不要打***"


@given(st.text(alphabet="我叫张三路号室0123456789Xx-－ １２３。，@a.皖S\n", max_size=80))
def test_masked_twice_is_masked_once(written):
    assert mask(mask(written)) == mask(written)


def test_no_message_is_longer_than_one_sms_with_its_sign():
    from datetime import date

    from cases.hall import enquiry_messages

    said = {
        name: enquiry_messages.text(
            name, kind="咨询", number="T341621261231999990", day=date(2026, 12, 31), is_expected=True
        )
        for name in enquiry_messages.KINDS
    }
    assert {name: text for name, text in said.items() if len(f"【示例政务】{text}") > 64} == {}


@pytest.mark.parametrize("piece", ["a.", "9", "1-", "路1号", "我叫", "一2"])
def test_masking_what_is_made_to_be_slow_ends(piece):
    assert len(mask(piece * 8000)) <= len(piece) * 8000 + 3 * 8000
