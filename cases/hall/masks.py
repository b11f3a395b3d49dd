"""What a copy for practice shows of cases instead of what people wrote (tenants.shared.archive.masking), column by column."""

from tenants.shared.archive.masking import (
    BLANK,
    CODE,
    FACTS,
    FILE_DIGEST,
    FILE_NAME,
    FILE_SIZE,
    FILE_TYPE,
    ID_NUMBER,
    INDEX,
    KEEP,
    LEFT_OUT,
    MASKED_NAME,
    NAME,
    PHONE,
    ROWS,
    TEXT,
    Rules,
    kept,
)

_FILE = {"name": FILE_NAME, "content_type": FILE_TYPE, "size": FILE_SIZE, "sha256": FILE_DIGEST, "path": KEEP}
_ONCE = {"idempotency_key": INDEX, "body_digest": INDEX}
# what goes out, came in, waits or was made for a moment: a copy has none of it
_NOTHING = {ROWS: LEFT_OUT}

MASKS: Rules = {
    "cases_hall.Case": {
        **kept("number", "item_code", "item_name", "item_version", "item", "department", "division", "bundle", "pending", "marks", "system"),
        **_ONCE,
        "query_code": CODE, "applicant": FACTS, "applicant_masked": MASKED_NAME, "company_uscc": CODE, "company_name": TEXT,
        "answers": FACTS, "to_check": FACTS, "delivery": FACTS, "proposed_refusal": TEXT, "pending_reason": TEXT, "pending_data": FACTS,
        "claimed_name": NAME,
    },
    "cases_hall.CaseFile": {**_FILE, "material_key": KEEP, "trust_note": TEXT},
    "cases_hall.Event": {**kept("action", "actor_post", "document_no"), "actor_name": NAME, "reason": TEXT, "data": FACTS},
    "cases_hall.CorrectionRequest": {"answers": FACTS},
    "cases_hall.CorrectionPoint": {**kept("kind", "key", "label"), "reason": TEXT, "where": TEXT, "before": FACTS, "after": FACTS},
    "cases_hall.OwedPaper": kept("material_key", "name"),
    "cases_hall.Opinion": {"department": KEEP, "question": TEXT, "opinion": TEXT},
    "cases_hall.Result": {**kept("kind", "document_no"), "verification_code": CODE, "facts": FACTS},
    "cases_hall.Paper": {
        **kept("kind", "title", "document_no", "path"),
        "verification_code": CODE, "facts": FACTS, "sha256": FILE_DIGEST, "size": FILE_SIZE,
    },
    "cases_hall.Mending": {**kept("field", "label", "consent"), "values": FACTS},
    "cases_hall.Handing": {
        **kept("number", "window", "locker"), "proxy": NAME, "address": FACTS, "code_digest": INDEX,
    },
    "cases_hall.DeliveryReceipt": {
        **kept("way", "taken_by", "checked"), "receiver_masked": MASKED_NAME, "id_masked": BLANK, "given_by": NAME,
    },
    "cases_hall.Inbound": _NOTHING,
    "cases_hall.DepartmentPaper": {"name": FILE_NAME, "path": KEEP, "size": FILE_SIZE, "sha256": FILE_DIGEST},
    "cases_hall.Claim": {"name": NAME, "post": KEEP, "given_by_name": NAME, "reason": TEXT},
    "cases_hall.Cover": {"name": NAME, "by_name": NAME, "made_by_name": NAME},
    "cases_hall.BatchJob": _NOTHING,
    "cases_hall.BatchLine": _NOTHING,
    "cases_hall.StaffNotice": _NOTHING,
    "cases_hall.ReasonText": kept("step", "verdict", "item_code", "name", "text"),
    "cases_hall.PaperDraft": {**kept("kind", "item_code", "texts", "choices", "note"), "edited_by_name": NAME},
    "cases_hall.PaperVersion": {
        **kept("kind", "item_code", "texts", "choices", "note"), "edited_by_name": NAME, "published_by_name": NAME,
    },
    "cases_hall.Payment": {
        **kept("fee", "provider"),
        "reference": CODE, "provider_no": BLANK, "address": BLANK, "scan": BLANK, "receipt_no": BLANK, "reason": TEXT,
    },
    "cases_hall.CallBack": _NOTHING,
    "cases_hall.Mandate": {
        **kept("relation", "item_code", "item_name", "powers"), "proxy_name": NAME, "ended_name": NAME,
    },
    "cases_hall.MandatePaper": _FILE,
    "cases_hall.Principal": {
        "name": NAME, "id_number": ID_NUMBER, "id_index": INDEX, "phone": PHONE, "phone_index": INDEX, "born_on": BLANK,
    },
    "cases_hall.ProxyTerm": {
        "name": NAME, "username": BLANK, "phone_index": INDEX, "town": KEEP, "appointed_name": NAME, "ended_name": NAME,
    },
    "cases_hall.Enquiry": {
        **kept("number", "item_code", "item_name", "window_name", "department"),
        **_ONCE,
        "contact": FACTS, "name_masked": MASKED_NAME, "who": NAME, "text": TEXT, "hotline_number": BLANK, "claimed_name": NAME,
        "draft": TEXT, "draft_name": NAME, "answer": TEXT, "answered_name": NAME,
    },
    "cases_hall.EnquiryParty": {"name": NAME},
    "cases_hall.EnquiryEvent": {**kept("action", "from_state"), "actor_name": NAME, "text": TEXT},
    "cases_hall.EnquiryFile": _FILE,
    "cases_hall.PublishedAnswer": {
        **kept("item_code", "item_name"), "question": TEXT, "answer": TEXT, "published_name": NAME,
    },
    "cases_hall.Outbox": _NOTHING,
    "cases_hall.Booking": {
        **kept("number"), **_ONCE,
        "visitor": FACTS, "name_masked": MASKED_NAME, "check_code": CODE, "check_index": INDEX, "reason": TEXT,
    },
    "cases_hall.BookingItem": kept("code", "name"),
    "cases_hall.BookingEvent": {**kept("action", "from_state"), "actor_name": NAME},
    "cases_hall.Appeal": {"text": TEXT, "answer": TEXT, "decided_name": NAME},
    "cases_hall.Ticket": {"number": KEEP, "name_masked": MASKED_NAME},
    "cases_hall.Export": _NOTHING,
    "cases_hall.ExportTaking": _NOTHING,
    "cases_hall.Upload": _NOTHING,
    "cases_hall.SavedFilter": _NOTHING,
    "cases_hall.DeskColumns": _NOTHING,
    # the secrets of other systems, and what was written to them
    "cases_hall.System": _NOTHING,
    "cases_hall.Letter": _NOTHING,
}  # fmt: skip
