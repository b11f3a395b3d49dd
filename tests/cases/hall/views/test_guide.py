"""A running case keeps the guide that it was filed under."""

from html import unescape

from tenants.shared import scope
from tests.cases.hall import making
from tests.catalog.shared.making import publish
from tests.template import LICENCE


def test_the_guide_of_a_case_is_the_one_it_was_filed_under(hall_client, east):
    with scope.hall(east):
        case = making.submitted(LICENCE)
    with scope.city():
        publish(promised_days=2, materials=[{"name": "健康证"}])
    path = f"/cases/{case.number}/guide/"
    owner = hall_client(east, "lin")

    page = unescape(owner.get(path).content.decode())

    assert "这是您提交时的指南，这件按它办" in page
    assert "5 个工作日" in page
    assert "健康证" not in page
    assert f'href="{path}"' in owner.get(f"/cases/{case.number}/").content.decode()
    assert "2 个工作日" in owner.get(f"/items/{LICENCE}/").content.decode()
    assert "这是申请人提交时的指南" in unescape(hall_client(east, "east_window").get(path).content.decode())
    assert hall_client(east, "zhou").get(path).status_code == 404
    assert hall_client(east).get(path).status_code == 302
