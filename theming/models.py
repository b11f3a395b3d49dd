"""The published looks of the halls and of the portal: a table of the public schema."""

from django.db import models
from django.db.models import Q

from tenants.shared.models import Hall
from theming.tokens import Tokens, motif_paths

_COLOUR = r"^#[0-9A-F]{6}$"


class HallTheme(models.Model):
    """One look that a hall (the portal: no hall) has published. The latest `published_at` is in force.

    Older looks stay, so that a page kept by somebody's browser still finds its stylesheet.
    """

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, null=True, blank=True, related_name="themes")
    brand = models.CharField(max_length=7)
    dark = models.CharField(max_length=7)
    soft = models.CharField(max_length=7)
    ink = models.CharField(max_length=7)
    accent = models.CharField(max_length=7)
    motif = models.TextField(blank=True)
    hash = models.CharField(max_length=12)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "hash"], name="halltheme_once_a_hall", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(brand__regex=_COLOUR)
                & Q(dark__regex=_COLOUR)
                & Q(soft__regex=_COLOUR)
                & Q(ink__regex=_COLOUR)
                & Q(accent__regex=_COLOUR),
                name="halltheme_colours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id or 'portal'} {self.hash}"

    @property
    def tokens(self) -> Tokens:
        """The five colours."""
        return Tokens(brand=self.brand, dark=self.dark, soft=self.soft, ink=self.ink, accent=self.accent)

    @property
    def paths(self) -> list[str]:
        """The drawing's SVG paths."""
        return motif_paths(self.motif)
