"""A job done by processes that are killed, each at a place where none was killed before, until one comes through.

Run as ``python -m tests.portal.onboarding.killing`` with the owner's URL; prints the places as JSON. A place is a function, before or
after it does its work, and the step that it was called for.
"""

import importlib
import json
import os
import signal
import sys

import django

# what a process may die around
AROUND = (
    ("tenants.shared.jobs", "_attempt"),
    ("tenants.shared.jobs", "_mark"),
    ("tenants.shared.jobs", "_end"),
    ("tenants.shared.jobs", "remember"),
    ("tenants.shared.template", "copy"),
    ("tenants.shared.migrating", "prepare"),
    ("tenants.shared.queries", "forget"),
    ("tenants.shared.roles", "drop_hall_role"),
    ("catalog.hall.services.offers", "sync"),
    ("tenants.hall.services.furnishing", "departments"),
    ("tenants.hall.services.furnishing", "windows"),
    ("cases.hall.services.reason_texts", "load"),
)


def main():
    """Fork until a process ends by itself. Nothing is connected before: each child has connections of its own."""
    django.setup()
    died = set()
    while True:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _work(died, writing)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            place = told.read()
        _pid, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            if status:
                sys.exit("a process ended by a fault of its own")
            break
        died.add(place)
    sys.stdout.write(json.dumps(sorted(died)))


def _work(died, writing):
    from tenants.shared import jobs

    step = [""]

    def around(real, name):
        def deadly(*args, **kwargs):
            if name == "_attempt":
                step[0] = args[2].name
            _maybe(f"before {name} of {step[0]}")
            answer = real(*args, **kwargs)
            _maybe(f"after {name} of {step[0]}")
            return answer

        return deadly

    def _maybe(place):
        if place not in died:
            os.write(writing, place.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    for module_name, name in AROUND:
        module = importlib.import_module(module_name)
        setattr(module, name, around(getattr(module, name), name))
    jobs.round_of_jobs()


if __name__ == "__main__":
    main()
