"""Builds the template database: two invented halls, a few items and a small cast that every test knows.

Run as ``python -m tests.template`` with DATABASE_URL; prints the logins' URLs as one line of JSON.
"""

import csv
import json
import os
import uuid
from datetime import UTC, date, datetime, time
from pathlib import Path

from config import setup

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, ten in the morning
PASSWORD = "Template-2026"
PORTAL = "city.localhost"
USCC = "91350100M000100Y43"

# username: (name, city role, {hall: posts})
PEOPLE = {
    "lin": ("林小禾", "", {}),
    "zhou": ("周远", "", {}),
    "agent": ("钱经办", "", {}),
    "east_window": ("东窗口", "", {"east": ["window"]}),
    "east_approver": ("东审批", "", {"east": ["approver"]}),
    "east_head": ("东负责", "", {"east": ["head"]}),
    "east_staff": ("东事项", "", {"east": ["branch_staff"]}),
    "east_admin": ("东管理", "", {"east": ["hall_admin", "branch_staff"]}),
    "west_window": ("西窗口", "", {"west": ["window"]}),
    "west_approver": ("西审批", "", {"west": ["approver"]}),
    "west_head": ("西负责", "", {"west": ["head"]}),
    "west_staff": ("西事项", "", {"west": ["branch_staff"]}),
    "city_admin": ("市管理", "city_admin", {}),
    "inspector": ("监察", "inspector", {}),
    "system_admin": ("系统员", "system_admin", {}),
    "security_admin": ("安全员", "security_admin", {}),
    "audit_admin": ("审计员", "audit_admin", {}),
}
PERSON_ID = {name: uuid.uuid5(uuid.NAMESPACE_DNS, name) for name in PEOPLE}

MATERIALS = [
    {
        "key": "m1",
        "name": "身份证",
        "type": "1",
        "form": "2",
        "source": "10",
        "originals": 1,
        "copies": 0,
        "necessity": "required",
        "exempt": False,
    },
    {
        "key": "m2",
        "name": "结婚证",
        "type": "1",
        "form": "2",
        "source": "20",
        "originals": 0,
        "copies": 1,
        "necessity": "optional",
        "exempt": False,
    },
]
FORM = [
    {
        "name": "spouse",
        "label": "配偶姓名",
        "type": "text",
        "required": True,
        "choices": [],
        "section": "双方",
        "hint": "",
    },
    {
        "name": "married_on",
        "label": "结婚日期",
        "type": "date",
        "required": False,
        "choices": [],
        "section": "双方",
        "hint": "",
    },
]
STEPS = [
    {"key": "s1", "name": "受理", "role": "窗口受理", "days": 0},
    {"key": "s2", "name": "审查", "role": "审批", "days": 0},
]
_COMMON = {
    "department": "卫健委",
    "levels": ["county"],
    "audience": "personal",
    "themes": ["national_personal:005"],
    "conditions": ["在本地居住"],
    "steps": STEPS,
    "legal_basis": [{"key": "b1", "law": "示例条例", "document": "", "article": "第一条", "text": ""}],
    "fees": [],
    "result_name": "登记凭证",
    "delivery": ["window", "ems"],
    "materials": MATERIALS,
    "form": FORM,
    "windows": [{"key": "w1", "name": "综合窗口", "address": "", "phone": "", "hours": ""}],
    "can_book": True,
    "identity_level": 1,
}
BIRTH, LICENCE, REPORT, GUIDE = "34202300100000", "34013100200000", "34011600300000", "34202300400000"
ITEMS = {
    BIRTH: {"name": "出生登记", "type": "20", "kind": "instant", "promised_days": 0, "online_depth": 4, "can_apply": True, "aliases": ["准生证"]},
    LICENCE: {
        "name": "小餐馆许可", "type": "01", "kind": "promised", "statutory_days": 20, "promised_days": 5, "online_depth": 3, "can_apply": True,
        "visits": 1, "visits_reason": "核对原件", "audience": "both", "themes": ["national_business:010"], "department": "市场监管局",
        "fees": [{"key": "f1", "name": "工本费", "standard": "20 元", "amount": 20, "basis": "示例收费文件", "online": False}],
        "address": "城东路 1 号",
    },
    REPORT: {
        "name": "环境报告表审批", "type": "01", "kind": "promised", "statutory_days": 30, "statutory_unit": "natural", "promised_days": 4,
        "online_depth": 4, "can_apply": True, "audience": "business", "themes": ["national_business:095"], "department": "生态环境局",
    },
    GUIDE: {"name": "档案查询", "type": "20", "kind": "instant", "promised_days": 0, "online_depth": 1, "can_apply": False},
}  # fmt: skip


def build() -> dict[str, str]:
    """Build everything and return the logins' URLs by variable."""
    urls = setup.prepare(os.environ["DATABASE_URL"])
    os.environ.update(urls)
    from django.conf import settings
    from django.db import connections

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for alias, name in (("default", "WEB_DATABASE_URL"), ("gate", "GATE_DATABASE_URL")):
        connections.settings[alias].update(_place(urls[name]))
    _city()
    halls = [_hall(key, number) for number, key in enumerate(("east", "west"), start=1)]
    _people()
    for hall in halls:
        _fill(hall)
    connections.close_all()
    return urls


def _place(url: str) -> dict[str, str]:
    from psycopg2.extensions import parse_dsn

    parts = parse_dsn(url)
    return {
        "NAME": parts["dbname"],
        "USER": parts["user"],
        "PASSWORD": parts["password"],
        "HOST": parts["host"],
    }


def _city() -> None:
    from cases.shared.models import CalendarDay, CalendarYear
    from catalog.shared.models import Bundle, Theme
    from catalog.shared.services import items
    from tenants.shared import scope
    from tenants.shared.models import City

    City.objects.using("owner").update(
        code="349900", name="示例市", service_name="示例市政务服务", portal_name="示例市网上办事大厅", hotline="12345", area_code="0500",
        portal_domain=PORTAL, is_demo=True,
    )  # fmt: skip
    with scope.city():
        Theme.objects.bulk_create(
            Theme(list=name, code=code, name=label, audience=audience, position=1, maps_to=maps_to)
            for name, code, label, audience, maps_to in (
                ("national_personal", "005", "生育收养", "personal", ""),
                ("national_business", "010", "准营准办", "business", ""),
                ("national_business", "095", "环保绿化", "business", ""),
                ("article_personal", "AP01", "生育", "personal", "生育收养"),
            )
        )
        Bundle.objects.create(
            key="restaurant", name="开小餐馆一件事", summary="开店要办的", audience="business", position=1, conditions=["有店面"],
            steps=[{"code": BIRTH, "when": ""}, {"code": LICENCE, "when": "卖熟食的"}], own_questions=[],
        )  # fmt: skip
        items.load(
            ({"code": code, **_COMMON, **facts} for code, facts in ITEMS.items()), note="示例", now=NOW
        )
        with (Path(__file__).parent / "data" / "calendar.csv").open(encoding="utf-8") as file:
            CalendarDay.objects.bulk_create(
                CalendarDay(
                    day=date.fromisoformat(row["date"]),
                    is_workday=row["is_workday"] == "1",
                    name=row["name"],
                    is_official=row["official"] == "yes",
                )
                for row in csv.DictReader(file)
            )
        CalendarYear.objects.bulk_create(
            CalendarYear(year=year, is_published=True, notice="示例通知") for year in (2025, 2026)
        )


def _hall(key, number):
    from tenants.shared import services
    from tenants.shared.models import Division

    label = {"east": "东", "west": "西"}[key]
    hall = services.open_hall(
        services.HallFacts(
            key=key, host=f"{key}.{PORTAL}", name=f"{label}县网上办事大厅", short_name=f"{label}县", level="county", division_code=f"34990{number}",
            case_prefix=f"34990{number}", document_prefix=f"示({label})", department_prefix=f"{label}县", uscc="11450721MB15580811", position=number,
        )
    )  # fmt: skip
    Division.objects.using("owner").create(
        code=f"34990{number}100",
        name=f"{label}镇",
        kind="镇",
        county_code=f"34990{number}",
        county_name=f"{label}县",
        hall_id=hall.pk,
    )
    return hall


def _people() -> None:
    from django.contrib.auth.hashers import make_password

    from accounts.encryption import blind_index
    from accounts.models import Agency, Company, Person

    hashed = make_password(PASSWORD)
    for number, (username, (name, city_role, _)) in enumerate(PEOPLE.items()):
        phone = f"139000000{number:02d}"
        Person.objects.create(
            id=PERSON_ID[username], username=username, name=name, id_number="11010519491231002X", phone=phone, phone_index=blind_index(phone),
            city_role=city_role, password=hashed, is_demo=True, created_at=NOW,
        )  # fmt: skip
    company = Company.objects.create(uscc=USCC, name="示例酿酒有限公司", created_at=NOW)
    Agency.objects.create(company=company, person_id=PERSON_ID["agent"], created_at=NOW)


def _fill(hall) -> None:
    from catalog.hall.services import adoption
    from tenants.hall.models import Department, Office, Post, Session, Window
    from tenants.shared import scope

    with scope.hall(hall):
        Office.objects.create(
            address=f"{hall.short_name}政务服务中心", hours="周一至周五 8:30–12:00", phone="0500-〔待填〕"
        )
        Department.objects.bulk_create(
            Department(short_name=name, name=hall.department_prefix + name)
            for name in ("卫健委", "市场监管局", "生态环境局")
        )
        # five places in half an hour, and one
        Window.objects.create(name="综合窗口", letter="A", count=4, average_minutes=15)
        Window.objects.create(
            name="企业窗口", letter="B", count=1, average_minutes=20, departments=["市场监管局"], position=1
        )
        Session.objects.create(starts=time(9), ends=time(12))
        Session.objects.create(starts=time(14), ends=time(17))
        for username, (name, _, posts) in PEOPLE.items():
            for role in posts.get(hall.key, []):
                Post.objects.create(
                    person=PERSON_ID[username], name=name, username=username, role=role, created_at=NOW
                )
        adoption.adopt(ITEMS, now=NOW)


if __name__ == "__main__":
    print(json.dumps(build()))  # noqa: T201 -- the plugin reads it
