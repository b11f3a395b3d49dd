"""Who works on which case: groups and the rules that lead to them, claims, and cover during leave."""

import uuid

from django.db import models


class Group(models.Model):
    """Some posts of the hall that share the cases of some items or places. A retired one keeps its cases' history."""

    name = models.CharField(max_length=40)
    posts = models.ManyToManyField("tenants_hall.Post", related_name="+", blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], name="group_name_once", condition=models.Q(is_active=True)
            )
        ]

    def __str__(self) -> str:
        return self.name


class RoutingRule(models.Model):
    """Cases of this item, division and department go to this group; what is empty holds for all.

    Of several rules that fit the one that says more wins: an item outweighs a division, that a department.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="rules")
    item_code = models.CharField(max_length=14, blank=True)
    division = models.CharField(max_length=9, blank=True)
    department = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_code", "division", "department"], name="routing_rule_once"),
            models.CheckConstraint(
                condition=~models.Q(item_code="", division="", department=""), name="routing_rule_says_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_code} {self.division} {self.department}"


class Claim(models.Model):
    """领取: that somebody works on a case, from when to when, and who handed it on to them, why.

    One at the most is open on a case; the case's `claimed_by` says the same, so that a list needs no query for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="claims")
    person = models.UUIDField()
    name = models.CharField(max_length=60)
    post = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.UUIDField(null=True, blank=True)
    given_by_name = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="claim_open_once", condition=models.Q(until=None))
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"


class Cover(models.Model):
    """请假代办: while somebody is away, from the first to the last day, a colleague sees and does their cases."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.UUIDField()
    name = models.CharField(max_length=60)
    by = models.UUIDField()
    by_name = models.CharField(max_length=60)
    first_day = models.DateField()
    last_day = models.DateField()
    made_by = models.UUIDField()
    made_by_name = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="cover_days_in_order"
            ),
            models.CheckConstraint(condition=~models.Q(by=models.F("person")), name="cover_by_another"),
        ]
        indexes = [
            models.Index(fields=["by", "last_day"], name="cover_in_force", condition=models.Q(ended_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.first_day} {self.by_name}"
