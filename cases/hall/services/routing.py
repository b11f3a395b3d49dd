"""Leading cases to groups of clerks: at submission, and again for free ones when the rules have changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case as When_
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit import services as audit
from cases.hall.models import Case, Group, RoutingRule
from cases.hall.services.refusals import DataNeeded

_FIELDS = ("item_code", "division", "department")


def _of(*, item_code: Any, division: Any, department: Any) -> QuerySet[RoutingRule]:
    """Return the rules that fit, the one that says most first: an item outweighs a division, that a department."""
    wanted = {"item_code": item_code, "division": division, "department": department}
    fitting = Q()
    for name, value in wanted.items():
        fitting &= Q(**{name: ""}) | Q(**{name: value})
    weights = [When_(When(**{name: ""}, then=Value(0)), default=Value(1)) for name in _FIELDS]
    found = RoutingRule.objects.filter(fitting, group__is_active=True)
    return found.order_by(*(weight.desc() for weight in weights), "id")


def place(case: Case, answers: Mapping[str, Any]) -> None:
    """Put a case that is being filed to the town that it names and the group of the rules, or none; the caller saves it."""
    case.division = _division(case.item, answers)
    rule = _of(item_code=case.item_code, division=case.division, department=case.department).first()
    case.group_id = rule.group_id if rule else None


def _division(item: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    """Return the town that the answers name: of the form's first question for one, empty when it has none."""
    asked = (
        row["name"] for row in item.get("form") or [] if row["type"] == "division" and not row.get("group")
    )
    return next((str(answers[name])[:9] for name in asked if answers.get(name)), "")


def misplaced() -> QuerySet[Any]:
    """Return the open cases that nobody has claimed and that the rules of today would lead elsewhere, with their `target`."""
    rules = _of(
        item_code=OuterRef("item_code"), division=OuterRef("division"), department=OuterRef("department")
    )
    free = Case.objects.filed().filter(is_open=True, claimed_by=None)
    aimed: QuerySet[Any] = free.annotate(target=Subquery(rules.values("group")[:1]))
    # not `exclude`: of two of which one is NULL, SQL says neither that they are the same nor that they are not
    elsewhere = Q(target__lt=F("group")) | Q(target__gt=F("group"))
    return aimed.filter(elsewhere | Q(target=None, group__isnull=False) | Q(target__isnull=False, group=None))


def apply(*, by: Actor, now: datetime) -> int:
    """Lead all misplaced cases by the rules of today; return how many moved. What somebody claims meanwhile stays."""
    moved = 0
    targets: dict[int | None, list[Any]] = {}
    locked = misplaced().select_for_update(of=("self",), no_key=True)
    for pk, target in locked.values_list("pk", "target"):
        targets.setdefault(target, []).append(pk)
    for target, found in targets.items():
        moved += Case.objects.filter(pk__in=found, claimed_by=None).update(group=target)
    _audit("routing.apply", "", by, now, {"moved": moved})
    return moved


def save_group(group: Group | None, name: str, posts: list[int], *, by: Actor, now: datetime) -> Group:
    """Make a group, or give one its name and its posts. Raises DataNeeded when the name is taken."""
    try:
        with transaction.atomic():
            if group is None:
                group = Group.objects.create(name=name)
            else:
                group.name = name
                group.save(update_fields=["name"])
    except IntegrityError:
        raise DataNeeded({"name": _("已经有一个组叫这个名字")}) from None
    group.posts.set(posts)
    _audit("group.save", str(group.pk), by, now, {"name": name, "posts": len(posts)})
    return group


def retire_group(group: Group, *, by: Actor, now: datetime) -> None:
    """End a group: its rules go, its open cases are everybody's of the post."""
    group.rules.all().delete()
    group.is_active = False
    group.save(update_fields=["is_active"])
    Case.objects.filter(is_open=True, group=group).update(group=None)
    _audit("group.retire", str(group.pk), by, now, {"name": group.name})


def add_rule(
    group: Group, *, item_code: str, division: str, department: str, by: Actor, now: datetime
) -> RoutingRule:
    """Add a rule. Raises DataNeeded when it says nothing, or what another says."""
    if not (item_code or division or department):
        raise DataNeeded({"item_code": _("事项、乡镇、部门，至少填一样")})
    try:
        with transaction.atomic():
            rule = RoutingRule.objects.create(
                group=group, item_code=item_code, division=division, department=department
            )
    except IntegrityError:
        raise DataNeeded({"item_code": _("已经有一条这样的规则，先删掉那一条")}) from None
    _audit("routing.add", str(rule.pk), by, now, {"rule": str(rule), "group": group.name})
    return rule


def remove_rule(rule: RoutingRule, *, by: Actor, now: datetime) -> None:
    """Remove a rule; cases that it led stay where they are until the rules are applied."""
    _audit("routing.remove", str(rule.pk), by, now, {"rule": str(rule), "group": rule.group.name})
    rule.delete()


def _audit(action: str, what: str, by: Actor, now: datetime, detail: dict[str, Any]) -> None:
    audit.record(action, now=now, actor=by.person_id, actor_name=by.display_name, object=what, detail=detail)
