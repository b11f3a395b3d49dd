"""The structure that docs/architecture.md draws, checked by machine."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models

ROOT = Path(__file__).parents[1]
LINT_IMPORTS = str(Path(sys.executable).with_name("lint-imports"))
OURS = {
    "accounts",
    "audit",
    "portal",
    "theming",
    "tenants_shared",
    "tenants_hall",
    "catalog_shared",
    "catalog_hall",
    "cases_shared",
    "cases_hall",
}
PACKAGES = (
    "platform/config",
    "platform/accounts",
    "platform/portal",
    "platform/audit",
    "tenants",
    "catalog",
    "cases",
    "theming",
)


def sources(*suffixes):
    return [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in suffixes and "__pycache__" not in path.parts
    ]


def checked(*command):
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_go_one_way():
    # in a process of its own: import-linter sets up logging anew and silences every logger there is
    done = subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing():
    checked("ruff", "check", "--quiet", "--no-cache")


@pytest.mark.slow
def test_mypy_finds_nothing():
    checked("mypy", "--no-incremental")


def test_platform_is_no_package():
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_every_model_app_stands_in_one_list_only():
    both = set(settings.SHARED_APPS) & set(settings.TENANT_APPS)
    assert both == {"audit"}
    assert {config.label for config in apps.get_app_configs()} >= OURS


def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_foreign_keys_keep_to_their_side():
    """From a hall only to its own tables and to reference tables; never from public to a hall, never to people."""
    halls_own = {label for label in OURS if label.endswith("_hall")}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey) or not model._meta.managed:
                continue
            target = field.related_model._meta
            if model._meta.app_label in halls_own:
                assert (
                    target.app_label == model._meta.app_label
                    or target.db_table in settings.REFERENCE_TABLES
                    or target.app_label in halls_own
                ), field
                assert target.app_label != "accounts", field
            else:
                assert target.app_label not in halls_own, field


def test_every_public_table_has_declared_rights():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"
        )
        tables = {name for (name,) in cursor.fetchall()}
    gates = {
        model._meta.db_table for model in apps.get_models() if model._meta.app_label in settings.GATE_APPS
    }
    django_own = {table for table in tables if table.startswith(("django_", "auth_"))}
    assert tables - gates - django_own == set(settings.PUBLIC_RIGHTS) - django_own


def test_no_trigger_stands_on_any_table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        assert cursor.fetchall() == []


# every place that sends SQL of its own; a new one is added here by somebody who has looked at where its values go
RAW_SQL = {
    # what PostgreSQL itself says of the template's tables
    "tenants/shared/template.py",
    # tables of any schema, by names from the catalogs and the settings, quoted as identifiers
    "tenants/shared/archive/exporting.py",
    "tenants/shared/archive/loading.py",
    "tenants/shared/archive/losses.py",
    "tenants/shared/archive/preview.py",
    "tenants/shared/archive/restoring.py",
    "tenants/shared/archive/swapping.py",
    "tenants/shared/archive/tables.py",
    # what Django itself sent to the template
    "tenants/shared/migrating.py",
    # the lock of a hall's jobs, on a connection of its own
    "tenants/shared/jobs.py",
    # tables and columns that PostgreSQL's catalogs and the models name, of a hall that goes
    "tenants/shared/inventory.py",
    "tenants/shared/life/deleting.py",
    # whether a schema of a name exists
    "tenants/shared/naming.py",
    # whether the database has a schema of a name
    "catalog/shared/search.py",
    "catalog/shared/services/searches.py",
    "catalog/shared/services/wordings.py",
    "catalog/hall/queries.py",
    "catalog/shared/services/offers.py",
    # the rows of a file in SQLite, on disk while an import looks at them
    "catalog/shared/sheets/staging.py",
    "platform/audit/services/sealing.py",
    "platform/accounts/services/codes.py",
    "platform/accounts/services/counters.py",
    "platform/accounts/services/tickets.py",
    "platform/config/setup.py",
    "platform/config/embedded.py",
    "platform/config/urls/health.py",
    "tenants/shared/backend/base.py",
    "tenants/shared/roles.py",
    "tenants/shared/schemas.py",
    "tenants/shared/scope.py",
}


def test_raw_sql_stands_only_where_it_is_listed():
    pattern = re.compile(r"\.execute\(|\.executemany\(|RawSQL|\.raw\(|\.extra\(")
    found = {
        str(path.relative_to(ROOT))
        for path in sources(".py")
        if "migrations" not in path.parts and pattern.search(path.read_text(encoding="utf-8"))
    }
    assert found - RAW_SQL == set()


def test_no_page_holds_inline_script_or_style():
    pattern = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:")
    assert [str(path) for path in sources(".html") if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_the_city_stands_in_its_fixtures_alone():
    names = [
        re.sub("[市县区]$", "", line.split(":", 1)[1].strip().strip("'\""))
        for line in _fixture_lines("halls.yaml", "short_name")
    ]
    keys = [line.split(":", 1)[1].strip().strip("'\"") for line in _fixture_lines("halls.yaml", "key")]
    assert len(keys) >= 6
    pattern = re.compile(
        "|".join(re.escape(word) for word in {*names, *keys} if len(word) > 1 and word not in {"市直"})
    )
    assert [
        str(path)
        for path in sources(".py", ".html", ".css", ".js", ".typ")
        if pattern.search(path.read_text(encoding="utf-8"))
    ] == []


def _fixture_lines(name, field):
    text = next((ROOT / "fixtures").glob(f"*/{name}")).read_text(encoding="utf-8")
    return [line.strip("- ") for line in text.splitlines() if re.match(rf"[\s-]*{field}:", line)]


def test_files_and_functions_stay_small():
    assert [
        str(path) for path in sources(".py") if len(path.read_text(encoding="utf-8").splitlines()) > 600
    ] == []
