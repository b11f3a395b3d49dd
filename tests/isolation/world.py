"""One prepared hall: a draft, a case, a decided case, a local item, and the same in the other hall."""

from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

from django.utils import timezone

from tests.cases.hall import making, mandating
from tests.conftest import actor
from tests.isolation import enquiry_routes
from tests.template import BIRTH, GUIDE, LICENCE, NOW, PERSON_ID, REPORT

LOCAL_FIELDS = {
    "name": "本地补贴", "summary": "给本地人", "type": "20", "kind": "instant", "department": "卫健委", "levels": ["county"],
    "audience": "personal", "themes": ["national_personal:005"], "promised_days": 0, "promised_unit": "working",
    "conditions": ["在本地居住"], "result_name": "通知", "delivery": ["window"],
    "steps": [{"key": "s1", "name": "受理", "role": "窗口受理", "days": 0}],
    "materials": [{"key": "m1", "name": "身份证", "type": "1", "form": "2", "source": "10", "originals": 1, "copies": 0, "necessity": "required"}],
    "legal_basis": [{"key": "b1", "law": "示例条例", "document": "", "article": "第一条", "text": ""}],
    "windows": [], "fees": [], "can_apply": False, "online_depth": 1, "visits": 1, "visits_reason": "到窗口交表",
}  # fmt: skip


def _act(case, action, hall, post, **given):
    from cases.hall.services import transition

    by = actor(f"{hall.schema_name}_{post}", [post])
    return transition.apply(case, action, by=by, now=timezone.now(), **given)


def _sheet(desk, by):
    """A file of items that waits to be looked through."""
    from catalog.shared.enums import SheetState

    return desk.jobs.objects.create(
        state=SheetState.READY, file_name="items.csv", size=1, person=by.person_id, person_name="x", created_at=NOW, updated_at=NOW
    )  # fmt: skip


def _work(hall, held):
    """What a clerk at the window has kept and holds, what the admin has arranged, and a list that was made."""
    from datetime import timedelta

    from cases.hall.models import Cover
    from cases.hall.queries.narrowing import NOTHING
    from cases.hall.services import claims, desk, exports, routing
    from cases.hall.tasks import parse
    from tenants.hall.models import Post

    key, now = hall.schema_name, timezone.now()
    window, admin = actor(f"{key}_window", ["window"]), actor(f"{key}_staff", ["hall_admin"])
    posts = list(Post.objects.filter(person=window.person_id).values_list("pk", flat=True))
    group = routing.save_group(None, "窗口一组", posts, by=admin, now=now)
    rule = routing.add_rule(group, item_code=LICENCE, division="", department="", by=admin, now=now)
    claims.claim(held, by=window, now=now)
    export = exports.ask("new", NOTHING, "csv", "待受理", by=window, now=now)
    exports.make(nullcontext, parse, stopped=lambda: False)
    export.refresh_from_db()
    day = timezone.localdate(now)
    cover = Cover.objects.create(
        person=window.person_id, name="窗口", by=uuid4(), by_name="同事", first_day=day, last_day=day + timedelta(days=1),
        made_by=window.person_id, made_by_name="窗口", made_at=now,
    )  # fmt: skip
    saved = desk.save_filter("我的", "queue=new", by=window, now=now)
    return {"group": group, "rule": rule, "export": export, "cover": cover, "saved": saved}


def _together(owner, hall):
    """Two items applied for at once; the paper of one was corrected, and the other does not have the new one yet."""
    from cases.hall.services import corrections, transition
    from tests.cases.hall.bundles import making as bundled

    now = timezone.now()
    whole, (first, second) = bundled.filed(username=owner, now=now - timedelta(hours=1))
    points = [{"kind": "material", "key": "m1", "verdict": "unclear", "reason": "看不清"}]
    case = _act(second, "request_correction", hall, "window", data={"points": points})
    new = corrections.add_file(case, material_key="m1", upload=making.upload(), actor=actor(owner), now=now)
    case.refresh_from_db()
    transition.apply(case, "resubmit", by=actor(owner), now=now)
    return {"whole": whole, "whole_child": first, "whole_file": new}


def _visits(hall, owner):
    """Bookings of the real clock's days in every state that somebody may do something with; a number, a closed day."""
    from datetime import timedelta

    from cases.hall import booking_rules as rules
    from cases.hall.models.booking import Appeal, Booking, BookingItem
    from cases.hall.queries import calendar
    from cases.hall.services.bookings import calling, opening
    from tenants.hall.models import Closure, Window
    from tests.cases.hall.booking import making as visits

    now = timezone.now()
    today = timezone.localdate(now)
    days = [day for day in rules.days(today, calendar.current().is_workday) if day > today]
    clerk = actor(f"{hall.schema_name}_window", ["window"])

    def book(item, on, **changed):
        made = visits.book(owner, items=(item,), day=on, now=now)
        Booking.objects.filter(pk=made.pk).update(**changed or {"state": made.state})
        if changed:
            BookingItem.objects.filter(booking=made).update(is_open=False)
        return visits.reload(made)

    window = Window.objects.get(letter="A")
    opening.close_day(days[6], window, reason="培训", by=clerk, now=now)
    calling.walk_in(window, is_green=False, by=clerk, now=now)
    calling.walk_in(window, is_green=False, by=clerk, now=now)
    missed = book(LICENCE, days[2], state="no_show")
    appealed = book(LICENCE, days[3], state="no_show")
    return {
        "day": days[4].isoformat(),
        "free_days": days[4:6],
        "window": window,
        "closure": Closure.objects.get(),
        "ticket": calling.call_next(window, 1, by=clerk, now=now),
        "missed": missed,
        "appeal": Appeal.objects.create(booking=appealed, text="病了", asked_at=now),
        "arriving": book(
            GUIDE, days[1], day=today, starts=timezone.localtime(now).time().replace(microsecond=0)
        ),
        "offered": book(GUIDE, days[1], state="offered", confirm_by=now + timedelta(hours=1)),
        "booking": book(BIRTH, days[0]),
    }


def city_sheet():
    """A file of the city's that waits to be looked through."""
    from catalog.shared.services.sheet_jobs import CITY
    from tenants.shared import scope

    with scope.city():
        return _sheet(CITY, actor("city_admin"))


def onboarding_draft():
    """A hall that the city is about to open, all of it answered."""
    from tenants.shared import scope
    from tenants.shared.models import OnboardingDraft
    from tests.portal.onboarding.answers import ANSWERS

    by = actor("city_admin")
    with scope.city():
        return OnboardingDraft.objects.create(
            answers=ANSWERS, by=by.person_id, by_name="市管理", created_at=NOW, changed_at=NOW
        )


def hall_job():
    """A piece of work that waits for the operator."""
    from tenants.shared import scope
    from tenants.shared.models import HallJob

    with scope.city():
        return HallJob.objects.create(kind="check", key="east", asked_at=timezone.now())


def export_request(username):
    """A copy of everything about this person that is ready to be fetched."""
    from cases.hall.services.rights import granting
    from cases.shared.services import requests
    from tenants.shared import scope
    from tests.template import PERSON_ID

    with scope.portal():
        made, _key = requests.ask(PERSON_ID[username], "export", now=timezone.now())
    assert granting.do_waiting(stopped=lambda: False) == 1
    with scope.portal():
        made.refresh_from_db()
    assert made.state == "ready"
    return made


def city_outage():
    """An outage of the whole city that lasts."""
    from cases.shared.services import outages
    from tenants.shared import scope

    with scope.city():
        return outages.note(
            None,
            starts_at=timezone.now() - timedelta(hours=1),
            ends_at=None,
            what="短信晚到",
            by=actor("city_admin"),
            now=timezone.now(),
        )


def _mirrored(hall):
    """A case that a department's system decides on: one letter is dead, one step waits. The system is then switched off."""
    from cases.hall.models import Inbound, Letter, System
    from cases.hall.services import systems

    admin = actor(f"{hall.schema_name}_staff")
    said = systems.Declared("许可系统", ["市场监管局"], [], "https://example.gov.cn/events", False, True)
    system = systems.declare("market", said, by=admin, now=NOW)
    case = making.submitted(LICENCE, "agent", timezone.now())
    Letter.objects.update(dead_at=NOW, tries=9, status=500, answer="trouble")
    step = Inbound.objects.create(
        system=system, message_id="m1", digest="", case=case, sequence=2, step="review", occurred_on=timezone.localdate(),
        said={}, state=Inbound.WAITING, problem="等第 1 步", received_at=NOW,
    )  # fmt: skip
    System.objects.update(is_active=False)
    return {"system": system, "mirrored": case, "letter": Letter.objects.get(), "step": step}


def _failed_message(case):
    """What was said of a case and reached nobody by any way."""
    from cases.hall.models import Outbox

    told = Outbox.objects.filter(event__case=case).earliest("created_at")
    Outbox.objects.filter(pk=told.pk).update(failed_at=NOW, sms="failed", mail="off", problem="HTTP 422")
    return told


def _people(key):
    """A post of the hall, and somebody who was invited to one."""
    from tenants.hall.models import Post
    from tenants.hall.services import invitations
    from tenants.hall.services.posts import Wanted

    # the link of somebody who is no admin (any more) is none; a hall without one was invited by the city
    admin = f"{key}_admin"
    by = actor(admin, ["hall_admin"]) if admin in PERSON_ID else None
    return {
        "post": Post.objects.get(person=PERSON_ID[f"{key}_window"], role="window"),
        "invited": invitations.invite(
            name="应邀",
            phone="13900002222",
            wanted=Wanted("window"),
            reason="补人",
            by=by,
            now=timezone.now(),
        ),
    }


def visits_of(hall):
    """One that waits for a second person, and one who was let in."""
    from tenants.shared import scope, visits

    now = timezone.now()
    asked = {"reason": "系统告警，核对挂起的件", "minutes": 15, "now": now}
    with scope.city():
        waiting = visits.ask(hall, by=actor("city_admin"), **asked)
        let_in = visits.ask(hall, by=actor("system_admin"), **asked)
        return waiting, visits.approve(let_in.pk, by=actor("security_admin"), now=now)


def _kept(draft, owner):
    """What the owner and another citizen keep, and a file of the owner's that has not come whole."""
    from cases.hall.services.uploads import parts

    here = {"actor": actor(owner), "now": timezone.now()}
    return {
        "kept": making.kept(owner),
        "kept_by_zhou": making.kept("zhou"),
        "upload": parts.begin(draft, material_key="m1", name="a.jpg", size=9, **here),
    }


def _acted_for(owner, key):
    """What somebody does for the owner: a mandate in force, one that waits, a draft and a case under it."""
    from cases.hall.services import drafts, mandates

    now = timezone.now()
    mandating.number_of(owner, "110105198007021231")
    who = mandating.facts("林小禾", "110105198007021231", "13900000000")
    term = mandating.term("agent", now, key)
    # the files of a case stand in its world by themselves
    mandate = mandating.in_force(who, "agent", now)
    return {
        "term": term,
        "mandate": mandate,
        "asked": mandating.asked(who, "agent", now),
        "filed_for": mandating.filed(mandate, LICENCE, "agent", now),
        **_owing(owner, key, mandate),
        # begun last: whoever begins again finds this one
        "begun": mandating.begun(mandate, LICENCE, "agent", now),
        "given": mandates.give(
            "监察",
            "13900000013",
            mandates.Terms(until=now.date() + timedelta(days=9), item_code=LICENCE),
            actor=actor(owner),
            now=now,
        ),
        "proxys_file": drafts.add_file(
            None, material_key="m1", upload=making.upload(), actor=actor("agent"), now=now
        ),
    }


def _owing(owner, key, mandate):
    """Accepted cases that owe a fee: one that nobody has begun to pay, one that is begun, one under a mandate."""
    from cases.hall.models import Case, Payment
    from tests.cases.hall.payments import making as payments

    now, window = timezone.now(), actor(f"{key}_window", ["window"])

    def charged(case):
        from cases.hall.services import transition

        Case.objects.filter(pk=case.pk).update(item={**case.item, "fees": [payments.FEE]})
        return transition.apply(Case.objects.get(pk=case.pk), "accept", by=window, now=now)

    found = {
        "owing": charged(making.submitted(LICENCE, owner, now)),
        "paying": charged(making.submitted(LICENCE, owner, now)),
        "owing_for": charged(mandating.filed(mandate, LICENCE, "agent", now)),
    }
    Payment.objects.filter(case=found["paying"]).update(
        state="started", provider="pretend", address="https://pay.example.gov.cn/o/1"
    )
    return found


def prepare(hall, owner="lin"):
    """Make the objects of one hall by its services; `owner` filed them all."""
    from accounts.services import identity
    from cases.hall.paperwork import NoticeKind, Paper, StaffNotice
    from cases.hall.services import batch, corrections, drafts, layouts, papers, reason_texts, staff_notices
    from cases.shared.services import outages
    from catalog.hall.models import Override
    from catalog.hall.queries import effective_item
    from catalog.hall.services import aliases, feedback, local, overrides, sheet_jobs
    from catalog.shared.models import OverrideFact
    from tenants.hall.services import guests
    from tenants.shared import scope

    key = hall.schema_name
    with scope.hall(hall):
        # the draft is begun last: whoever applies again for its item must find this one
        # today: the hall's time to answer runs, and pages look at the real clock
        filed = making.submitted(LICENCE, owner, timezone.now())
        decided = _act(making.submitted(BIRTH, owner, timezone.now()), "complete", hall, "window")
        unclear = {
            "points": [
                {"kind": "material", "key": "m1", "verdict": "unclear"},
                {"kind": "field", "key": "spouse", "verdict": "wrong"},
            ]
        }
        # as the worker does: who asks for a paper then changes nothing
        for paper in Paper.objects.filter(event__case=decided):
            papers.at_once(paper, now=timezone.now())
        waiting = making.submitted(LICENCE, owner, timezone.now())
        waiting = _act(waiting, "request_correction", hall, "window", data=unclear)
        corrections.save_answers(waiting, {"spouse": "王五"}, actor=actor(owner), now=timezone.now())
        unsent = corrections.add_file(
            waiting, material_key="m1", upload=making.upload(), actor=actor(owner), now=timezone.now()
        )
        draft = making.draft(REPORT, owner)
        item = local.draft(LOCAL_FIELDS, by=actor(f"{key}_staff", ["branch_staff"]), now=NOW)
        overrides.set_value(
            LICENCE,
            "hours",
            "周一至周六",
            by=actor(f"{key}_staff", ["branch_staff"]),
            reason="周六也开",
            now=NOW,
        )
        # the base is no value of the city's: it waits for the hall's decision
        review = overrides.set_value(
            GUIDE, "phone", "0500-2", by=actor(f"{key}_staff", ["branch_staff"]), reason="换号", now=NOW
        )
        Override.objects.filter(pk=review.pk).update(base="0500-0")
        OverrideFact.objects.filter(code=GUIDE, field="phone").update(base="0500-0")
        work, visits = _work(hall, decided), _visits(hall, owner)
        stood_still = outages.note(
            hall,
            starts_at=timezone.now() - timedelta(hours=2),
            ends_at=None,
            what=f"{key}交不了费",
            by=actor("city_admin"),
            now=timezone.now(),
        )
        wording = layouts.Wording({"body": f"{key}：您申请的{{事项}}收下了。"}, {})
        layouts.save("accept", "", wording, seen=0, by=actor(f"{key}_staff", ["branch_staff"]), now=NOW)
        staff_notices.tell(
            NoticeKind.LAYOUT, key, filed, data={"title": "受理通知书", "variable": "依据"}, now=NOW
        )
        mirrored = _mirrored(hall)
        window_code = identity.show_code(PERSON_ID[owner], now=timezone.now())
        said = feedback.Said(uuid4(), "place", f"{key}的地址不对")
        return SimpleNamespace(
            hall=hall,
            guest=guests.invite(owner, note="来试试", by=actor(f"{key}_staff", ["hall_admin"]), now=NOW),
            **work,
            **_acted_for(owner, key),
            **_together(owner, hall),
            **visits,
            **enquiry_routes.prepare(hall, owner),
            window_code=window_code,
            **_kept(draft, owner),
            **_people(key),
            review=review,
            outage=stood_still,
            feedback=feedback.submit(
                effective_item(LICENCE), said, address="unknown", by=actor(owner), now=NOW
            ),
            draft=draft,
            draft_file=draft.files.get(),
            case=filed,
            file=filed.files.get(),
            event=decided.events.get(action="accept"),
            decided=decided,
            waiting=waiting,
            unsent=unsent,
            result=decided.results.get(),
            notice=StaffNotice.objects.get(),
            local=item,
            **mirrored,
            failed_message=_failed_message(waiting),
            sheet=_sheet(sheet_jobs.here(), actor(f"{key}_staff")),
            batch=batch.start(
                actor(f"{key}_window", ["window"]),
                "accept",
                {waiting.number: waiting.revision},
                reason="",
                key=uuid4(),
                now=timezone.now(),
            ),
            reason=reason_texts.save(
                reason_texts.Wanted("不归本厅", "{事项}不归我们办", step="not_accept"),
                by=actor(f"{key}_staff", ["branch_staff"]),
                now=NOW,
            ),
            alias=aliases.add("吃的证", LICENCE, by=actor(f"{key}_staff", ["branch_staff"]), now=NOW),
            waiting_file=drafts.add_file(
                None, material_key="m1", upload=making.upload(), actor=actor(owner), now=NOW
            ),
        )
