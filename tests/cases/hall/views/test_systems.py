"""部门系统: what the hall's admin declares, the secret that is shown once, letters and steps, and the case's trail."""

import re

import pytest
from django.utils import timezone

from tests.cases.hall import making
from tests.cases.hall.views.conftest import text
from tests.template import NOW

FORM = {"key": "market", "name": "市场监管许可系统", "departments": ["市场监管局"], "url": "https://example.gov.cn/e", "is_active": "on"}  # fmt: skip


@pytest.fixture
def admin(east, hall_client):
    return hall_client(east, "east_admin")


@pytest.fixture
def departments(inside):
    from tenants.hall.models import Department

    with inside():
        for name in ("市场监管局", "税务局"):
            Department.objects.get_or_create(short_name=name, defaults={"name": f"东县{name}"})


@pytest.fixture
def system(admin, departments, inside):
    """A system that the admin declared."""
    from cases.hall.models import System

    assert admin.post("/staff/systems/new/", FORM).status_code == 200
    with inside():
        return System.objects.get()


def test_the_secret_is_shown_once_and_stored_encrypted(admin, departments, inside):
    from django.db import connection

    answer = admin.post("/staff/systems/new/", FORM)
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", text(answer))[0]
    with inside(), connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM cases_hall_system")
        stored = cursor.fetchone()[0]
    pages = [text(admin.get("/staff/systems/"))]
    pages += [text(admin.get(f"/staff/systems/{pk}/{part}")) for pk in _pks(inside) for part in ("", "edit/")]

    assert answer["Cache-Control"] == "no-store"
    assert secret not in stored
    assert not any("whsec_" in page for page in pages)


def _pks(inside):
    from cases.hall.models import System

    with inside():
        return list(System.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"key": "Tax!"}, "只能用小写字母"),
        ({"key": ""}, "请填代号"),
        ({"name": ""}, "请填叫什么"),
        ({"url": "ftp://example.gov.cn"}, "地址写得不对"),
        ({"url": "https://u:p@example.gov.cn/"}, "不要写账号"),
        ({"items": "12"}, "14 位数字"),
        ({"departments": ["没有的局"]}, "没有的局"),
    ],
)
def test_what_is_wrong_is_said_next_to_its_field(admin, departments, changed, says, inside):
    answer = admin.post("/staff/systems/new/", {**FORM, **changed})

    assert answer.status_code == 422
    assert says in text(answer)
    assert _pks(inside) == []


def test_a_key_is_taken_once_and_stays(admin, system, inside):
    assert "这个代号已经有了" in text(admin.post("/staff/systems/new/", FORM))
    changed = {**FORM, "key": "other", "name": "新名字", "is_active": ""}
    assert admin.post(f"/staff/systems/{system.pk}/edit/", changed).status_code == 302
    with inside():
        system.refresh_from_db()
    assert (system.key, system.name, system.is_active) == ("market", "新名字", False)


def test_another_secret_ends_the_one_before(admin, system, inside):
    before = system.secret
    page = text(admin.post(f"/staff/systems/{system.pk}/secret/"))
    with inside():
        system.refresh_from_db()

    assert system.secret != before
    assert re.search(r"whsec_[A-Za-z0-9+/=]+", page)[0] == system.secret


def test_dead_letters_are_seen_with_what_was_answered_and_sent_again(admin, system, inside, made):
    from cases.hall.models import Letter

    case = made("submitted", now=timezone.now())
    assert "没有送不到的" in text(admin.get(f"/staff/systems/{system.pk}/"))
    with inside():
        Letter.objects.update(dead_at=NOW, tries=9, status=502, answer="<b>bad gateway</b>")
        letter = Letter.objects.get()
    page = text(admin.get(f"/staff/systems/{system.pk}/"))
    assert "502 &lt;b&gt;bad gateway" in page
    assert "1 封没送到" in text(admin.get("/staff/systems/"))

    page = text(admin.post(f"/staff/systems/{system.pk}/letters/{letter.pk}/resend/", follow=True))
    assert "1 封排着再发" in page
    with inside():
        letter.refresh_from_db()
        assert (letter.dead_at, letter.tries, letter.sent_at) == (None, 0, None)
        Letter.objects.update(dead_at=NOW)
    admin.post(f"/staff/systems/{system.pk}/resend/")
    with inside():
        assert not Letter.objects.filter(dead_at__isnull=False).exists()
    assert case.number


def test_a_step_that_waits_is_seen_and_given_up(admin, system, inside, made):
    from cases.hall.models import Inbound

    case = made("submitted", now=timezone.now())
    with inside():
        row = Inbound.objects.create(
            system=system, message_id="m", digest="", case=case, sequence=2, step="accept", occurred_on=timezone.localdate(),
            said={"reason": "", "document_no": "", "data": {}}, state="waiting", problem="等第 1 步", received_at=NOW,
        )  # fmt: skip
    page = text(admin.get(f"/staff/systems/{system.pk}/"))
    assert "等太久了" in page
    assert "等第 1 步" in page
    assert "1 步等太久" in text(admin.get("/staff/systems/"))
    admin.post(f"/staff/systems/{system.pk}/steps/{row.pk}/skip/")
    with inside():
        case.refresh_from_db()
    assert (case.state, case.system_sequence) == ("accepted", 2)
    assert "等太久了" not in text(admin.get(f"/staff/systems/{system.pk}/"))


def test_the_desk_sees_what_went_to_and_fro_and_what_the_case_waits_for(window, system, made, inside):
    case = made("submitted", now=timezone.now())
    made("act", case, "accept", timezone.now())
    review = text(window.get(f"/clerk/cases/{case.number}/"))
    trail = text(window.get(f"/clerk/cases/{case.number}/systems/"))

    assert "等市场监管局的系统办" in review
    assert f"/clerk/cases/{case.number}/systems/" in review
    assert trail.count("等发") == 2
    assert "再发一次" not in trail


def test_a_case_of_the_desks_own_names_no_system(window, made):
    case = made("submitted", now=timezone.now())

    assert "和部门系统的往来" not in text(window.get(f"/clerk/cases/{case.number}/"))
    assert case.item_code == making.LICENCE
