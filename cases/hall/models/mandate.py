"""Who acts for whom: a town's proxies 代办员, the people they act for, the mandates 委托 between them."""

import uuid
from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from accounts.fields import EncryptedTextField
from accounts.masking import mask_id, mask_name, mask_phone
from cases.hall.enums import MandateKind, MandateStanding, Proof

LONGEST = timedelta(days=366)


class ProxyTerm(models.Model):
    """A proxy 代办员 whom a town appointed for a term. Known by UUID: a hall can read no account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.UUIDField()
    name = models.CharField(max_length=60)
    username = models.CharField(max_length=60)
    # so that a mandate proved by the proxy's own phone is seen; the number itself is not kept here
    phone_index = models.CharField(max_length=64, blank=True)
    town = models.CharField(max_length=9)
    since = models.DateField()
    until = models.DateField()
    appointed_name = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_name = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], name="proxy_term_once", condition=Q(ended_at=None)),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="proxy_term_ends_after"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.until}"


class Principal(models.Model):
    """Somebody for whom another acts: with an account, or without one (an old neighbour, a child).

    `person` is the key by which cases, pointers and messages know them: the account's, or one of their own until they
    claim what was done for them. `id_index` finds them by ID number inside this hall and in no other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.UUIDField(unique=True)
    has_account = models.BooleanField(default=False)
    name = EncryptedTextField()
    id_number = EncryptedTextField(blank=True)
    id_index = models.CharField(max_length=64, unique=True, null=True, blank=True)
    phone = EncryptedTextField(blank=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    # a child's, from the certificate; of others the ID number says it
    born_on = EncryptedTextField(blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)

    @property
    def masked(self) -> str:
        """Name and ID number as screens of others show them."""
        return f"{mask_name(self.name)} {mask_id(self.id_number)}".strip()

    @property
    def masked_id_number(self) -> str:
        """The ID number as the proxy's own screens show it."""
        return mask_id(self.id_number)

    @property
    def masked_phone(self) -> str:
        """The phone as the proxy's own screens show it."""
        return mask_phone(self.phone)


class Mandate(models.Model):
    """委托: whom, for whom, for which item or case or for all, what, until when, and how it was proved.

    In force from its proof until its last day or until anybody entitled ends it, whichever comes first. One that is
    not proved yet allows nothing. Never deleted: cases were filed under it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=MandateKind, default=MandateKind.PROXY)
    principal = models.ForeignKey(Principal, on_delete=models.PROTECT, related_name="mandates")
    proxy = models.UUIDField(db_index=True)
    proxy_name = models.CharField(max_length=60)
    relation = models.CharField(max_length=20, blank=True)
    item_code = models.CharField(max_length=14, blank=True)
    item_name = models.CharField(max_length=200, blank=True)
    case = models.ForeignKey(
        "cases_hall.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="mandates"
    )
    powers = models.JSONField(default=list)
    since = models.DateField()
    until = models.DateField()
    proof = models.CharField(max_length=8, choices=Proof, blank=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_name = models.CharField(max_length=60, blank=True)
    # whether each act of the proxy rings the principal's phone; the inbox has them all
    tells_acts = models.BooleanField(default=True)
    # a guardian's, past the eighteenth birthday: the child and the guardian were told
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="mandate_ends_after"),
            models.CheckConstraint(
                condition=~Q(kind="proxy") | Q(until__lte=F("since") + LONGEST), name="mandate_a_year"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | ~Q(proof=""), name="mandate_proved_when_confirmed"
            ),
            models.CheckConstraint(condition=Q(case=None) | ~Q(item_code=""), name="mandate_case_has_item"),
        ]
        indexes = [
            models.Index(fields=["proxy", "until"], name="mandate_in_force", condition=Q(ended_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.proxy_name} {self.until}"

    def standing(self, today: date) -> MandateStanding:
        """Return how it stands on this day."""
        if self.ended_at is not None:
            return MandateStanding.ENDED
        if today > self.until:
            return MandateStanding.EXPIRED
        return MandateStanding.WAITING if self.confirmed_at is None else MandateStanding.IN_FORCE

    def covers(self, code: str) -> bool:
        """Whether an item is within it: all are, or this one, or it is for one case whatever its item."""
        return self.case_id is not None or self.item_code in ("", code)


class MandatePaper(models.Model):
    """The photo that proves a mandate: of the signed paper, or of a child's certificate."""

    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, primary_key=True, related_name="paper")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
