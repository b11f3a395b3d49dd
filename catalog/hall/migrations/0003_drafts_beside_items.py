"""A local item's row was draft and live item in one: drafts move beside the items, published ones get their version."""

from django.db import migrations
from pypinyin import lazy_pinyin

FIELDS = (
    "code", "name", "summary", "type", "department", "body_nature", "entrusted_by", "power_source", "joint_bodies", "intermediary",
    "levels", "audience", "service_objects", "themes", "life_events", "aliases", "kind", "statutory_days", "statutory_unit",
    "statutory_note", "promised_days", "promised_unit", "limit_note", "visits", "visits_reason", "conditions", "steps", "legal_basis",
    "special_procedures", "fees", "result_kind", "result_name", "result_validity", "result_sample", "result_electronic",
    "quantity_limit", "annual_inspection", "service_scope", "channels", "in_hall", "online_depth", "online_steps", "can_apply",
    "can_book", "proxy_allowed", "delivery", "tolerance_allowed", "pledge_allowed", "materials", "form", "windows", "address",
    "phone", "complaint_phone", "hours", "notes", "guide_text", "faq", "hidden", "demonstration",
)  # fmt: skip


def move(apps, schema_editor):
    """Copy; the rows that are no live items go."""
    items = apps.get_model("catalog_hall", "LocalItem").objects.using(schema_editor.connection.alias)
    drafts = apps.get_model("catalog_hall", "LocalDraft").objects.using(schema_editor.connection.alias)
    versions = apps.get_model("catalog_hall", "LocalVersion").objects.using(schema_editor.connection.alias)
    for item in items.order_by("code"):
        item.sort_key = " ".join(part.strip().lower() for part in lazy_pinyin(item.name) if part.strip())[
            :400
        ]
        item.save(update_fields=["sort_key"])
        edition = {
            "code": item.code,
            "fields": {name: getattr(item, name) for name in FIELDS},
            "edited_by": item.drafted_by,
        }
        if item.status == "draft":
            drafts.create(**edition, base_version=0, updated_at=item.updated_at)
        elif item.published_by:
            versions.create(
                **edition, version=item.version, approved_by=item.published_by, published_at=item.updated_at
            )
    items.filter(status="draft").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("catalog_hall", "0002_editions_and_offers"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
