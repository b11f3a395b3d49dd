"""What pages and the API say to somebody who is not known well enough, and a person at the window."""

import re
from urllib.parse import urlencode

import pytest

from accounts.enums import Level
from accounts.models import Person
from accounts.queries import id_index
from accounts.services import identity
from audit.models import Record
from cases.hall.models import Case, Principal
from catalog.shared.models import SharedItem
from tenants.shared import scope
from tests.cases.hall import making, mandating
from tests.template import LICENCE, NOW, PERSON_ID, PORTAL

OWN, OTHER = "11010519491231002X", "110105198007021234"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def wants(level):
    with scope.city():
        SharedItem.objects.filter(code=LICENCE).update(identity_level=level)


def known(username, how):
    facts = {"proved_by": how, "proved_at": NOW if how else None, "id_index": id_index(OWN) if how else None}
    Person.objects.filter(pk=PERSON_ID[username]).update(**facts)


def way(path):
    """The portal's page of real names, with the way back to this path of east."""
    return f"http://{PORTAL}/account/identity/?" + urlencode({"to": f"east.{PORTAL}", "next": path}).replace(
        "&", "&amp;"
    )


def test_the_level_is_said_on_the_guide_and_asked_before_the_work(east, hall_client):
    wants(3)
    known("lin", "format")
    client = hall_client(east, "lin")
    assert "需要实名认证" in client.get(f"/items/{LICENCE}/").content.decode()
    path = f"/items/{LICENCE}/apply/"
    page = client.get(path).content.decode()
    assert f'href="{way(path)}"' in page
    assert "开始填" not in page
    assert client.post(path).status_code == 200
    with scope.hall(east):
        assert not Case.objects.exists()
    known("lin", "platform")
    assert client.post(path).status_code == 302


def test_who_lost_the_level_keeps_the_draft_and_is_led_there_and_back(east, hall_client):
    wants(2)
    known("lin", "format")
    with scope.hall(east):
        case = making.draft(LICENCE)
    known("lin", "")
    client, path = hall_client(east, "lin"), f"/drafts/{case.pk}/check/"
    sent = {"version": case.item_version, "key": f"draft-{case.pk}", "is_true": "on"}
    page = client.post(path, sent).content.decode()
    assert f'href="{way(path)}"' in page
    assert "李四" in page
    known("lin", "format")
    assert client.post(path, sent).status_code == 302


def test_a_later_act_leads_to_the_same_place(east, hall_client):
    wants(2)
    known("lin", "format")
    with scope.hall(east):
        case = making.submitted(LICENCE)
    known("lin", "")
    path = f"/cases/{case.number}/act/withdraw/"
    answer = hall_client(east, "lin").post(path)
    assert answer.status_code == 403
    assert f'href="{way(path)}"' in answer.content.decode()
    with scope.hall(east):
        assert Case.objects.get().state == "submitted"


def test_the_api_says_which_level(east, hall_client):
    wants(3)
    known("lin", "format")
    from accounts.services import tokens

    token, _until = tokens.issue(Person.objects.get(pk=PERSON_ID["lin"]), hall="east", now=NOW)
    client = hall_client(east)
    head = {"Authorization": f"Token {token}"}
    assert client.get(f"/api/v1/items/{LICENCE}/").json()["identity_level"] == 3
    form = client.get(f"/api/v1/items/{LICENCE}/form/").json()
    assert (form["identity_level"], form["fields"][0]["about"]) == (3, "")
    answer = client.post(
        "/api/v1/cases/",
        {"item": LICENCE, "answers": {"spouse": "李四"}},
        content_type="application/json",
        headers={**head, "Idempotency-Key": "k1"},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "identity_level")
    assert answer.json()["fields"] == {"identity_level": "3"}
    with scope.hall(east):
        assert not Case.objects.exists()


# at the window


def look(client, code):
    return client.post("/clerk/people/verify/", {"code": code})


def confirm(client, page, **more):
    form = page.context["form"]
    sent = {
        "code": form["code"].value(),
        "seen": form["seen"].value(),
        "document": "id_card",
        "reason": "看了原件",
    }
    return client.post("/clerk/people/verify/", {**sent, **more})


def test_a_clerk_sees_name_and_number_by_the_code_alone_and_verifies(east, hall_client):
    known("lin", "format")
    code = identity.show_code(PERSON_ID["lin"], now=NOW)
    client = hall_client(east, "east_window")
    page = look(client, code)
    text = re.sub(r"<[^>]+>|\s|&nbsp;", "", page.content.decode())
    assert OWN in text
    done = confirm(client, page).content.decode()
    assert "认证好了" in done
    assert Person.objects.get(pk=PERSON_ID["lin"]).level == Level.VERIFIED
    with scope.hall(east):
        row = Record.objects.get(action="person.look")
    assert (row.actor, row.object) == (PERSON_ID["east_window"], str(PERSON_ID["lin"]))
    assert OWN not in str(row.detail)
    assert "没有这个办事码" in look(client, code).content.decode()


@pytest.mark.parametrize("more", [{"document": "none"}, {"reason": ""}, {"seen": "0" * 64}])
def test_what_the_clerk_does_not_say_or_did_not_see_verifies_nobody(east, hall_client, more):
    known("lin", "format")
    client = hall_client(east, "east_window")
    page = look(client, identity.show_code(PERSON_ID["lin"], now=NOW))
    assert confirm(client, page, **more).status_code == 200
    assert Person.objects.get(pk=PERSON_ID["lin"]).level == Level.CHECKED


def test_a_second_account_of_one_person_is_asked_about_before_the_first_loses_it(east, hall_client):
    known("zhou", "window")
    Person.objects.filter(pk=PERSON_ID["lin"]).update(name=Person.objects.get(pk=PERSON_ID["lin"]).name)
    client = hall_client(east, "east_window")
    page = look(client, identity.show_code(PERSON_ID["lin"], now=NOW))
    asked = confirm(client, page)
    assert "takes_over" in asked.context["form"].errors
    assert Person.objects.get(pk=PERSON_ID["zhou"]).level == Level.VERIFIED
    confirm(client, asked, takes_over="on")
    assert Person.objects.get(pk=PERSON_ID["lin"]).level == Level.VERIFIED
    assert Person.objects.get(pk=PERSON_ID["zhou"]).level == Level.PHONE


def test_the_window_joins_what_others_did_although_the_phone_changed(east, hall_client):
    mandating.number_of("lin", OTHER)
    person = Person.objects.get(pk=PERSON_ID["lin"])
    with scope.hall(east):
        mandating.term()
        who = mandating.facts(person.name, OTHER, "13711119999")
        case = mandating.filed(mandating.in_force(who), LICENCE)
    client = hall_client(east, "east_window")
    page = look(client, identity.show_code(person.pk, now=NOW))
    assert page.context["has_waiting"]
    done = confirm(client, page, joins="on").content.decode()
    assert "转到他账号的办件 1 件" in done
    with scope.hall(east):
        assert Case.objects.get(pk=case.pk).person == person.pk
        assert Principal.objects.get().has_account
