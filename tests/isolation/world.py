"""One prepared hall: a draft, a case, a decided case, a local item, and the same in the other hall."""

from types import SimpleNamespace

from tests.cases.hall import making
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW, REPORT

LOCAL_FIELDS = {
    "name": "本地补贴", "summary": "给本地人", "type": "20", "kind": "instant", "department": "卫健委", "levels": ["county"],
    "audience": "personal", "themes": ["national_personal:005"], "promised_days": 0, "promised_unit": "working",
    "conditions": ["在本地居住"], "result_name": "通知", "delivery": ["window"],
    "steps": [{"key": "s1", "name": "受理", "role": "窗口受理", "days": 0}],
    "materials": [{"key": "m1", "name": "身份证", "type": "1", "form": "2", "source": "10", "originals": 1, "copies": 0, "necessity": "required"}],
    "legal_basis": [{"key": "b1", "law": "示例条例", "document": "", "article": "第一条", "text": ""}],
    "windows": [], "fees": [], "can_apply": False, "online_depth": 1, "visits": 1, "visits_reason": "到窗口交表",
}  # fmt: skip


def _act(case, action, hall, post):
    from cases.hall.services import transition

    by = actor(f"{hall.schema_name}_{post}", [post])
    return transition.apply(case, action, by=by, now=NOW)


def prepare(hall, owner="lin"):
    """Make the objects of one hall by its services; `owner` filed them all."""
    from cases.hall.services import drafts
    from catalog.hall.services import local, overrides
    from tenants.shared import scope

    key = hall.schema_name
    with scope.hall(hall):
        # the draft is begun last: whoever applies again for its item must find this one
        filed = making.submitted(LICENCE, owner)
        decided = _act(making.submitted(BIRTH, owner), "complete", hall, "window")
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
        return SimpleNamespace(
            hall=hall,
            draft=draft,
            draft_file=draft.files.get(),
            case=filed,
            file=filed.files.get(),
            event=decided.events.get(action="accept"),
            decided=decided,
            result=decided.results.get(),
            local=item,
            waiting_file=drafts.add_file(
                None, material_key="m1", upload=making.upload(), actor=actor(owner), now=NOW
            ),
        )
