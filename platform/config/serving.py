"""What gunicorn is told besides its command line (`--config=python:config.serving`).

A search of ten thousand characters is a line of 90,000: it gets our page, and not the server's bare 414. Longer ones do not.
"""

import os

from gunicorn.http import message

LONGEST = 128 * 1024
# gunicorn allows 8,190 at the most, or no limit at all
message.MAX_REQUEST_LINE = LONGEST
limit_request_line = LONGEST - 1


def on_starting(server: object) -> None:
    """Refuse to serve pages that the database is not ready for. Raises ImproperlyConfigured."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415 -- gunicorn reads this file before there is an environment

    django.setup()
    from django.db import OperationalError, connections  # noqa: PLC0415

    from tenants.shared import migrating  # noqa: PLC0415

    try:
        migrating.refuse_old_tables()
    except OperationalError:
        # the server is not there yet: /readyz says so, and this is asked again at the next start
        return
    finally:
        connections.close_all()
