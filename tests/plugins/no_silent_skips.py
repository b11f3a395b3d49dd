"""Tests that need a program of the machine skip by name when it is missing; where CI=true no test may skip.

A test says what it needs with `@pytest.mark.needs("chromium")`.
"""

import os
import shutil
import subprocess

import pytest

HOW = "as root or with passwordless sudo `make test` installs it; or by hand: apt-get install {0}"


def _has_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    return "CJK" in subprocess.run(["fc-list"], capture_output=True, text=True, check=False).stdout


TOOLS = {
    "chromium": lambda: shutil.which("chromium") is not None,
    # Debian keeps servers off a user's PATH
    "pgbouncer": lambda: (
        shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin") is not None
    ),
    "fonts-noto-cjk": _has_font,
    "softhsm2": lambda: shutil.which("softhsm2-util") is not None,
}


def pytest_collection_modifyitems(items):
    found = {}
    for item in items:
        for tool in {name for mark in item.iter_markers("needs") for name in mark.args}:
            if tool not in found:
                found[tool] = TOOLS[tool]()
            if not found[tool]:
                item.add_marker(pytest.mark.skip(reason=f"{tool} is missing: {HOW.format(tool)}"))


def _refuse_skip(report):
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"CI=true: a skip is a failure. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    report = yield
    _refuse_skip(report)
    return report
