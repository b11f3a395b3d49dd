"""Where a result is on its way to its holder, and the receipts 送达回证 of how it came."""

import uuid

from django.db import models

from accounts.fields import EncryptedJSONField
from cases.hall.models.case import Case, Event


class Handing(models.Model):
    """The way of one case's result: where it is stands on the case (`whereabouts`), since when and until when here.

    `address` is frozen when the parcel is handed to the post. The code of a locker is kept as a keyed digest alone.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="handing")
    since = models.DateTimeField()
    until = models.DateField(null=True, blank=True)
    number = models.CharField(max_length=20, blank=True)
    window = models.CharField(max_length=60, blank=True)
    locker = models.CharField(max_length=60, blank=True)
    proxy = models.CharField(max_length=60, blank=True)
    address = EncryptedJSONField(default=dict)
    code_digest = models.CharField(max_length=64, blank=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    # of the days after which the holder is reminded, the last that was used at this place
    reminded = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.since}"


class DeliveryReceipt(models.Model):
    """送达回证: who took the result, how that was checked, who gave it. Appended, never changed.

    Names and ID numbers are kept masked: what a dispute needs is who handed out what to whom, not the number again.
    """

    HOLDER, AGENT, PROXY = "holder", "agent", "proxy"
    NUMBER, SEEN, CODE, SIGNED, CARRIER, ARRIVED = "number", "seen", "code", "signed", "carrier", "arrived"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="receipts")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="receipt")
    way = models.CharField(max_length=12)
    taken_by = models.CharField(max_length=6)
    receiver_masked = models.CharField(max_length=60, blank=True)
    id_masked = models.CharField(max_length=20, blank=True)
    checked = models.CharField(max_length=8)
    given_by = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.way} {self.taken_by}"
