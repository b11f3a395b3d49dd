"""办件工作台: whose it is, what is first, and what it costs."""

import pytest

from tests.cases.hall.views.conftest import content, text
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW, PERSON_ID, REPORT


@pytest.mark.parametrize("path", ["/clerk/", "/clerk/cases/{number}/", "/clerk/cases/{number}/accept/"])
def test_the_desk_is_for_its_posts_alone(path, made, east, west, hall_client, lin, window):
    path = path.format(number=made("submitted").number)

    assert window.get(path).status_code == 200
    assert hall_client(east).get(path)["Location"].startswith("/sign-in/?next=%2Fclerk%2F")
    assert lin.get(path).status_code == 403
    for username in ("east_staff", "city_admin", "west_window"):
        assert hall_client(east, username).get(path).status_code == 403
    assert hall_client(east, "east_window", by_ticket=True).get(path).status_code == 403


def test_another_halls_case_is_a_404_at_this_desk(made, west, hall_client, window):
    case = made("submitted")
    other = hall_client(west, "west_window")

    assert window.get(f"/clerk/cases/{case.number}/").status_code == 200
    assert other.get(f"/clerk/cases/{case.number}/").status_code == 404
    assert case.number not in text(other.get("/clerk/?queue=all"))


def test_queues_show_whose_turn_it_is_with_counts(made, east, hall_client, window):
    waiting, running = made("submitted"), made("at", "review", BIRTH)
    page = text(window.get("/clerk/"))

    assert f"/clerk/cases/{waiting.number}/" in page
    assert running.number not in page
    assert "待受理<b>1</b>" in page
    assert "待审查<b>1</b>" in page
    assert f"/clerk/cases/{running.number}/" in text(hall_client(east, "east_approver").get("/clerk/"))


def test_an_applicant_stays_masked_in_the_list(made, window):
    made("submitted")
    page = text(window.get("/clerk/?queue=all"))

    assert "林*" in page
    assert "林小禾" not in page


def test_search_and_item_filter_can_be_taken_back(made, window):
    one, other = made("submitted"), made("submitted", REPORT)
    page = text(window.get(f"/clerk/?queue=all&q={one.number}"))
    assert f"/clerk/cases/{one.number}/" in page
    assert f"/clerk/cases/{other.number}/" not in page
    page = text(window.get(f"/clerk/?queue=all&item={REPORT}"))
    assert f"/clerk/cases/{other.number}/" in page
    assert f"/clerk/cases/{one.number}/" not in page
    assert '<a href="?queue=all">清除筛选</a>' in page


def test_an_empty_queue_says_so_and_what_comes(made, window):
    assert "没有待确认的办件。" in text(window.get("/clerk/?queue=to_confirm"))
    made("submitted", LICENCE)
    assert "没有待确认的办件，下一件3月9日 周一到期。" in text(window.get("/clerk/?queue=to_confirm"))


def test_an_unknown_queue_is_a_404(window):
    assert window.get("/clerk/?queue=secret").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(rows, made, window, queries):
    for _ in range(rows):
        made("submitted")
    window.get("/clerk/")
    with queries() as seen:
        page = text(window.get("/clerk/"))

    assert page.count("<tr role") == rows + 1
    assert len(seen) == 12, seen


def test_filters_of_the_address_narrow_the_page_and_a_wrong_day_is_told(made, window):
    one = made("submitted")
    page = text(window.get("/clerk/?queue=new&from=2026-03-01&to=20260302&holder=nobody"))
    assert f"/clerk/cases/{one.number}/" in page
    assert "没人领取</span>" in page
    page = text(window.get("/clerk/?queue=new&from=2026-02-31"))
    assert "没有这一天" in page
    assert f"/clerk/cases/{one.number}/" in page


def test_a_filter_is_kept_used_and_forgotten_by_its_owner_alone(made, east, hall_client, window, inside):
    from cases.hall.models import SavedFilter

    address = f"queue=new&item={LICENCE}&evil=1"
    answered = window.post("/clerk/filters/", {"name": "餐馆", "address": address})
    assert answered["Location"] == f"/clerk/?queue=new&item={LICENCE}"
    assert f'<a href="?queue=new&amp;item={LICENCE}">餐馆</a>' in text(window.get("/clerk/"))
    assert "餐馆</a>" not in text(hall_client(east, "east_head").get("/clerk/"))
    with inside():
        kept = SavedFilter.objects.get()
    path = f"/clerk/filters/{kept.pk}/remove/"
    assert hall_client(east, "east_head").post(path).status_code == 404
    assert window.post(path).status_code == 302
    assert "餐馆</a>" not in text(window.get("/clerk/"))


def test_the_longest_filter_is_kept_whole(window):
    from urllib.parse import urlencode

    address = urlencode({"queue": "new", "q": "馆" * 60, "department": "局" * 60, "division": "341621113"})
    assert (
        window.post("/clerk/filters/", {"name": "长", "address": address})["Location"] == f"/clerk/?{address}"
    )
    assert window.post("/clerk/exports/", {"address": address}).status_code == 302


def test_a_filter_without_a_name_is_told_beside_the_list_as_it_was(made, window):
    made("submitted")
    answered = window.post("/clerk/filters/", {"name": "", "address": f"queue=all&item={LICENCE}"})
    assert answered.status_code == 422
    assert "请填名字" in text(answered)
    assert '<a href="?queue=all">清除筛选</a>' in text(answered)


def test_columns_are_each_clerks_own(made, east, hall_client, window):
    made("submitted")
    window.post("/clerk/columns/", {"columns": ["received", "clock"], "address": "queue=new"})
    page = text(window.get("/clerk/?queue=new"))
    assert page.index(">时限</th>") < page.index(">收到</th>")
    assert ">申请人</th>" not in page
    assert ">申请人</th>" in text(hall_client(east, "east_head").get("/clerk/?queue=new"))
    window.post("/clerk/columns/", {"columns": []})
    assert ">申请人</th>" in text(window.get("/clerk/?queue=new"))


def test_claiming_from_the_list_opens_the_case_and_names_its_clerk(made, east, hall_client, window):
    case = made("submitted")
    page = f"/clerk/cases/{case.number}/"
    assert f'formaction="{page}claim/"' in text(window.get("/clerk/"))
    assert window.post(f"{page}claim/")["Location"] == page
    assert "您在办" in text(window.get(page))
    assert f'formaction="{page}claim/"' not in text(window.get("/clerk/"))
    assert "东窗口正在办" in text(hall_client(east, "east_head").get(page))


def test_whoever_comes_second_is_told_who_was_first(made, inside, window):
    from cases.hall.services import claims
    from tests.cases.hall.services.test_claims import second_window

    case = made("submitted")
    with inside():
        claims.claim(case, by=second_window(), now=NOW)
    answered = window.post(f"/clerk/cases/{case.number}/claim/")
    assert answered.status_code == 409
    assert "东负责正在办这件" in text(answered)


def test_handing_on_asks_to_whom_and_why(made, inside, window):
    from cases.hall.services import claims
    from tests.cases.hall.services.test_claims import second_window

    case = made("submitted")
    path = f"/clerk/cases/{case.number}/pass_on/"
    with inside():
        second_window()
        claims.claim(case, by=actor("east_window", ["window"]), now=NOW)
    answered = window.post(path, {"to": str(PERSON_ID["east_head"]), "reason": ""})
    assert answered.status_code == 422
    assert "请写明为什么移交" in text(answered)
    answered = window.post(path, {"to": str(PERSON_ID["east_head"]), "reason": "我去培训"})
    assert answered["Location"] == f"/clerk/cases/{case.number}/"
    assert "东窗口移交：我去培训" in text(window.get(path))


def test_a_list_is_asked_for_made_and_fetched(made, inside, window):
    from cases.hall.models import Export
    from cases.hall.services import exports
    from cases.hall.tasks import parse

    case = made("submitted")
    answered = window.post("/clerk/exports/", {"address": "queue=new", "format": "csv"})
    assert answered["Location"] == "/clerk/?queue=new#exports"
    assert "正在做" in text(window.get("/clerk/"))
    exports.make(inside, parse, stopped=lambda: False)
    page = text(window.get("/clerk/"))
    assert "您导出的名单做好了" in page
    with inside():
        export = Export.objects.get()
    answered = window.get(f"/clerk/exports/{export.pk}/")
    assert answered["Content-Disposition"].startswith("attachment")
    assert answered["X-Content-Type-Options"] == "nosniff"
    assert case.number in content(answered).decode()
    assert "您导出的名单做好了" not in text(window.get("/clerk/"))


def test_a_list_whose_week_is_over_says_so(inside, window):
    from cases.hall.models import Export

    with inside():
        gone = Export.objects.create(
            state="gone", format="csv", query="queue=new", told="待受理", person=PERSON_ID["east_window"],
            person_name="东窗口", asked_at=NOW,
        )  # fmt: skip
    answered = window.get(f"/clerk/exports/{gone.pk}/")
    assert answered.status_code == 410
    assert "已经删掉" in text(answered)


def test_the_admin_reads_who_took_which_list(inside, east, hall_client):
    from cases.hall.models import Export, ExportTaking

    with inside():
        export = Export.objects.create(
            state="ready", format="csv", query="queue=new", told="待受理", person=PERSON_ID["east_window"],
            person_name="东窗口", asked_at=NOW, made_at=NOW, rows=7,
        )  # fmt: skip
        ExportTaking.objects.create(export=export, person=PERSON_ID["east_window"], name="东窗口", at=NOW)
    page = text(hall_client(east, "east_admin").get("/staff/exports/"))
    assert "待受理（CSV）" in page
    assert "2026年3月2日 10:00" in page


def test_rules_are_tried_before_free_cases_move(made, inside, east, hall_client):
    from cases.hall.models import Case, Group

    case = made("submitted")
    admin = hall_client(east, "east_admin")
    admin.post("/staff/groups/new/", {"name": "餐饮组"})
    with inside():
        group = Group.objects.get()
    admin.post("/staff/groups/", {"item_code": LICENCE, "group": group.pk})
    assert "按规则重新派这 1 件" in text(admin.get("/staff/groups/"))
    with inside():
        assert Case.objects.get(pk=case.pk).group is None
    assert admin.post("/staff/groups/apply/")["Location"] == "/staff/groups/?moved=1"
    with inside():
        assert Case.objects.get(pk=case.pk).group == group
    assert "按规则重新派" not in text(admin.get("/staff/groups/"))


def test_a_clerk_arranges_own_leave_and_the_admin_anybodys(inside, east, hall_client, window):
    from cases.hall.models import Cover
    from tests.cases.hall.services.test_claims import second_window

    days = {
        "first_year": "2036", "first_month": "1", "first_day": "7",
        "last_year": "2036", "last_month": "1", "last_day": "9",
    }  # fmt: skip
    assert "没有和您同岗位的同事" in text(window.get("/clerk/cover/"))
    with inside():
        second_window()
    # another person's name in a clerk's form is not read
    window.post(
        "/clerk/cover/",
        {**days, "by": str(PERSON_ID["east_head"]), "person": str(PERSON_ID["east_approver"])},
    )
    with inside():
        cover = Cover.objects.get()
    assert (cover.person, cover.by) == (PERSON_ID["east_window"], PERSON_ID["east_head"])
    stranger = hall_client(east, "east_approver")
    assert stranger.post(f"/clerk/cover/{cover.pk}/end/").status_code == 404
    admin = hall_client(east, "east_admin")
    assert "东窗口" in text(admin.get("/clerk/cover/"))
    admin.post(f"/clerk/cover/{cover.pk}/end/")
    with inside():
        assert Cover.objects.get().ended_at is not None


def test_a_list_is_counted_so_far_and_no_farther(monkeypatch, made, window):
    from cases.hall.views import paging

    monkeypatch.setattr(paging, "MOST", 2)
    for _ in range(3):
        made("submitted")
    assert "只列前" in text(window.get("/clerk/?queue=all"))
