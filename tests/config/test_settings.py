"""The environment is read in one place, and production refuses what is unsafe."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.core.exceptions import ImproperlyConfigured

from config import signing_key
from config.settings import environment

NOW = datetime.now(tz=UTC)

SAFE = {
    "MODE": "production",
    "SECRET_KEY": "k" * 50,
    "FIELD_KEY": "0123456789abcdef0123456789abcdef",
    "ALLOWED_HOSTS": "halls.example",
    "WEB_DATABASE_URL": "postgresql://web@db/halls",
    "GATE_DATABASE_URL": "postgresql://gate@db/halls",
}


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """A key that papers may be signed with, as production names one."""
    path = tmp_path_factory.mktemp("keys") / "hall.p12"
    assert signing_key.make_demo(path, now=NOW)
    return path


def test_safe_production_is_read(key):
    given = environment.read_for({**SAFE, "SIGNING_KEY": str(key)})

    assert given["ALLOWED_HOSTS"] == ["halls.example"]


def test_a_key_is_made_once_and_is_its_owners_alone(key):
    before = key.read_bytes()

    assert not signing_key.make_demo(key, now=NOW)
    assert key.read_bytes() == before
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SIGNING_KEY": ""}, "SIGNING_KEY is missing"),
        ({"SIGNING_KEY": "/nowhere/key.p12"}, "cannot be read .No such file"),
        ({"SIGNING_PASSPHRASE": "wrong"}, "SIGNING_PASSPHRASE is wrong"),
        ({"SIGNING_MODULE": "/nowhere/token.so"}, "is no file"),
        ({"SIGNING_MODULE": __file__}, "SIGNING_SLOT, SIGNING_LABEL, SIGNING_PASSPHRASE missing"),
    ],
)
def test_production_refuses_a_key_that_cannot_sign(given, said, tmp_path):
    protected = tmp_path / "protected.p12"
    key, certificate, _ = pkcs12.load_key_and_certificates(_made(tmp_path), None)
    protected.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"k", key, certificate, None, serialization.BestAvailableEncryption(b"right")
        )
    )

    with pytest.raises(ImproperlyConfigured, match=said):
        environment.read_for({**SAFE, "SIGNING_KEY": str(protected), **given})


def _made(folder):
    signing_key.make_demo(folder / "made.p12", now=NOW)
    return (folder / "made.p12").read_bytes()


@pytest.mark.parametrize(
    ("days", "said"), [(3649, ""), (3651, "expired on 20"), (-2, "is not valid before 20")]
)
def test_a_key_is_taken_while_it_is_valid(key, days, said):
    given = {"SIGNING_MODULE": "", "SIGNING_KEY": str(key), "SIGNING_PASSPHRASE": ""}

    found = signing_key.problem(given, now=NOW + timedelta(days=days))

    assert said in found
    assert bool(found) == bool(said)


def test_a_file_that_is_no_key_is_named(tmp_path):
    (tmp_path / "key.p12").write_text("no key", encoding="ascii")
    given = {"SIGNING_MODULE": "", "SIGNING_KEY": str(tmp_path / "key.p12"), "SIGNING_PASSPHRASE": ""}

    assert "does not open" in signing_key.problem(given)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "", "SECRET_KEY"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("FIELD_KEY", "", "FIELD_KEY"),
        ("DEBUG", "1", "DEBUG"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS"),
        ("WEB_DATABASE_URL", "", "WEB_DATABASE_URL"),
        ("GATE_DATABASE_URL", "", "GATE_DATABASE_URL"),
    ],
)
def test_production_refuses(name, value, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        environment.read_for({**SAFE, name: value})


@pytest.mark.parametrize(
    ("text", "meant"),
    [("", None), ("none", set()), ("all", {"all"}), ("window, city_admin", {"window", "city_admin"})],
)
def test_whose_second_factor_is_demanded(text, meant):
    assert environment.read({"SECOND_FACTOR": text, "VAR": "/nowhere"})["SECOND_FACTOR"] == meant


def test_the_demo_demands_none_and_production_all(key):
    asks = (
        "from django.conf import settings; print(sorted(settings.SECOND_FACTOR_ROLES), settings.IDLE_MINUTES)"
    )
    given = {"PYTHONPATH": "platform:.", "PATH": "/usr/bin", "DJANGO_SETTINGS_MODULE": "config.settings"}
    for mode, said in ({**SAFE, "SIGNING_KEY": str(key)}, "['all'] 15"), ({"VAR": "/nowhere"}, "[] 15"):
        done = subprocess.run(
            [sys.executable, "-c", asks], env={**given, **mode}, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == said


@pytest.mark.parametrize(
    ("roles", "is_taken"), [({"all"}, True), ({"window", "inspector"}, True), ({"windows"}, False)]
)
def test_a_role_that_nobody_has_stops_the_web_process(roles, is_taken, settings):
    from accounts import demands

    settings.SECOND_FACTOR_ROLES = frozenset(roles)
    if is_taken:
        demands.refuse_unknown()
    else:
        with pytest.raises(ImproperlyConfigured, match="'windows' is no post"):
            demands.refuse_unknown()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("DEBUG", "perhaps"),
        ("MODE", "staging"),
        ("SECOND_FACTOR", "Window!"),
        ("ARCHIVES_KEPT", "0"),
    ],
)
def test_a_bad_value_is_named_with_its_meaning(name, value):
    with pytest.raises(ImproperlyConfigured, match=f"{name}='{value}'.*It means"):
        environment.read({name: value, "VAR": "/nowhere"})


def test_every_variable_is_documented_in_the_readme_of_deployment():
    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [variable.name for variable in environment.VARIABLES if f"`{variable.name}`" not in text] == []


def test_the_web_process_of_production_refuses_the_owners_login(key):
    given = {
        **SAFE,
        "SIGNING_KEY": str(key),
        "DATABASE_URL": "postgresql://owner@db/halls",
        "PYTHONPATH": "platform:.",
        "PATH": "/usr/bin",
    }
    ended = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"], env=given, capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert "must not have DATABASE_URL" in ended.stderr
