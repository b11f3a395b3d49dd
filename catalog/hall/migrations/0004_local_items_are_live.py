from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("catalog_hall", "0003_drafts_beside_items"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="localitem",
            name="localitem_two_persons",
        ),
        migrations.RemoveField(
            model_name="localitem",
            name="drafted_by",
        ),
        migrations.RemoveField(
            model_name="localitem",
            name="published_by",
        ),
    ]
