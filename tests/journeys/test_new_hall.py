"""A new hall from the city admin's first answer to its opening, without scripts: nine questions, the operator, a rehearsal with one
invited citizen whose case is done from end to end, the checklist, the day of opening."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.steps import NUMBER, answer_birth, bring_papers, receipt, sign_in
from tests.plugins import city as served
from tests.plugins import database
from tests.plugins.city import Browser

KEY, NAME = "taqu", "塔区网上办事大厅"
LIKE = "guoyang"


def manage(*command):
    """Run a command with the owner's login, as the operator's machine does."""
    var = Path(served.os.environ["VAR"]) / "city"
    name = f"{served.LOADED}_{database.WORKER}"
    logins = served.json.loads((var / "environment.json").read_text())
    urls = {key: database.url_of(url, name) for key, url in logins.items()}
    urls["DATABASE_URL"] = database.url_of(served.os.environ[database.OWNER], name)
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=database.ROOT,
        env=served._environment(VAR=str(var), **urls),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def give_posts(**posts):
    """Let people of another hall work in the new one, as if they had accepted their invitations."""
    manage(
        "shell",
        "--no-imports",
        "-c",
        f"""
from django.utils import timezone
from accounts.models import Person
from tenants.hall.models import Post
from tenants.shared import scope
from tenants.shared.queries import halls
hall = next(hall for hall in halls() if hall.key == {KEY!r})
with scope.hall(hall):
    for role, username in {posts!r}.items():
        person = Person.objects.get(username=username)
        Post.objects.create(person=person.pk, name=person.name, username=username, role=role, created_at=timezone.now())
""",
    )


@pytest.fixture
def people(city):
    """One browser a person."""
    opened = {name: Browser() for name in ("city_admin", "admin", "window", "citizen")}
    yield opened
    for browser in opened.values():
        browser.close()


def answer_all(browser, city):
    """From the console to the page where all is looked at once more."""
    browser.open(f"{city.portal}/city/")
    if "登录" in browser.h1:
        sign_in(browser, city, "city_admin")
        browser.open(f"{city.portal}/city/")
    browser.go("开新大厅")
    browser.press("开一个新大厅")
    assert browser.h1 == "第 1 步，共 9 步：名称"
    browser.press("保存，下一步", name=NAME, short_name="塔区", level="county")
    browser.press("保存，下一步", key=KEY, host=f"{KEY}.{city.name}.localhost")
    assert browser.h1 == "第 3 步，共 9 步：事项"
    browser.press("保存，下一步", items="like", items_like=LIKE)
    browser.press("保存，下一步", division_code="341621")
    browser.press("保存，下一步", case_prefix="341672", document_prefix="亳(塔)", department_prefix="塔区")
    browser.press("保存，下一步", departments="like", departments_like=LIKE)
    browser.press("保存，下一步", address="塔区政务服务中心")
    browser.press("保存，下一步", admin_name="塔管理", admin_phone="13900000088")
    browser.press("保存，下一步", look="pine")
    assert browser.h1 == "看一遍再开"


def file_a_case(browser, city):
    """The invited citizen applies for a birth registration."""
    browser.open(f"{city.hall(KEY)}/items/34202300100000/")
    browser.go("受邀的人登录")
    sign_in(browser, city, "zhang")
    browser.open(f"{city.hall(KEY)}/items/34202300100000/")
    browser.go("开始办理")
    browser.press("开始填")
    browser.go("接着办")
    answer_birth(browser)
    bring_papers(browser)
    browser.press("保存，下一步", method="electronic")
    browser.press("确认无误，提交", is_true=True)
    return receipt(browser)[0]


@pytest.mark.spoils
def test_a_hall_is_prepared_rehearsed_and_opened(city, people):
    chief, admin, window, citizen = (people[name] for name in ("city_admin", "admin", "window", "citizen"))
    answer_all(chief, city)
    for words in (NAME, f"{KEY}.{city.name}.localhost", "塔区政务服务中心", "139****0088", "松绿"):
        assert words in chief.text
    chief.press("开通")
    assert "/city/jobs/" in chief.url
    manage("operator", "--once")
    chief.refresh()
    assert "办好了" in chief.text

    give_posts(
        hall_admin=f"{LIKE}_admin", window=f"{LIKE}_window", approver=f"{LIKE}_approver", head=f"{LIKE}_head"
    )
    admin.open(f"{city.hall(KEY)}/staff/rehearsal/")
    sign_in(admin, city, f"{LIKE}_admin")
    assert "筹备中" in admin.text
    admin.press("开始试运行")
    manage("operator", "--once")
    admin.open(f"{city.hall(KEY)}/staff/rehearsal/")
    assert "试运行，受邀的人能看" in admin.text
    admin.press("加上", account="zhang", note="来试试")
    assert "他登录门户就能进来" in admin.text

    admin.open(f"{city.hall(KEY)}/staff/go-live/")
    assert "还差 1 项" in admin.text
    assert "请受邀的人交一件，由窗口办到底" in admin.text

    number = file_a_case(citizen, city)
    assert NUMBER.fullmatch(number)
    assert number.startswith("341672")
    window.open(f"{city.hall(KEY)}/clerk/cases/{number}/")
    sign_in(window, city, f"{LIKE}_window")
    window.press("当场办好")
    window.go("移交")
    window.press("移交", method="electronic")
    citizen.open(f"{city.hall(KEY)}/cases/{number}/")
    assert "可以下载了" in citizen.text
    assert citizen.session.get(f"{city.hall(KEY)}/cases/{number}/result.pdf").content.startswith(b"%PDF")
    citizen.go("我收到了")
    citizen.press("我收到了")

    admin.open(f"{city.hall(KEY)}/staff/go-live/")
    assert "都好了，可以开通" in admin.text
    admin.press("把结果告诉市里")
    chief.open(f"{city.portal}/city/halls/{KEY}/go-live/")
    assert "都好了" in chief.text or "还差" not in chief.text
    chief.press("定下", when="now")
    manage("operator", "--once")
    chief.open(f"{city.portal}/city/halls/{KEY}/go-live/")
    assert "已开通" in chief.text
    with Browser() as anybody:
        anybody.open(city.portal)
        assert "塔区" in anybody.text
        anybody.open(f"{city.hall(KEY)}/cases/")
