"""The index by which items are found, popular phrases, and the log of what was looked for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tenants.shared.models import Hall


class WordingKind(models.TextChoices):
    """By what an item is found, from the strongest to the weakest."""

    NAME = "name"
    ALIAS = "alias"
    POPULAR = "popular"
    RESULT = "result"
    ABOUT = "about"


class Wording(models.Model):
    """One way in which people call an item, as the search knows it: its text in the search's own spelling.

    Derived, never edited: written with the item, its aliases or the popular phrases that it stands for. `weight` is
    what a full match is worth.
    """

    code = models.CharField(max_length=14, db_index=True)
    kind = models.CharField(max_length=7, choices=WordingKind)
    text = models.CharField(max_length=200)
    weight = models.FloatField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Term(models.Model):
    """A piece of wordings (characters, syllables, first letters): in which it stands, and its share of each.

    Two lists of one length; a share is in ten-thousandths. One row a piece and not one an occurrence, so that a search
    reads a few rows whatever the catalogue's size and age.
    """

    wordings = ArrayField(models.BigIntegerField())
    shares = ArrayField(models.PositiveSmallIntegerField())

    class Meta:
        abstract = True


class SharedWording(Wording):
    """A wording of a shared item: the same in every hall, for names and aliases are locked."""


class SharedTerm(Term):
    """A piece of the wordings of shared items."""

    term = models.CharField(max_length=24, primary_key=True, db_collation="C")

    def __str__(self) -> str:
        return self.term


class HallWording(Wording):
    """A wording that a hall has of its own: of its local items, or an alias that its staff gave an item."""

    hall = models.ForeignKey(
        Hall, to_field="role", db_column="hall_role", on_delete=models.PROTECT, related_name="+"
    )


class HallTerm(Term):
    """A piece of a hall's own wordings."""

    hall = models.ForeignKey(
        Hall, to_field="role", db_column="hall_role", on_delete=models.PROTECT, related_name="+"
    )
    term = models.CharField(max_length=24, db_collation="C")

    class Meta(Term.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["term", "hall"], name="hallterm_once")]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.term}"


class PopularPhrase(models.Model):
    """What people say and which items it stands for: codes, names or words of names, the nearest first, set apart by ``;``.

    One that stands for nothing is left out of a question: 请问, 怎么办理.
    """

    phrase = models.CharField(max_length=40, unique=True)
    stands_for = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.phrase


class SearchLog(models.Model):
    """How often something was looked for on a day and how many items it found; `hall` is null for the portal.

    Nothing of the person: no time of day, long numbers masked, 30 characters at most. Kept for 90 days.
    """

    hall = models.ForeignKey(
        Hall, to_field="role", db_column="hall_role", on_delete=models.PROTECT, related_name="+", null=True
    )
    day = models.DateField()
    text = models.CharField(max_length=30)
    found = models.PositiveIntegerField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "day", "text"], name="searchlog_once_a_day", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.text} {self.found}"
