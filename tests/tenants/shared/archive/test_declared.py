"""What an archive has of a hall besides the rows of its schema is declared by name, and nothing is forgotten."""

from django.apps import apps
from django.db import models

from tenants.shared import declared, scope
from tenants.shared.archive import masking, tables
from tenants.shared.models import Hall

# rows of theirs are derived, or name a hall by what a renaming carries on (settings.HALL_STAMPED)
NOT_OF_ARCHIVES = {"accounts_session", "accounts_ticket", "accounts_token", "accounts_signin"}


def of_a_hall(model):
    return any(
        field.related_model is Hall or field.column in {"hall", "hall_id", "hall_role"}
        for field in model._meta.concrete_fields
    )


def test_every_public_table_with_rows_of_a_hall_says_what_a_restore_does_with_them(settings):
    known = {model._meta.db_table for model in apps.get_models() if model._meta.managed and of_a_hall(model)}
    known -= {model._meta.db_table for model in masking.hall_models()}
    assert known - NOT_OF_ARCHIVES == set(settings.ARCHIVE_FACTS)
    rules = {settings.REPLACE, settings.KEEP, settings.REBUILD, settings.LEAVE}
    assert set(settings.ARCHIVE_FACTS.values()) == rules


def test_what_is_archived_and_copied_is_found_by_the_halls_role(settings):
    archived = {
        name for name, rule in settings.ARCHIVE_FACTS.items() if rule in {settings.REPLACE, settings.KEEP}
    }
    assert archived <= set(settings.HALL_WRITTEN_TABLES)
    assert set(settings.ARCHIVE_COPIED_FACTS) <= archived
    assert {table for table, _column, _folder in settings.ARCHIVE_FACT_FILES} <= archived


def test_every_column_that_names_a_file_is_archived(settings):
    named = {
        (model._meta.db_table, field.column)
        for model in masking.hall_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
        or (isinstance(field, models.CharField) and field.name.split("_")[-1] in {"path", "file"})
    }
    assert named == set(settings.ARCHIVE_FILES)


def test_every_file_that_the_apps_say_a_hall_has_is_archived_but_for_what_stays_behind(full, owner):
    from cases.hall.models import Upload
    from cases.hall.services.attachments import part_name

    with scope.hall(full):
        said = {name for files in declared.functions("hall_files") for name in files(full)}
        unfinished = {part_name(upload, offset) for upload in Upload.objects.all() for offset in upload.parts}
    with owner.cursor() as cursor:
        cursor.execute(tables.file_names("east", full.role))
        archived = {name for (name,) in cursor.fetchall()}
    assert said - unfinished == archived
    assert len(archived) > 15
