"""What a case owes the hall, each try to pay it, and all that providers said of it."""

import uuid

from django.db import models
from django.db.models import Q

from cases.hall.models.case import Case, Event
from cases.hall.payment_enums import HELD, OPEN, PaymentState, Said, Taken, Way


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Reads of payments."""

    def open(self) -> "PaymentQuerySet":
        """Return what may be paid now: one of a case at the most."""
        return self.filter(state__in=OPEN)

    def lock(self, pk: uuid.UUID) -> "Payment":
        """Return this payment, locked until the transaction ends. The case's lock comes first. Raises Payment.DoesNotExist."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


class Payment(models.Model):
    """One try to pay a fee of a case; after one that failed a new row is due. Amounts are in fen (分).

    `fee` freezes the row of the item under which it is owed. `reference` is what a provider knows it by, `provider_no`
    what it is called there. `next_try_at` is when the worker asks the provider next: how it is, or for the refund.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="payments")
    notice = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=PaymentState, default=PaymentState.DUE)
    fee = models.JSONField(default=dict)
    amount = models.PositiveIntegerField()
    due_on = models.DateField()
    is_due_expected = models.BooleanField(default=False)
    reference = models.CharField(max_length=32, unique=True)
    provider = models.CharField(max_length=40, blank=True)
    provider_no = models.CharField(max_length=64, blank=True)
    # where to pay: an address to open, or what a code to be scanned says
    address = models.CharField(max_length=500, blank=True)
    scan = models.CharField(max_length=500, blank=True)
    way = models.CharField(max_length=6, choices=Way, blank=True)
    # the step whose paper is its receipt; at the window the number of the slip that was given there
    receipt = models.OneToOneField(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="payment"
    )
    receipt_no = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(condition=Q(state__in=PaymentState.values), name="payment_state_known"),
            models.CheckConstraint(
                condition=~Q(state=PaymentState.PAID) | (Q(paid_at__isnull=False) & ~Q(way="")),
                name="payment_paid_somehow",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(state__in=OPEN), name="payment_open_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=PaymentState.PAID), name="payment_paid_once"
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_no"],
                condition=~Q(provider_no=""),
                name="payment_provider_no_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="payment_to_ask",
                condition=Q(next_try_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"

    @property
    def is_held(self) -> bool:
        """Whether its money is with the hall."""
        return self.state in HELD


class CallBack(models.Model):
    """What a provider said, by itself or when it was asked. Appended, never changed; of one that said nothing new, too.

    `message` is what tells two sayings of a payment apart: the same one twice is one row. Without a payment: it is
    signed and names one that this hall does not know.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="call_backs"
    )
    provider = models.CharField(max_length=40)
    message = models.CharField(max_length=80)
    was_asked = models.BooleanField(default=False)
    reference = models.CharField(max_length=64)
    said = models.CharField(max_length=10, choices=Said)
    amount = models.PositiveBigIntegerField()
    provider_no = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    taken = models.CharField(max_length=10, choices=Taken)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "reference", "message"], name="call_back_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.said} {self.taken}"
