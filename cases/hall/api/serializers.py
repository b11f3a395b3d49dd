"""What the API of cases takes and gives."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cases.hall.enums import State, Whereabouts
from cases.hall.transitions import OF_DEPARTMENTS


class CaseRequest(serializers.Serializer[Any]):
    """An application in one go; `GET items/<code>/form/` says what it wants."""

    item = serializers.RegexField(r"^\d{14}$", error_messages={"invalid": _("事项编码是 14 位数字")})
    answers = serializers.DictField(required=False, default=dict, help_text="{field name: value}")
    files = serializers.DictField(
        child=serializers.ListField(child=serializers.UUIDField(), max_length=10),
        required=False,
        default=dict,
        help_text="{material key: [file id, …]}, ids from POST files/",
    )
    delivery = serializers.JSONField(
        required=False, default=None, help_text="a method of the form, or {method, address, recipient, phone}"
    )
    company = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=18,
        help_text="credit code of a company you act for",
    )
    mandate = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="of whoever you apply for (POST mandates/); they are the applicant and are told",
    )

    version = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=40,
        help_text="the version that GET items/<code>/form/ said; when the item has another now, 409 tells what changed",
    )


class ReceiptAnswer(serializers.Serializer[Any]):
    """收件凭证: the same answer however often the same application comes."""

    number = serializers.CharField()
    query_code = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    due = serializers.DateField(help_text="the last day on which the hall answers whether it accepts")


class FileRequest(serializers.Serializer[Any]):
    """One file: JPEG, PNG, HEIC or PDF by its content, 20 MiB at most. What is kept of a photograph is a JPEG or PNG."""

    file = serializers.FileField(
        error_messages={"required": _("请选一个文件"), "empty": _("这份是空的，请重新选")}
    )
    material = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)


class OwnFileRequest(FileRequest):
    """A file, or in its place `kept`: the key of one of the asker's own kept papers (the portal's me/materials/)."""

    file = serializers.FileField(required=False, error_messages={"empty": _("这份是空的，请重新选")})
    kept = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one of the two."""
        if ("file" in attrs) == ("kept" in attrs):
            raise serializers.ValidationError({"file": _("请选一个文件")})
        return attrs


class FileAnswer(serializers.Serializer[Any]):
    """A file that was taken."""

    id = serializers.UUIDField()
    material = serializers.CharField(source="material_key")
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    uploaded_at = serializers.DateTimeField()


class ActionRequest(serializers.Serializer[Any]):
    """What a step may be told; which of it a step needs, an error says."""

    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)
    competent = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="not_accept: the body that is competent"
    )
    method = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=20,
        help_text="hand_over: window, ems, proxy, electronic, locker",
    )
    number = serializers.CharField(
        required=False, allow_blank=True, max_length=60, help_text="hand_over by ems: the parcel's number"
    )
    window = serializers.CharField(
        required=False, allow_blank=True, max_length=60, help_text="hand_over at a window: which"
    )
    proxy = serializers.CharField(
        required=False, allow_blank=True, max_length=60, help_text="hand_over by proxy: who"
    )
    locker = serializers.CharField(
        required=False, allow_blank=True, max_length=60, help_text="hand_over, to_locker: which locker"
    )
    receiver = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=60,
        help_text="hand_out, deliver: the agent who took it; none: the holder",
    )
    id_number = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=20,
        help_text="hand_out (needed), deliver: checked, and kept masked",
    )
    code = serializers.CharField(
        required=False, allow_blank=True, max_length=20, help_text="open_locker: the one-time code"
    )
    address = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="post_again: another address"
    )
    points = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        max_length=100,
        help_text="request_correction, order_correction: [{kind: material | field, key, verdict, reason, where}]",
    )
    days = serializers.IntegerField(
        required=False, allow_null=True, help_text="special, extend, ask_opinion: how many"
    )
    procedure = serializers.CharField(
        required=False, allow_blank=True, max_length=40, help_text="special: one that the item lists"
    )
    department = serializers.CharField(
        required=False, allow_blank=True, max_length=60, help_text="ask_opinion, record_opinion: whose"
    )
    question = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text="ask_opinion"
    )
    opinion = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text="record_opinion: what it answered"
    )
    to_hall = serializers.CharField(
        required=False, allow_blank=True, max_length=63, help_text="offer_transfer: the key of the hall"
    )
    remedy = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="terminate: what the applicant can do"
    )
    field = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=40,
        help_text="correct: holder, validity, result_name; mend: name of an answer",
    )
    value = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text="correct, mend: what is right"
    )
    consent = serializers.CharField(
        required=False, allow_blank=True, max_length=10, help_text="mend: here, phone, written"
    )
    ground = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text="revoke: the article; terminate: death, when the applicant has died",
    )
    revision = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        help_text="the revision that you saw: 409 when the case has moved on",
    )


class EventAnswer(serializers.Serializer[Any]):
    """One step that was taken. `actor` and `post` are told to staff only."""

    sequence = serializers.IntegerField()
    action = serializers.CharField()
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    document_no = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment]
    by_proxy = serializers.CharField(
        required=False, help_text="who did it for the applicant, under a mandate"
    )
    actor = serializers.CharField(required=False)
    post = serializers.CharField(required=False)


class LineAnswer(serializers.Serializer[Any]):
    """One line of why a last day is what it is."""

    date = serializers.DateField()
    text = serializers.CharField()
    ground = serializers.CharField()


class ClockAnswer(serializers.Serializer[Any]):
    """A clock that ever started: A acceptance, P promised, S statutory, D delivery."""

    clock = serializers.CharField()
    due = serializers.DateField(allow_null=True)
    expected = serializers.BooleanField()
    total = serializers.IntegerField()
    unit = serializers.CharField()
    stopped_on = serializers.DateField(allow_null=True)
    missed = serializers.BooleanField()
    lines = LineAnswer(many=True)


class ClocksAnswer(serializers.Serializer[Any]):
    """怎么算的: every clock of a case, line by line, with the ground of each line."""

    number = serializers.CharField()
    due = serializers.DateField(allow_null=True)
    due_expected = serializers.BooleanField()
    clock = ClockAnswer(many=True)


class PointAnswer(serializers.Serializer[Any]):
    """One thing that a notice asks to be mended. `is_ready`: the copy answers it."""

    kind = serializers.CharField()
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    verdict = serializers.CharField()
    reason = serializers.CharField()
    where = serializers.CharField()
    is_ready = serializers.BooleanField()


class CorrectionRequestBody(serializers.Serializer[Any]):
    """Answers for the copy; nothing is handed in by it."""

    answers = serializers.DictField(help_text="{field name: value}")


class CorrectionAnswer(serializers.Serializer[Any]):
    """The notice that waits for an answer; `actions/resubmit/` hands the copy in, once."""

    number = serializers.CharField()
    due = serializers.DateField(allow_null=True)
    points = PointAnswer(many=True)
    answers = serializers.DictField(help_text="typed and not handed in")
    files = FileAnswer(many=True, help_text="uploaded and not handed in")


class TagAnswer(serializers.Serializer[Any]):
    """The running clock as a tag."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    date = serializers.DateField(allow_null=True)


class ListedCase(serializers.Serializer[Any]):
    """A case as a queue lists it."""

    number = serializers.CharField()
    item = serializers.CharField(source="item_code")
    item_name = serializers.CharField()
    applicant = serializers.CharField(source="applicant_masked")
    company = serializers.CharField(source="company_name")
    state = serializers.ChoiceField(choices=State.choices)
    turn = serializers.CharField()
    received_at = serializers.DateTimeField()
    due = serializers.DateField(source="due_on", allow_null=True)
    due_expected = serializers.BooleanField(source="is_due_expected")
    tag = TagAnswer(allow_null=True)
    department = serializers.CharField()
    division = serializers.CharField(allow_blank=True)
    holder = serializers.CharField(source="claimed_name", allow_blank=True)


class CasePage(serializers.Serializer[Any]):
    """A page of a queue."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ListedCase(many=True)


class CaseAnswer(serializers.Serializer[Any]):
    """A case whole, as far as the caller may see it. ID numbers and phones are masked for staff."""

    number = serializers.CharField()
    filed_with = serializers.CharField(
        allow_blank=True, help_text="of what was filed with others of a bundle: GET parent-cases/<number>/"
    )
    revision = serializers.IntegerField()
    item = serializers.CharField()
    item_name = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    headline = serializers.CharField()
    next = serializers.CharField()
    turn = serializers.CharField()
    whereabouts = serializers.ChoiceField(
        choices=[("", ""), *Whereabouts.choices], help_text="of a result that is being delivered"
    )
    kept_until = serializers.CharField(help_text="until when it is kept there, in words")
    system = serializers.CharField(help_text="the department's system that decides; empty: the desk does")
    received_at = serializers.DateTimeField()
    due = serializers.DateField(allow_null=True)
    due_expected = serializers.BooleanField()
    tag = TagAnswer(allow_null=True)
    clock = ClockAnswer(many=True)
    events = EventAnswer(many=True)
    actions = serializers.ListField(
        child=serializers.CharField(), help_text="steps that the caller may take now"
    )
    files = FileAnswer(many=True)
    applicant = serializers.CharField()
    company = serializers.CharField()
    answers = serializers.DictField()
    delivery = serializers.DictField()
    query_code = serializers.CharField(required=False, help_text="told to the applicant only")


class WholeAnswer(serializers.Serializer[Any]):
    """Personal data unmasked."""

    applicant = serializers.DictField()
    answers = serializers.DictField()
    delivery = serializers.DictField()


class PaperRequest(serializers.Serializer[Any]):
    """The department's own paper: a PDF of 1 MiB at most."""

    name = serializers.CharField(max_length=120)
    content = serializers.CharField(help_text="the PDF in base64")


class TellingRequest(serializers.Serializer[Any]):
    """A step that a department's system has taken. `sequence` counts its steps of this case: 1, 2, 3."""

    case = serializers.RegexField(r"^\d{18}$", help_text="the case's number")
    step = serializers.CharField(
        max_length=20, help_text=f"one of {', '.join(sorted(OF_DEPARTMENTS))}: what has happened"
    )
    sequence = serializers.IntegerField(min_value=1, max_value=100_000)
    occurred_on = serializers.DateField(help_text="the legal day: clocks are counted from it")
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)
    document_no = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=60,
        help_text="the number of the department's paper",
    )
    document = PaperRequest(required=False, allow_null=True, default=None)
    data = serializers.DictField(  # type: ignore[assignment]
        required=False, default=dict, help_text="what the step asks, as in actions/<name>/"
    )


class TellingAnswer(serializers.Serializer[Any]):
    """What became of it: the same for the same id. `next_sequence` is the one that is waited for."""

    status = serializers.ChoiceField(choices=["applied", "waiting", "recorded"])
    case = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    sequence = serializers.IntegerField()
    next_sequence = serializers.IntegerField()
    detail = serializers.CharField(allow_blank=True)
