"""How each hall is, at a glance: from the last run of check_halls, its migrations and its jobs. In SQL, however many halls."""

from typing import Any, cast

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tenants.shared import migrating
from tenants.shared.checks.findings import Severity
from tenants.shared.enums import JobState
from tenants.shared.models import Hall, HallCheck, HallFinding, HallJob
from tenants.shared.queries import kept


class Health(TextChoices):
    """How a hall is, the worst first."""

    BAD = "bad", _("要马上处理")
    LOOK = "look", _("要看一看")
    UNKNOWN = "unknown", _("还没查过")
    GOOD = "good", _("正常")


def last_check(using: str | None = None) -> HallCheck | None:
    """Return the last run over all halls that ended, or None."""
    return HallCheck.objects.using(using).exclude(ended_at=None).order_by("-started_at", "-pk").first()


def with_health(halls: QuerySet[Hall], checked: HallCheck | None) -> "QuerySet[Hall, Any]":
    """Add to each hall its `errors` and `warnings` of this run, whether it `is_behind` or `has_failed` jobs, and its `health`."""
    found: Any = halls.annotate(
        errors=_findings(checked, Severity.ERROR),
        warnings=_findings(checked, Severity.WARNING),
        is_behind=Case(When(migrated_to=kept("target", migrating.target), then=False), default=True),
        has_failed=Exists(HallJob.objects.filter(key=OuterRef("schema_name"), state=JobState.FAILED)),
    )
    looked_at = Q(pk__gt=0) if checked else Q(pk=None)
    return cast(
        "QuerySet[Hall, Any]",
        found.annotate(
            health=Case(
                When(Q(quarantined_at__isnull=False) | Q(errors__gt=0), then=Value(Health.BAD)),
                When(Q(is_behind=True) | Q(warnings__gt=0) | Q(has_failed=True), then=Value(Health.LOOK)),
                When(looked_at, then=Value(Health.GOOD)),
                default=Value(Health.UNKNOWN),
            )
        ),
    )


def _findings(checked: HallCheck | None, severity: str) -> Any:
    if checked is None:
        return Value(0)
    counted: Any = HallFinding.objects.filter(
        check_run=checked, key=OuterRef("schema_name"), severity=severity
    )
    counted = counted.order_by().values("key").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
