"""What a copy for practice shows of a hall's catalogue instead of what people wrote (tenants.shared.archive.masking)."""

from tenants.shared.archive.masking import LEFT_OUT, NAME, ROWS, TEXT, Rules, kept

_EDITED = {"edited_by_name": NAME, "approved_by_name": NAME}

MASKS: Rules = {
    "catalog_hall.Feedback": {
        **kept("code", "item_name", "version"), "text": TEXT, "answer": TEXT, "answered_by_name": NAME,
    },
    "catalog_hall.Override": {**kept("code", "field", "value", "base", "reason"), "person_name": NAME},
    "catalog_hall.LocalDraft": {**kept("code", "fields", "successor", "note"), **_EDITED},
    "catalog_hall.LocalVersion": {**kept("code", "fields", "successor", "note", "changed"), **_EDITED},
    "catalog_hall.SheetJob": {ROWS: LEFT_OUT},
    "catalog_hall.SheetLine": {ROWS: LEFT_OUT},
    "catalog_hall.ItemAlias": {**kept("code", "alias"), "person_name": NAME},
}  # fmt: skip
