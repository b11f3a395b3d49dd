"""Three values in words, with what differs marked; and until when a hall decides."""

from datetime import UTC, date, datetime, timedelta

import pytest

from catalog.shared import reviews
from catalog.shared.saying import LIKENESS, PIECES_LIMIT, label_of, pieces, three_in_words


def marked(before, now):
    signs = {"same": "", "ins": "+", "del": "-"}
    return [signs[piece.kind] + piece.text for piece in pieces(before, now)]


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ("5 个工作日", "5 个工作日", ["5 个工作日"]),
        ("5 个工作日", "12 个工作日", ["-5", "+12", " 个工作日"]),
        ("带身份证", "带身份证和户口本", ["带身份证", "+和户口本"]),
        ("带身份证和户口本", "带身份证", ["带身份证", "-和户口本"]),
        ("是", "否", ["-是", "+否"]),
        ("（空）", "二楼", ["+二楼"]),
        ("二楼", "（空）", ["-二楼", "（空）"]),
        ("（空）", "（空）", ["（空）"]),
        ("城东路 1 号", "另一个很远的地方", ["-城东路 1 号", "+另一个很远的地方"]),
    ],
)
def test_what_differs_is_marked(before, now, found):
    assert marked(before, now) == found


def test_a_long_text_is_compared_by_sentences_and_nothing_is_lost():
    sentences = [f"第{number}句，说一件事。" for number in range(PIECES_LIMIT)]
    before = "".join(sentences)
    now = "".join([*sentences[:7], "新的一句。", *sentences[8:]])

    assert marked(before, now)[1:3] == ["-第7句，说一件事。", "+新的一句。"]
    assert "".join(piece.text for piece in pieces(before, now) if piece.kind != "del") == now
    assert 0 < LIKENESS < 1


def test_of_a_row_only_the_columns_that_matter_are_said():
    base = {"key": "m1", "name": "身份证", "originals": 1, "note": "", "necessity": "required"}
    current = {**base, "originals": 2, "necessity": "later"}

    before, now, ours = three_in_words("materials.m1", base, current, {"exempt": True, "note": "看一眼"})

    assert before == "名称：身份证\n原件份数：1\n必要性：必须交\n不用交：（空）\n填报须知：（空）"
    assert now == "名称：身份证\n原件份数：2\n必要性：可以后补\n不用交：（空）\n填报须知：（空）"
    assert ours == "不用交：是\n说明：看一眼"


def test_a_row_that_the_city_removed_and_one_that_the_hall_drops():
    _before, now, ours = three_in_words(
        "materials.m1", {"key": "m1", "name": "身份证"}, None, {"hidden": True}
    )

    assert (now, ours) == ("市里删去了这一条", "本厅不要这一条")


def test_questions_are_said_whole():
    base = [{"key": "a", "question": "问", "answer": "答"}]

    assert three_in_words("faq", base, [], base) == ("问\n答", "（空）", "问\n答")


@pytest.mark.parametrize("value", [None, {}, {"days": "x"}, 3, [1]])
def test_what_nobody_made_by_the_services_is_said_as_it_stands(value):
    assert all(isinstance(text, str) for text in three_in_words("promised_days", value, value, value))
    assert all(isinstance(text, str) for text in three_in_words("faq", value, value, value))


def test_a_row_is_called_by_its_list_and_its_name():
    assert label_of("materials.m1", {"name": "身份证"}) == "材料：身份证"
    assert label_of("address", None) == "地址"


def test_ten_working_days_are_counted_as_fourteen_natural_ones():
    since = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # the third of March here
    last = datetime(2026, 3, 17, 15, 59, tzinfo=UTC)

    assert timedelta(days=14) == reviews.REVIEW_DAYS
    assert reviews.due_on(since) == date(2026, 3, 17)
    assert since >= reviews.overdue_before(last)
    assert since < reviews.overdue_before(last + timedelta(minutes=1))
