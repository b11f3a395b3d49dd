"""What check_halls found, run by run."""

from django.db import models

from tenants.shared.checks.findings import Severity


class HallCheck(models.Model):
    """One run over all halls: when, over how many, who asked (empty: the night's), and how many findings of each severity.

    `ended_at` is null while it runs; a run that died is never ended.
    """

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    halls = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    by_name = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.started_at} {self.errors} {self.warnings}"

    @property
    def total(self) -> int:
        """How many findings of all severities."""
        return self.errors + self.warnings


class HallFinding(models.Model):
    """One thing that a run found: in which hall (its key; empty: the city's), what kind, how bad, in words, what to do."""

    check_run = models.ForeignKey(HallCheck, on_delete=models.CASCADE, related_name="findings")
    key = models.CharField(max_length=63, blank=True)
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=7, choices=Severity)
    words = models.TextField()
    remedy = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["check_run", "key"], name="hall_finding_by_hall")]

    def __str__(self) -> str:
        return f"{self.key} {self.code}"
