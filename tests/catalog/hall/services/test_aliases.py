"""A hall's own aliases, and what is written of them where the search looks."""

import pytest

from catalog.hall.models import ItemAlias
from catalog.hall.services import aliases, local, wordings
from catalog.shared import search
from catalog.shared.models import HallWording, SearchLog
from catalog.shared.services import searches
from tenants.shared import scope
from tests.isolation.world import LOCAL_FIELDS
from tests.template import BIRTH, LICENCE, NOW

TODAY = NOW.date()


def found(question):
    return [hit.key for hit in search.hits(question)]


def test_an_alias_finds_the_item_in_this_hall_and_not_in_the_other(east, west, staff):
    with scope.hall(east):
        aliases.add("吃饭的证", LICENCE, by=staff, now=NOW)
        assert found("吃饭的证") == [LICENCE]
    with scope.hall(west):
        assert found("吃饭的证") == []
        assert not HallWording.objects.exists()
    with scope.portal():
        assert found("吃饭的证") == [LICENCE]


def test_by_the_items_name_too_and_the_log_is_settled(east, staff):
    with scope.hall(east):
        searches.note(east.role, "吃饭的证", 0, today=TODAY)
        aliases.add("吃饭的证", "小餐馆许可", by=staff, now=NOW)
        assert SearchLog.objects.get().found == 1


def test_one_that_is_removed_finds_no_more(east, staff):
    with scope.hall(east):
        made = aliases.add("吃饭的证", LICENCE, by=staff, now=NOW)
        aliases.add("上馆子", LICENCE, by=staff, now=NOW)
        aliases.remove(made.pk, by=staff, now=NOW)
        assert (found("吃饭的证"), found("上馆子")) == ([], [LICENCE])
        assert aliases.remove(made.pk, by=staff, now=NOW) is None


@pytest.mark.parametrize(
    ("alias", "item", "refusal"),
    [
        ("", LICENCE, aliases.BadAlias),
        ("😀", LICENCE, aliases.BadAlias),
        ("长" * 31, LICENCE, aliases.BadAlias),
        ("吃饭的证", "没有的事项", aliases.NoSuchItem),
        ("吃饭的证", "34000000000000", aliases.NoSuchItem),
        ("准的证", LICENCE, aliases.BadAlias),
    ],
)
def test_what_is_refused_leaves_nothing(east, staff, alias, item, refusal):
    with scope.hall(east):
        aliases.add("准的证", LICENCE, by=staff, now=NOW)
        with pytest.raises(refusal):
            aliases.add(alias, item, by=staff, now=NOW)
        assert list(ItemAlias.objects.values_list("code", "alias")) == [(LICENCE, "准的证")]


def test_a_local_item_is_found_in_its_hall_under_its_own_key(east, west, staff, second):
    with scope.hall(east):
        code = local.draft(LOCAL_FIELDS, by=staff, now=NOW).code
        assert found("本地补贴") == []
        local.publish(code, by=second, now=NOW)
        assert found("本地补贴") == [f"{east.role}:{code}"]
        HallWording.objects.all().delete()
        assert (wordings.sync_missing(east.role), wordings.sync_missing(east.role)) == (1, 0)
    with scope.hall(west):
        assert found("本地补贴") == []


def test_a_used_item_comes_before_its_equals(hall_client, east, staff):
    from catalog.shared.models import Offer

    with scope.hall(east):
        for code in (BIRTH, LICENCE):
            aliases.add("办个事", code, by=staff, now=NOW)
        Offer.objects.filter(hall_id=east.role, code=LICENCE).update(used=5)
    rows = hall_client(east).get("/items/suggest/?q=办个事").json()["suggestions"]
    assert [row["text"] for row in rows] == ["小餐馆许可", "出生登记"]


def test_the_page_of_staff_shows_what_found_nothing_and_takes_an_alias(hall_client, east):
    public, client = hall_client(east), hall_client(east, "east_staff")
    for _ in range(2):
        assert "没找到" in public.get("/items/?q=发射火箭").content.decode()
    public.get("/items/?q=发射火箭&audience=personal")
    page = client.get("/staff/search/")
    assert [(row["text"], row["asked"]) for row in page.context["page"]] == [("发射火箭", 2)]

    refused = client.post("/staff/search/aliases/", {"alias": "发射火箭", "item": "没有"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["item"])
    done = client.post("/staff/search/aliases/", {"alias": "发射火箭", "item": "小餐馆许可"}, follow=True)
    assert "搜“发射火箭”能找到小餐馆许可了" in done.content.decode()
    assert list(done.context["page"]) == []
    assert "小餐馆许可" in public.get("/items/?q=发射火箭").content.decode()
