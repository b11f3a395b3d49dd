"""What the search finds in the template's catalogue, and how it follows changes."""

import pytest

from catalog.shared import search
from catalog.shared.models import PopularPhrase, SearchLog, SharedTerm, SharedWording
from catalog.shared.services import phrases, searches, wordings
from tenants.shared import scope
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW, REPORT

TODAY = NOW.date()


def found(question, **options):
    with scope.portal():
        return [hit.key for hit in search.hits(question, **options)]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("出生登记", BIRTH),
        ("准生证", BIRTH),
        ("準生證", BIRTH),
        ("chushengdengji", BIRTH),
        ("csdj", BIRTH),
        ("chusheng登记", BIRTH),
        ("出升登记", BIRTH),
        ("小餐馆许可证怎么弄", LICENCE),
        ("小餐许可", LICENCE),
        ("环境报告", REPORT),
    ],
)
def test_it_is_found_by_name_alias_sound_and_letters_with_a_slip(question, first):
    assert found(question)[:1] == [first]


@pytest.mark.parametrize(
    "question",
    ["", "   ", "\x00", "😀", "'; DROP TABLE catalog_shared_offer; --", "%", "_", "qwrtz", "zzzzzz", "火箭"],
)
def test_nothing_is_found_rather_than_noise(question):
    assert found(question) == []


def test_ten_thousand_characters_are_asked_in_bounded_time(django_assert_max_num_queries):
    with scope.portal(), django_assert_max_num_queries(2):
        assert isinstance(search.hits("出生登记" * 2500), list)


def test_the_name_comes_before_the_alias():
    with scope.city():
        phrases.add("档案", "出生登记", by=actor("city_admin"), now=NOW)
    hits = dict.fromkeys(found("档案"))
    assert list(hits)[:2] == [BIRTH, "34202300400000"] or list(hits)[:2] == ["34202300400000", BIRTH]
    assert found("档案查询")[0] == "34202300400000"


class TestPhrases:
    """What people say, as the city edits it."""

    def test_one_that_is_added_finds_at_once_and_one_that_is_removed_no_more(self):
        with scope.city():
            made = phrases.add("开饭馆", "小餐馆许可", by=actor("city_admin"), now=NOW)
        assert found("开饭馆") == [LICENCE]
        with scope.city():
            phrases.remove(made.pk, by=actor("city_admin"), now=NOW)
        assert found("开饭馆") == []

    def test_the_nearer_comes_first(self):
        with scope.city():
            phrases.add("办事", "环境报告表审批；小餐馆许可", by=actor("city_admin"), now=NOW)
        assert found("办事") == [REPORT, LICENCE]

    def test_words_of_a_name_and_codes_do_too(self):
        with scope.city():
            phrases.add("开饭馆", "餐馆 许可", by=actor("city_admin"), now=NOW)
            phrases.add("生娃", BIRTH, by=actor("city_admin"), now=NOW)
        assert (found("开饭馆"), found("生娃")) == ([LICENCE], [BIRTH])

    @pytest.mark.parametrize(("phrase", "stands_for"), [("  ", LICENCE), ("！！", LICENCE)])
    def test_one_without_a_word_is_refused(self, phrase, stands_for):
        with scope.city():
            with pytest.raises(phrases.BadPhrase):
                phrases.add(phrase, stands_for, by=actor("city_admin"), now=NOW)
            assert not PopularPhrase.objects.exists()

    def test_one_that_stands_for_nothing_known_is_refused(self):
        with scope.city(), pytest.raises(phrases.MeansNothing):
            phrases.add("造火箭", "火箭许可", by=actor("city_admin"), now=NOW)

    def test_one_that_is_there_is_refused(self):
        with scope.city():
            phrases.add("开饭馆", LICENCE, by=actor("city_admin"), now=NOW)
            with pytest.raises(phrases.BadPhrase):
                phrases.add("开饭馆", BIRTH, by=actor("city_admin"), now=NOW)
            assert PopularPhrase.objects.get().stands_for == LICENCE

    def test_words_of_plain_speech_are_left_out(self):
        with scope.city():
            phrases.add("劳驾看看", "", by=actor("city_admin"), now=NOW)
        assert found("劳驾看看准生证")[0] == BIRTH


class TestIndex:
    """The index follows the items."""

    def test_writing_again_leaves_the_same(self):
        with scope.city():
            codes = list(SharedWording.objects.order_by("code").values_list("code", flat=True).distinct())
            before = sum(len(row.wordings) for row in SharedTerm.objects.all())
            wordings.write_shared(codes)
            assert sum(len(row.wordings) for row in SharedTerm.objects.all()) == before
            there = set(SharedWording.objects.values_list("pk", flat=True))
            assert {pk for row in SharedTerm.objects.all() for pk in row.wordings} == there

    def test_a_new_name_is_found_and_the_old_one_is_not(self, change_city):
        change_city(LICENCE, name="面馆准许", aliases=[])
        with scope.city():
            wordings.write_shared([LICENCE])
        assert (found("面馆准许"), found("小餐馆许可")) == ([LICENCE], [])

    def test_what_is_out_of_use_is_out_of_the_search(self, change_city):
        change_city(LICENCE, status="cancelled")
        with scope.city():
            wordings.write_shared([LICENCE])
        assert found("小餐馆许可") == []

    def test_what_is_missing_is_written(self):
        with scope.city():
            SharedWording.objects.filter(code=LICENCE).delete()
            assert (wordings.write_missing(), wordings.write_missing()) == (1, 0)
        assert found("小餐馆许可") == [LICENCE]


class TestLog:
    """The search log knows nothing of the person."""

    @pytest.mark.parametrize(
        ("question", "kept"),
        [
            ("怎么办护照", "怎么办护照"),
            ("110105194912310" + "02X办证", "#办证"),
            ("我的电话13900000000", "我的电话#"),
            ("4050补贴", "#补贴"),
            ("长" + "短话" * 40, ("长" + "短话" * 40)[:30]),
        ],
    )
    def test_numbers_are_masked_and_the_text_is_cut(self, question, kept):
        assert searches.masked(question) == kept

    def test_the_same_is_counted(self):
        with scope.portal():
            for _ in range(3):
                searches.note(None, "造火箭！", 0, today=TODAY)
            assert list(SearchLog.objects.values_list("hall_id", "day", "text", "found", "times")) == [
                (None, TODAY, "造火箭", 0, 3)
            ]

    @pytest.mark.parametrize("question", ["😀", "13900000000", ""])
    def test_what_holds_no_word_is_not_kept(self, question):
        with scope.portal():
            searches.note(None, question, 0, today=TODAY)
            assert not SearchLog.objects.exists()

    def test_a_hall_keeps_its_own_and_sees_no_other(self, east, west):
        for hall in (east, west):
            with scope.hall(hall):
                searches.note(hall.role, f"{hall.key}造火箭", 0, today=TODAY)
                assert [row.text for row in SearchLog.objects.all()] == [f"{hall.key}造火箭"]

    def test_ninety_days_are_kept(self):
        from datetime import timedelta

        with scope.portal():
            for days in (90, 91):
                searches.note(None, f"造{days}火箭", 0, today=TODAY - timedelta(days=days))
        with scope.city():
            assert searches.forget(now=NOW) == 1
            assert SearchLog.objects.get().text == "造90火箭"

    def test_a_flood_ends(self, monkeypatch):
        monkeypatch.setattr(searches, "MOST_A_DAY", 2)
        with scope.portal():
            for name in "甲乙丙":
                searches.note(None, f"造{name}", 0, today=TODAY)
            assert SearchLog.objects.count() == 2
