"""One prepared hall: a draft, a case, a decided case, a local item, and the same in the other hall."""

from types import SimpleNamespace
from uuid import uuid4

from django.utils import timezone

from tests.cases.hall import making
from tests.conftest import actor
from tests.template import BIRTH, GUIDE, LICENCE, NOW, REPORT

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


def city_sheet():
    """A file of the city's that waits to be looked through."""
    from catalog.shared.services.sheet_jobs import CITY
    from tenants.shared import scope

    with scope.city():
        return _sheet(CITY, actor("city_admin"))


def prepare(hall, owner="lin"):
    """Make the objects of one hall by its services; `owner` filed them all."""
    from cases.hall.services import corrections, drafts
    from catalog.hall.models import Override
    from catalog.hall.queries import effective_item
    from catalog.hall.services import aliases, feedback, local, overrides, sheet_jobs
    from catalog.shared.models import OverrideFact
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
        waiting = making.submitted(LICENCE, owner, timezone.now())
        waiting = _act(waiting, "request_correction", hall, "window", data=unclear)
        corrections.save_answers(waiting, {"spouse": "王五"}, now=timezone.now())
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
        said = feedback.Said(uuid4(), "place", f"{key}的地址不对")
        return SimpleNamespace(
            hall=hall,
            review=review,
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
            local=item,
            sheet=_sheet(sheet_jobs.here(), actor(f"{key}_staff")),
            alias=aliases.add("吃的证", LICENCE, by=actor(f"{key}_staff", ["branch_staff"]), now=NOW),
            waiting_file=drafts.add_file(
                None, material_key="m1", upload=making.upload(), actor=actor(owner), now=NOW
            ),
        )
