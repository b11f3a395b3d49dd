"""The environment is read in one place, and production refuses what is unsafe."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings import environment

SAFE = {
    "MODE": "production",
    "SECRET_KEY": "k" * 50,
    "FIELD_KEY": "0123456789abcdef0123456789abcdef",
    "ALLOWED_HOSTS": "halls.example",
    "WEB_DATABASE_URL": "postgresql://web@db/halls",
    "GATE_DATABASE_URL": "postgresql://gate@db/halls",
}


def test_safe_production_is_read():
    assert environment.read_for(SAFE)["ALLOWED_HOSTS"] == ["halls.example"]


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


@pytest.mark.parametrize(("name", "value"), [("PORT", "eighty"), ("DEBUG", "perhaps"), ("MODE", "staging")])
def test_a_bad_value_is_named_with_its_meaning(name, value):
    with pytest.raises(ImproperlyConfigured, match=f"{name}='{value}'.*It means"):
        environment.read({name: value, "VAR": "/nowhere"})


def test_every_variable_is_documented_in_the_readme_of_deployment():
    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [variable.name for variable in environment.VARIABLES if f"`{variable.name}`" not in text] == []


def test_the_web_process_of_production_refuses_the_owners_login():
    given = {
        **SAFE,
        "DATABASE_URL": "postgresql://owner@db/halls",
        "PYTHONPATH": "platform:.",
        "PATH": "/usr/bin",
    }
    ended = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"], env=given, capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert "must not have DATABASE_URL" in ended.stderr
