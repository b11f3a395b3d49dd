"""How halls' schemas were brought to newer tables: scripts and ledger, the owner's to write."""

from django.db import models

from tenants.shared.models.halls import Hall


class MigrationScript(models.Model):
    """What leads a hall's schema from one record of migrations to the next, as the statements that the template was sent."""

    before = models.CharField(max_length=16, primary_key=True)
    after = models.CharField(max_length=16)
    statements = models.TextField()
    steps = models.JSONField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class HallMigration(models.Model):
    """The ledger of migrations: a hall, from where to where, by which steps, how it ended, how many seconds it took."""

    DONE, FAILED = "done", "failed"

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="migrations")
    before = models.CharField(max_length=16, blank=True)
    after = models.CharField(max_length=16)
    steps = models.JSONField()
    outcome = models.CharField(max_length=6)
    error = models.TextField(blank=True)
    seconds = models.FloatField()
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.hall.key}: {self.outcome}"
