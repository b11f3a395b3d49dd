"""A look becomes the parts that a hall set, with who, when and why; drafts and pictures stand beside it."""

import django.db.models.deletion
from django.db import migrations, models

COLOURS = ("brand", "dark", "soft", "ink", "accent")


def gather(apps, schema_editor):
    """Make numbered parts of the looks there are; what equals the city's is inherited from now on."""
    alias = schema_editor.connection.alias
    rows = list(apps.get_model("theming", "HallTheme").objects.using(alias).order_by("published_at", "id"))

    def parts(row):
        return {**{name: getattr(row, name) for name in COLOURS}, "motif": row.motif}

    city = next((parts(row) for row in reversed(rows) if row.hall_id is None), {})
    numbers = {}
    for row in rows:
        numbers[row.hall_id] = row.number = numbers.get(row.hall_id, 0) + 1
        own = parts(row)
        if row.hall_id is not None:
            own = {key: value for key, value in own.items() if city.get(key) != value}
            row.hall_role = row.hall.role
            row.bases = {key: city[key] for key in own if key in city}
        row.parts = own
        row.save(using=alias, update_fields=["number", "hall_role", "parts", "bases"])


def text(name, size):
    """Return a short column that may be empty."""
    return (name, models.CharField(blank=True, max_length=size))


def hall():
    """Return the column of whose row it is; none is the city's."""
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="tenants_shared.hall",
    )


def key():
    """Return the primary key."""
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("tenants_shared", "0002_migrations"),
        ("theming", "0001_hall_theme"),
    ]

    operations = [
        migrations.AddField(
            "halltheme", "hall_role", models.CharField(blank=True, default="", max_length=63), False
        ),
        migrations.AddField("halltheme", "number", models.PositiveIntegerField(default=0), False),
        migrations.AddField("halltheme", "parts", models.JSONField(default=dict)),
        migrations.AddField("halltheme", "bases", models.JSONField(default=dict)),
        migrations.AddField("halltheme", "locks", models.JSONField(default=list)),
        migrations.AddField(
            "halltheme", "reason", models.CharField(blank=True, default="", max_length=200), False
        ),
        migrations.AddField("halltheme", "person", models.UUIDField(null=True)),
        migrations.AddField(
            "halltheme", "person_name", models.CharField(blank=True, default="", max_length=60), False
        ),
        migrations.AddField("halltheme", "equals", models.PositiveIntegerField(null=True)),
        migrations.RemoveConstraint("halltheme", "halltheme_once_a_hall"),
        migrations.RemoveConstraint("halltheme", "halltheme_colours"),
        migrations.RunPython(gather, migrations.RunPython.noop, elidable=True),
        *(migrations.RemoveField("halltheme", name) for name in (*COLOURS, "motif", "hash")),
        migrations.AddConstraint(
            "halltheme",
            models.UniqueConstraint(
                fields=("hall", "number"), name="halltheme_numbered", nulls_distinct=False
            ),
        ),
        migrations.CreateModel(
            name="ThemeDraft",
            fields=[
                ("id", key()),
                text("hall_role", 63),
                ("parts", models.JSONField(default=dict)),
                ("bases", models.JSONField(default=dict)),
                ("locks", models.JSONField(default=list)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("person", models.UUIDField(null=True)),
                text("person_name", 60),
                ("changed_at", models.DateTimeField()),
                ("hall", hall()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hall",), name="themedraft_one_a_hall", nulls_distinct=False
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="ThemeFile",
            fields=[
                ("id", key()),
                text("hall_role", 63),
                ("digest", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=4)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
                ("hall", hall()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hall", "digest"), name="themefile_once_a_hall", nulls_distinct=False
                    )
                ]
            },
        ),
    ]
