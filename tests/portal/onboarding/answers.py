"""The answers for a third hall beside east and west."""

from tests.template import PORTAL

ANSWERS = {
    "name": "北县网上办事大厅",
    "short_name": "北县",
    "level": "county",
    "key": "north",
    "host": f"north.{PORTAL}",
    "items": "all",
    "division_code": "349903",
    "case_prefix": "349903",
    "document_prefix": "示(北)",
    "department_prefix": "北县",
    "departments": "like",
    "departments_like": "east",
    "morning_from": "9:00",
    "morning_to": "12:00",
    "afternoon_from": "13:00",
    "afternoon_to": "17:00",
    "address": "北县政务服务中心",
    "complaint_phone": "12345",
    "admin_name": "北管理",
    "admin_phone": "13900000077",
    "look": "slate",
}
