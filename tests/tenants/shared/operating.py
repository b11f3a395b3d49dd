"""Jobs of the operator on a database of one's own: asked, done, and killed on the way."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from django.utils import timezone

from accounts.actor import Actor
from tenants.shared import jobs
from tenants.shared.models import Hall, HallJob, HallJobStep
from tests.template import PERSON_ID

# not from tests.plugins.database: loaded by a process that is to die, it would make itself a database
ROOT = Path(__file__).resolve().parents[3]

ADMIN = Actor(
    person_id=PERSON_ID["city_admin"], username="city_admin", display_name="市管理", city_role="city_admin"
)
SECOND = Actor(
    person_id=PERSON_ID["inspector"], username="inspector", display_name="监察", city_role="city_admin"
)


def hall_of(pk):
    """The hall as it is now."""
    return Hall.objects.using("owner").get(pk=pk)


def ask(kind, hall, reason="试试", **params):
    """Ask for a job as the console does, but for its scope."""
    from tenants.shared import scope

    with scope.city():
        return jobs.ask(
            kind, key=hall.key, hall=hall, by=ADMIN, now=timezone.now(), reason=reason, params=params
        )


def do(kind, hall, reason="试试", **params):
    """Ask for a job and do it here; return it as it ended."""
    job = ask(kind, hall, reason, **params)
    jobs.run(job)
    return HallJob.objects.using("owner").get(pk=job.pk)


def states(job):
    """The states of a job's steps, by name."""
    return dict(HallJobStep.objects.using("owner").filter(job=job).values_list("name", "state"))


def step(hall, name, reason="试试", **params):
    """Take a step of a hall's life; return the hall as it is then."""
    job = do("state", hall, reason, step=name, **params)
    assert (job.state, job.error) == ("done", "")
    return hall_of(hall.pk)


def environment(fresh, **more):
    """What a process of this database finds in its environment."""
    return {
        **os.environ,
        "DATABASE_URL": fresh.url(),
        "WEB_DATABASE_URL": fresh.url("web"),
        "GATE_DATABASE_URL": fresh.url("gate"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
        **more,
    }


_DEADLY = """
    import os, signal, sys
    import django
    django.setup()
    from django.utils.module_loading import import_string
    from tests.tenants.shared import operating
    module, _dot, at = sys.argv[1].rpartition(".")
    left = int(sys.argv[2])
    operating.prepare_settings()
    owner = __import__("importlib").import_module(module)
    real = getattr(owner, at)
    def deadly(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    setattr(owner, at, deadly)
    from tenants.shared import jobs
    jobs.round_of_jobs()
"""


def prepare_settings():
    """Let what the tests declare hold in another process too."""
    from django.conf import settings

    settings.HALL_EXPORTED = "tests.tenants.shared.operating.always_exported"


def always_exported(hall):
    """An export that was made and checked."""
    return {"name": "backup-1", "digest": "a" * 64, "at": "2026-03-02T02:00:00+00:00"}


def operator_dies(fresh, at, after):
    """Let an operator work in a process of its own that is killed when it calls `at` for the time after these many.

    Returns whether it was killed; else it was done before.
    """
    died = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_DEADLY), at, str(after)],
        env=environment(fresh),
        cwd=ROOT,
        check=False,
    )
    assert died.returncode in {0, -signal.SIGKILL}
    return died.returncode != 0
