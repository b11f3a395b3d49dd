"""Story ④: a distillery's environmental officer applies for the approval of a 露酒 line; four working days, by two persons."""

import csv
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.steps import EIA, photo, receipt, sign_in, staff
from tests.plugins.city import FOLDER, Browser

HALL = "qiaocheng"
PROMISED_DAYS = 4


def read(name):
    with (FOLDER / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


PUBLISHED = {date.fromisoformat(row["date"]): row["is_workday"] == "1" for row in read("calendar.csv")}
HOLIDAYS = {date.fromisoformat(row["date"]) for row in read("expected_holidays.csv")}


def working_days_after(day, days):
    """Count on the fixtures' calendar, day by day; beyond its last year Monday to Friday less the holidays by law."""
    while days:
        day += timedelta(days=1)
        days -= PUBLISHED.get(day, day.weekday() < 5 and day not in HOLIDAYS)
    return day


def today():
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def in_words(day):
    return f"{day.month}月{day.day}日" if day in PUBLISHED else f"预计 {day.year}年{day.month}月{day.day}日"


@pytest.fixture
def desk(city):
    """Browsers of the hall's clerks, each signed in at the hall, by post."""
    browsers = {post: Browser() for post in ("window", "approver")}
    for post, opened in browsers.items():
        staff(opened, city, HALL, f"{HALL}_{post}")
    yield browsers
    for opened in browsers.values():
        opened.close()


def apply_for_approval(city, browser):
    """As the company's agent, from the guide to the receipt."""
    browser.open(f"{city.hall(HALL)}/items/{EIA}/")
    assert f"{PROMISED_DAYS} 个工作日" in browser.text
    browser.go("开始办理")
    sign_in(browser, city, "agent_distillery")
    company = browser.page.select_one("main input[name=company]")["value"]
    browser.press("开始填", company=company)
    assert "替谯酿酒业有限公司〔演示〕办" in browser.text
    browser.go("接着办")
    browser.press(
        "保存，下一步",
        project_name="露酒生产线建设项目",
        industry="C1519 其他酒制造",
        investment="1260",
        content="新建露酒调配、灌装生产线一条",
        site="341602100",
        site_address="演示路 8 号",
    )
    browser.press("上传，下一步", files={"upload": ("报告表.jpg", photo())})
    browser.press("保存，下一步", method="electronic")
    for words in ("谯酿酒业有限公司〔演示〕", "杜康年", "1260", "谯城区古井镇", "报告表.jpg"):
        assert words in browser.text
    browser.press("确认无误，提交", is_true=True)
    return receipt(browser)


def take(clerk, city, number, button):
    """One step of a clerk, found by its number; what the desk says of it."""
    clerk.open(f"{city.hall(HALL)}/clerk/cases/{number}/")
    clerk.press(button)
    assert "已记下" in clerk.text
    return clerk.text


def test_the_distillery_has_its_approval_by_the_promised_day(city, browser, desk):
    number, _code = apply_for_approval(city, browser)
    browser.go("看进度")
    assert f"最晚{in_words(working_days_after(today(), 5))}" in browser.text

    desk["window"].press("找办件", q=number)
    desk["window"].go("建设项目环境影响评价审批（报告表）")
    take(desk["window"], city, number, "受理")
    browser.refresh()
    due = working_days_after(today(), PROMISED_DAYS)
    assert (
        f"已受理，开始计时：{PROMISED_DAYS} 个工作日，当天不算" in browser.text
        or f"受理，开始计时：{PROMISED_DAYS} 个工作日，当天不算" in browser.text
    )
    assert f"最晚{in_words(due)}" in browser.text
    assert "受理通知书（PDF）" in browser.text

    # who accepted it has nothing to decide; the approver does
    assert "现在没有要您办的" in desk["window"].text
    take(desk["approver"], city, number, "开始审查")
    browser.refresh()
    assert f"正在审查，您不用做什么。 最晚{in_words(due)}" in browser.text
    take(desk["approver"], city, number, "同意")
    browser.refresh()
    assert "同意了" in browser.text
    paper = browser.session.get(f"{city.hall(HALL)}/cases/{number}/result.pdf")
    assert paper.content.startswith(b"%PDF")

    desk["window"].open(f"{city.hall(HALL)}/clerk/cases/{number}/")
    desk["window"].go("移交")
    desk["window"].press("移交", method="electronic")
    take(desk["window"], city, number, "已送达")
    browser.open(f"{city.portal}/me/")
    assert "已办好" in browser.text
    browser.open(f"{city.hall(HALL)}/cases/{number}/")
    assert "已办好" in browser.text


def test_four_working_days_over_a_weekend_are_the_promised_four(in_east):
    """The story's own days, which a journey cannot wait for: filed on a Thursday, decided on the Wednesday after."""
    from accounts.models import Company
    from tests.cases.hall import making

    thursday = datetime(2026, 3, 5, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    days = [thursday + timedelta(days=n) for n in (0, 1, 4, 5, 6)]
    company = Company.objects.get()
    case = making.submitted(making.REPORT, "agent", thursday, company)
    case = making.act(case, "accept", thursday)
    assert case.promised_due_on == date(2026, 3, 11)
    case = making.act(case, "review", days[2])
    case = making.act(case, "grant", days[4])
    decided = case.events.get(action="grant")
    assert (decided.actor_name, case.events.get(action="accept").actor_name) == ("东审批", "东窗口")
    assert decided.at.astimezone(thursday.tzinfo).date() == case.promised_due_on
    stopped = case.ledger.get(clock="P", act="stop")
    assert stopped.day == date(2026, 3, 11)


def test_who_accepted_does_not_decide(in_east):
    from cases.hall.services import transition
    from tests.cases.hall import making

    case = making.at("review", making.REPORT)
    events = case.events.count()
    with pytest.raises(transition.NotAllowed, match="这件是您受理的，要由别人决定"):
        making.act(case, "grant", username="east_window", posts=["window", "approver"])
    assert (case.events.count(), type(case).objects.get(pk=case.pk).state) == (events, "review")
