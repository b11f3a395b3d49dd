"""The items that are there get what sorts them and their version; offers get what lists show of them."""

from uuid import UUID

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
OFFERED = (
    "name", "sort_key", "summary", "type", "department", "audience", "themes", "life_events", "aliases", "kind", "statutory_days",
    "statutory_unit", "promised_days", "promised_unit", "visits", "fees", "online_depth",
)  # fmt: skip


def first_versions(apps, schema_editor):
    """Write the version that is in force of each item."""
    alias = schema_editor.connection.alias
    items = apps.get_model("catalog_shared", "SharedItem").objects.using(alias)
    versions = apps.get_model("catalog_shared", "SharedVersion")
    made = []
    for item in items.order_by("code"):
        item.sort_key = " ".join(part.strip().lower() for part in lazy_pinyin(item.name) if part.strip())[
            :400
        ]
        item.save(update_fields=["sort_key"])
        fields = {name: getattr(item, name) for name in FIELDS}
        made.append(
            versions(
                code=item.code, version=item.version, fields=fields, status=item.status, edited_by=UUID(int=0), published_at=item.updated_at
            )
        )  # fmt: skip
    versions.objects.using(alias).bulk_create(made, batch_size=500)


# an old local item lacks what came later
_SET = ", ".join(f"{name} = COALESCE(s.{name}, f.{name})" for name in OFFERED)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog_shared", "0002_editions_and_offers"),
    ]

    operations = [
        migrations.RunPython(first_versions, migrations.RunPython.noop),
        # what halls override of these is written by the next change of theirs, or by loading the city again
        migrations.RunSQL(
            [
                f"UPDATE catalog_shared_offer f SET {_SET}, version = s.version::text FROM catalog_shared_shareditem s"
                " WHERE s.code = f.code AND NOT f.is_local",
                f"UPDATE catalog_shared_offer f SET {_SET}, version = s.version::text"
                " FROM catalog_shared_offer o, jsonb_populate_record(NULL::catalog_shared_shareditem, o.local) s"
                " WHERE o.id = f.id AND f.is_local",
            ],
            migrations.RunSQL.noop,
        ),
    ]
