"""Texts in the search's spelling, and the pieces they are compared by."""

import pytest

from catalog.shared import grams


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("結婚登記", "结婚登记"),
        ("　生育　登记。", "生育登记"),
        ("ＳＹＤＪ", "sydj"),
        ("Shēngyù dēngjì", "shengyu dengji"),
        ("lǜshī", "lvshi"),
        ("４０５０补贴", "4050补贴"),
        ("【无房证明】！！", "无房证明"),
        ("😀😀", ""),
        ("\x00 ' -- ;", ""),
        ("   ", ""),
        ("哈哈哈哈哈", ""),
        ("证" * 3 + "明" * 3, "证证证明明明"),
    ],
)
def test_a_text_is_spelt_one_way(text, spelt):
    assert grams.spelt(text) == spelt


@pytest.mark.parametrize("text", ["证明" * 5000, "a1" * 5000, "ﷺ" * 5000, "e\u0301" * 5000])
def test_a_text_is_cut(text):
    assert len(grams.spelt(text)) <= 100
    assert len(grams.pieces(grams.spelt(text))) < 400


def test_fillers_are_left_out_the_longest_first():
    assert (
        grams.without("请问怎么办理护照需要带什么材料", ["怎么", "怎么办理", "请问", "需要带什么材料"])
        == "护照"
    )


def test_a_question_of_fillers_alone_stays():
    assert grams.without("怎么办", ["怎么办"]) == "怎么办"


def sounds(text):
    return [piece.term for piece in grams.pieces(text) if piece.sort == grams.SOUNDS]


def test_letters_and_characters_sound_alike():
    assert (
        sounds("shengyudengji")
        == sounds("生育登记")
        == sounds("shengyu登记")
        == ["sen yu", "yu den", "den ji"]
    )


def test_those_who_do_not_tell_zh_from_z_are_understood():
    assert sounds("senfenzeng") == sounds("身份证") == ["sen fen", "fen zen"]


@pytest.mark.parametrize(
    ("text", "letters"), [("sydj", "sydj"), ("shengydj", "sydj"), ("zfba", "zfba"), ("生育登记", "sydj")]
)
def test_first_letters(text, letters):
    assert grams.first_letters(text) == letters


def test_a_question_in_whole_syllables_is_not_taken_for_first_letters():
    assert [p.term for p in grams.pieces("shengyu", as_question=True)] == ["sen yu"]
    assert {p.sort for p in grams.pieces("syd", as_question=True)} == {grams.LETTERS}
