"""What the API of payments takes and gives."""

from typing import Any

from rest_framework import serializers

from cases.hall.payment_enums import PaymentState, Said, Taken, Way


class PaymentAnswer(serializers.Serializer[Any]):
    """A fee of a case, as its latest payment has it. Amounts are in fen (分), whole numbers."""

    state = serializers.ChoiceField(choices=PaymentState.choices)
    amount = serializers.IntegerField(help_text="fen")
    fee = serializers.CharField(source="fee.fee")
    standard = serializers.CharField(source="fee.standard")
    basis = serializers.CharField(source="fee.basis")
    until = serializers.DateField(source="due_on")
    until_expected = serializers.BooleanField(source="is_due_expected")
    reference = serializers.CharField()
    address = serializers.CharField(help_text="where to pay, once it is started")
    scan = serializers.CharField(help_text="what a code to be scanned says, once it is started")
    way = serializers.ChoiceField(choices=[*Way.choices, ("", "")])
    paid_at = serializers.DateTimeField(allow_null=True)
    receipt_no = serializers.SerializerMethodField()

    def get_receipt_no(self, payment: Any) -> str:
        """Number of the receipt 缴款收据; empty while it is not paid."""
        return payment.receipt.document_no if payment.receipt else ""


class CallBackRequest(serializers.Serializer[Any]):
    """What the gateway tells. The headers sign it."""

    reference = serializers.CharField(max_length=64)
    state = serializers.ChoiceField(choices=Said.choices)
    amount = serializers.IntegerField(help_text="fen")
    number = serializers.CharField(max_length=64, help_text="the gateway's own number of the payment")


class CallBackAnswer(serializers.Serializer[Any]):
    """What was done about it. Whatever it says, the gateway need not tell it again."""

    taken = serializers.ChoiceField(choices=Taken.choices)
