"""The effective items of one hall as a plain table: copied from the hall's view, so that the rows are the same."""

from django.db import models

from catalog.shared.models import ItemFields


class BareItem(ItemFields):
    """A row of the plain table."""

    code = models.CharField(max_length=14, primary_key=True)
    is_local = models.BooleanField()
    version = models.CharField(max_length=40)
    sources = models.JSONField()
    sort_key = models.CharField(max_length=400)
    updated_at = models.DateTimeField()

    class Meta(ItemFields.Meta):
        abstract = False
        managed = False
        db_table = "bench_item"
