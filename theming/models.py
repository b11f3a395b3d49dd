"""The looks of the halls and of the city: tables of the public schema.

`hall_role` is the role of the hall whose row it is, empty for the city's: row-level security compares it with current_user.
"""

from typing import Any

from django.db import models

from tenants.shared.models import Hall


class HallTheme(models.Model):
    """One look that a hall (the city: no hall) has published; the highest number is in force, and none is ever changed.

    `parts` is what the hall set (theming.parts); for every other part the city's holds. `bases` are the city's values
    that each was set against, `locks` (the city's row alone) the parts that halls may not set. `equals` is the number
    that was brought back.
    """

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, null=True, blank=True, related_name="themes")
    hall_role = models.CharField(max_length=63, blank=True)
    number = models.PositiveIntegerField()
    parts = models.JSONField(default=dict)
    bases = models.JSONField(default=dict)
    locks = models.JSONField(default=list)
    reason = models.CharField(max_length=200, blank=True)
    person = models.UUIDField(null=True)
    person_name = models.CharField(max_length=60, blank=True)
    published_at = models.DateTimeField()
    equals = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "number"], name="halltheme_numbered", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hall_role or 'city'} {self.number}"


class ThemeDraft(models.Model):
    """What somebody prepares beside the look in force: one a hall, one the city. `revision` tells two editors apart."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    hall_role = models.CharField(max_length=63, blank=True)
    parts = models.JSONField(default=dict)
    bases = models.JSONField(default=dict)
    locks = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    person = models.UUIDField(null=True)
    person_name = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall"], name="themedraft_one_a_hall", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.hall_role or 'city'} draft {self.revision}"


class ThemeFile(models.Model):
    """A picture of a look, made anew by us and named by its content: `<hall role>/theme/<digest>` in the storage `cases`."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    hall_role = models.CharField(max_length=63, blank=True)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=4)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "digest"], name="themefile_once_a_hall", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hall_role or 'city'} {self.digest[:12]}.{self.kind}"

    @property
    def stored_as(self) -> str:
        """The name in the storage."""
        return f"{self.hall_role or 'city'}/theme/{self.digest}"

    @property
    def part(self) -> dict[str, Any]:
        """What a part of a look keeps of it."""
        return {"file": self.digest, "kind": self.kind, "width": self.width, "height": self.height}
