"""A database of one's own with keys, a folder for archives and a hall that has cases, papers and files."""

import shutil
from types import SimpleNamespace

import pytest
from django.db import connections

from config import archive_keys
from tests.plugins import database
from tests.tenants.shared.archive.filling import fill


@pytest.fixture
def city_keys(tmp_path, settings):
    """The city's keys, as set-up makes them for the demo."""
    folder = tmp_path / "keys"
    archive_keys.make_demo(folder)
    settings.ARCHIVE_SIGNING_KEY = str(folder / "signing.pem")
    settings.ARCHIVE_RECIPIENT = str(folder / "recipient.pem")
    settings.ARCHIVE_KEY = str(folder / "private.pem")
    settings.ARCHIVE_TRUSTED = ""
    settings.ARCHIVES = tmp_path / "archives"
    return folder


@pytest.fixture
def stored(tmp_path, settings):
    """The storage of halls' files, in a folder of this test's own."""
    folder = tmp_path / "files"
    folder.mkdir(mode=0o700)
    settings.STORAGES = {
        **settings.STORAGES,
        "cases": {
            **settings.STORAGES["cases"],
            "OPTIONS": {**settings.STORAGES["cases"]["OPTIONS"], "location": folder},
        },
    }
    return folder


@pytest.fixture
def owner(fresh_database, city_keys, stored):
    with fresh_database.alias("owner"):
        yield connections["owner"]


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """Where the hall that was filled once is kept: its database, made when first asked for, and its files."""
    kept = SimpleNamespace(
        name=f"{database.DATABASE}_filled", files=tmp_path_factory.mktemp("filled") / "files"
    )
    yield kept
    database.drop(kept.name)


@pytest.fixture
def full(owner, east, fresh_database, stored, filled):
    """East with what a hall has after some days: cases, a granted one with its paper, files, a booking, a question."""
    fresh = fresh_database.name
    if not filled.files.exists():
        fill(east)
        connections.close_all()
        database.execute(
            f"DROP DATABASE IF EXISTS {filled.name}", f"CREATE DATABASE {filled.name} TEMPLATE {fresh}"
        )
        shutil.copytree(stored, filled.files)
        return east
    connections.close_all()
    database.execute(f"DROP DATABASE {fresh} WITH (FORCE)", f"CREATE DATABASE {fresh} TEMPLATE {filled.name}")
    shutil.copytree(filled.files, stored, dirs_exist_ok=True)
    return east
