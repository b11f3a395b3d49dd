"""Bundles of items 一件事."""

from django.db import models

from catalog.shared.enums import Audience
from catalog.shared.models.item import empty_list


class Bundle(models.Model):
    """一件事: the items that one event in a life or of a business asks for, in their order (国发〔2024〕3号).

    `steps` are rows of an item's `code` and `when`, which says who needs it (empty: everybody). Questions of one name are
    one question and asked once, but for those of `own_questions`, which each item asks for itself.
    """

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    summary = models.CharField(max_length=300)
    audience = models.CharField(max_length=10, choices=Audience)
    position = models.PositiveSmallIntegerField()
    conditions = models.JSONField(default=empty_list)
    steps = models.JSONField(default=empty_list)
    own_questions = models.JSONField(default=empty_list)

    def __str__(self) -> str:
        return self.name

    @property
    def codes(self) -> list[str]:
        """The items' codes, in order."""
        return [str(step["code"]) for step in self.steps]
