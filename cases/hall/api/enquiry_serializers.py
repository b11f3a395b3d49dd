"""What the API of questions and complaints takes and gives."""

from typing import Any

from rest_framework import serializers

from cases.hall import enquiry_rules as rules
from cases.hall import enquiry_text
from cases.hall.enquiry_enums import About, EnquiryState, Kind


class SaidField(serializers.CharField):
    """What somebody writes: cleaned before it is measured."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Clean a text first; anything else is refused as it is."""
        return super().run_validation(enquiry_text.clean(data) if isinstance(data, str) else data)


class EnquiryRequest(serializers.Serializer[Any]):
    """A question or a complaint. `about` is a complaint's; `case` a number of one's own."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    text = SaidField(max_length=rules.MOST_TEXT)
    item = serializers.CharField(required=False, default="", allow_blank=True, max_length=14)
    case = serializers.CharField(required=False, default="", allow_blank=True, max_length=18)
    about = serializers.ChoiceField(choices=["", *About.values], required=False, default="")
    who = SaidField(required=False, default="", allow_blank=True, max_length=rules.MOST_WHO)
    window = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    may_publish = serializers.BooleanField(required=False, default=False)
    hotline_number = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=40, help_text="the work order of 12345"
    )


class TextRequest(serializers.Serializer[Any]):
    """Some words."""

    text = SaidField(max_length=rules.MOST_ANSWER)


class RateRequest(serializers.Serializer[Any]):
    """Whether the answer helped."""

    is_solved = serializers.BooleanField()


class UploadRequest(serializers.Serializer[Any]):
    """A picture or a PDF."""

    file = serializers.FileField()


class _Listed(serializers.Serializer[Any]):
    code = serializers.CharField(source="number", help_text="Z or T and 18 digits")
    kind = serializers.ChoiceField(choices=Kind.choices)
    about = serializers.ChoiceField(choices=["", *About.values])
    state = serializers.ChoiceField(choices=EnquiryState.choices)
    item = serializers.CharField(source="item_code")
    item_name = serializers.CharField()
    due_on = serializers.DateField(help_text="the last day to answer")
    is_due_expected = serializers.BooleanField(help_text="counted beyond the published calendar")
    take_up_by = serializers.DateField(allow_null=True)
    asked_at = serializers.DateTimeField(source="created_at")


class EnquiryAnswer(_Listed):
    """An enquiry of one's own."""

    case = serializers.CharField(source="case.number", default="")
    text = serializers.CharField()
    who = serializers.CharField()
    window = serializers.CharField(source="window_name")
    may_publish = serializers.BooleanField()
    hotline_number = serializers.CharField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    is_solved = serializers.BooleanField(allow_null=True)
    files = serializers.SerializerMethodField()

    def get_files(self, enquiry: Any) -> list[str]:
        """The names of the files, in the order that they came."""
        return [file.name for file in enquiry.files.order_by("uploaded_at", "id")]


class StaffEnquiry(EnquiryAnswer):
    """An enquiry as the staff sees it: of whoever asked no more than the first character of the name."""

    name = serializers.CharField(source="name_masked")
    department = serializers.CharField()
    held_by = serializers.CharField(source="claimed_name")
    draft = serializers.CharField()


class ListedEnquiry(_Listed):
    """A row of a queue."""

    name = serializers.CharField(source="name_masked")
    department = serializers.CharField()
    held_by = serializers.CharField(source="claimed_name")


class ActRequest(serializers.Serializer[Any]):
    """What an act wants: `text` for answer, draft, note, extend, withdraw; `to`; `department`; `question` and `answer`."""

    text = SaidField(required=False, default="", allow_blank=True, max_length=rules.MOST_ANSWER)
    to = serializers.UUIDField(required=False, allow_null=True, default=None)
    department = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    question = SaidField(required=False, default="", allow_blank=True)
    answer = SaidField(required=False, default="", allow_blank=True, max_length=rules.MOST_ANSWER)


class PublishedSerializer(serializers.Serializer[Any]):
    """A question and its answer that everybody may read."""

    id = serializers.UUIDField()
    item = serializers.CharField(source="item_code")
    item_name = serializers.CharField()
    question = serializers.CharField()
    answer = serializers.CharField()
    published_at = serializers.DateTimeField()


def page_of(row: type[serializers.Serializer[Any]], name: str) -> type[serializers.Serializer[Any]]:
    """Return the serializer of a page of such rows, under this name."""
    fields = {
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": row(many=True),
        "__doc__": "A page.",
    }
    return type(name, (serializers.Serializer,), fields)


EnquiryPage = page_of(EnquiryAnswer, "EnquiryPage")
ListedPage = page_of(ListedEnquiry, "ListedEnquiryPage")
PublishedPage = page_of(PublishedSerializer, "PublishedPage")
