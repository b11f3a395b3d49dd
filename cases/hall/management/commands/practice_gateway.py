"""``manage.py practice_gateway``: a payment gateway to practise with in the demo. Never in production."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.hall.paying.practice import Practice


class Command(BaseCommand):
    """Listen on this machine alone, take orders, and call back as whoever pays chooses."""

    help = "A payment gateway on 127.0.0.1 to practise with, until interrupted. See docs/payments.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --port."""
        parser.add_argument("--port", type=int, default=8791)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve under PAYMENT_SECRET."""
        if not settings.IS_DEMO:
            raise CommandError("The practice gateway is for the demo alone.")
        if not settings.PAYMENT_SECRET:
            raise CommandError(
                "PAYMENT_SECRET is empty: give the gateway and the demo the same whsec_… secret."
            )
        practice = Practice(settings.PAYMENT_SECRET, options["port"])
        self.stdout.write(f"listening on {practice.url}/")
        practice.server.serve_forever()
