"""`onboard_hall` from a file: the plan, the job, what is refused."""

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connections

from cases.hall.models import ReasonText
from catalog.hall.models import Adoption
from catalog.shared.models import Offer
from tenants.hall.models import Department, Office, Session, Window
from tenants.shared import scope
from tenants.shared.models import Domain, Hall, HallJob
from tests.portal.onboarding.answers import ANSWERS
from tests.template import ITEMS, PORTAL


@pytest.fixture
def owner(fresh_database):
    with fresh_database.alias("owner"):
        yield connections["owner"]


@pytest.fixture
def write(tmp_path):
    def made(**changes):
        path = tmp_path / "north.yaml"
        path.write_text(yaml.safe_dump({**ANSWERS, **changes}, allow_unicode=True), encoding="utf-8")
        return path

    return made


def said(capsys, *args, **options):
    call_command("onboard_hall", *args, **options)
    return capsys.readouterr().out


def test_a_dry_run_counts_and_changes_nothing(owner, write, capsys):
    told = said(capsys, write(), dry_run=True)
    assert "4 项，3 个部门" in told
    assert "139****0077" in told
    assert not Hall.objects.using("owner").filter(schema_name="north").exists()
    assert not HallJob.objects.using("owner").exists()


def test_a_hall_stands_whole_and_waits(owner, write, capsys):
    told = said(capsys, write())
    assert "9/9" in told
    assert f"在筹备：north.{PORTAL}" in told
    hall = Hall.objects.using("owner").get(schema_name="north")
    assert (hall.state, hall.position, hall.opened_on) == ("preparing", 3, None)
    assert Domain.objects.using("owner").get(tenant=hall).domain == f"north.{PORTAL}"
    with scope.hall(hall):
        assert set(Adoption.objects.values_list("code", flat=True)) == set(ITEMS)
        assert sorted(Department.objects.values_list("name", flat=True)) == [
            "北县卫健委",
            "北县市场监管局",
            "北县生态环境局",
        ]
        assert list(Window.objects.order_by("letter").values_list("letter", "name", "departments")) == [
            ("A", "综合窗口", []),
            ("B", "企业窗口", ["市场监管局"]),
        ]
        assert Session.objects.count() == 2
        assert Office.objects.get().hours == "工作日 9:00–12:00，13:00–17:00"
        assert ReasonText.objects.count() == 0
    with scope.city():
        assert Offer.objects.filter(hall_id=hall.role).count() == len(ITEMS)
    call_command("check_halls")
    assert "3 halls: nothing wrong" in capsys.readouterr().out


WRONG = [
    ({"key": "east"}, "key: east 已经有大厅在用，请换一个"),
    ({"key": "North"}, "key: 只用小写字母，例如 north"),
    ({"key": "public"}, "key: public 留给系统用，请换一个"),
    ({"key": "n" * 21}, "key: 最多 20 个字符，现在是 21 个"),
    ({"key": "涡阳"}, "key: 代号只用小写字母和数字，可以写 "),
    ({"key": "1north"}, "key: 要 2 到 20 个小写字母和数字，字母开头"),
    ({"host": f"east.{PORTAL}"}, "是东县网上办事大厅的网址，请换一个"),
    ({"host": PORTAL}, "这是全市门户的网址"),
    ({"host": "no_label"}, "网址只用小写字母"),
    ({"case_prefix": "349901"}, "349901 是东县网上办事大厅的办件编号"),
    ({"uscc": "91350100M000100Y44"}, "信用代码不对"),
    ({"morning_to": "8:00"}, "要先开后关"),
    ({"afternoon_to": ""}, "下午要写从几点到几点"),
    ({"admin_phone": "1390000"}, "手机号要 11 位"),
    ({"departments_like": "nowhere"}, "departments_like"),
    ({"name": "东县网上办事大厅"}, "已经有一个大厅叫这个名称"),
    ({"name": ""}, "name"),
    ({"nonsense": "1"}, "没有这一项：nonsense"),
]


def test_what_is_wrong_is_said_by_field_and_nothing_is_asked(owner, write):
    told = {}
    for changes, sentence in WRONG:
        with pytest.raises(CommandError) as refused:
            call_command("onboard_hall", write(**changes))
        told[str(changes)] = sentence in str(refused.value)
    assert not [changes for changes, is_told in told.items() if not is_told]
    assert not HallJob.objects.using("owner").exists()


def test_a_left_behind_schema_is_not_opened_over(owner, write):
    with owner.cursor() as cursor:
        cursor.execute("CREATE SCHEMA north")
    with pytest.raises(CommandError, match="数据库里留着旧的 north"):
        call_command("onboard_hall", write())
