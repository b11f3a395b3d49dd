"""An item whose form has conditions, a group and a question of eligibility."""

import pytest

from tests.cases.hall.views.conftest import inside, lin, made, window, zhou  # noqa: F401 -- the same cast
from tests.template import LICENCE

YES, NO = {"question": "has_children", "values": ["yes"]}, {"question": "has_children", "values": ["no"]}


def row(name, label, kind, **more):
    plain = {
        "name": name,
        "label": label,
        "type": kind,
        "required": True,
        "choices": [],
        "section": "家里",
        "hint": "",
    }
    return {**plain, **more}


FORM = [
    row("of_age", "满 18 岁了吗", "eligible", hint="满 18 岁才能办，满了再来。"),
    row("spouse", "配偶姓名", "text"),
    row("has_children", "有没有孩子", "yes_no"),
    row("why_none", "打算什么时候要", "text", when=NO),
    row("contact_phone", "联系电话", "phone", required=False, section="联系"),
    row("children", "孩子", "group", entry="孩子", fewest=1, most=3, when=YES, required=False),
    row("child", "孩子姓名", "text", group="children"),
    row("child_id", "孩子身份证号", "id_number", group="children", required=False),
    row("adopted", "是收养的吗", "yes_no", group="children"),
    row("adopted_on", "收养日期", "date", group="children", when={"question": "adopted", "values": ["yes"]}),
]
TWO = [{"child": "一", "adopted": False}, {"child": "二", "adopted": True, "adopted_on": "2020-05-01"}]
WHOLE = {"spouse": "李四", "has_children": True, "children": TWO}


@pytest.fixture
def publish(east):
    """``publish(form, **facts)``: what a new version of the licence is like."""
    from catalog.shared.models import SharedItem
    from tenants.shared import scope

    def put(form=FORM, **facts):
        with scope.city():
            number = SharedItem.objects.get(code=LICENCE).version + 1
            SharedItem.objects.filter(code=LICENCE).update(form=form, version=number, **facts)

    return put


@pytest.fixture(autouse=True)
def _published(publish):
    publish()
