"""``manage.py receive_webhooks``: an example receiver, to see what a department's system would get. Never in production."""

import json
from argparse import ArgumentParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.hall import signing

MAX_BODY = 64 * 1024


class Command(BaseCommand):
    """Listen on this machine alone, say what came and whether its signature holds."""

    help = "Print the webhooks that come to 127.0.0.1, until interrupted. An example for the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --port and --secret."""
        parser.add_argument("--port", type=int, default=8790)
        parser.add_argument(
            "--secret", default="", help="whsec_…, as the hall's page of the system showed it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer 204 to what is signed, 401 to the rest; without a secret to everything 204."""
        if not settings.IS_DEMO:
            raise CommandError("The example receiver is for the demo alone.")
        write, secret = self.stdout.write, options["secret"]

        class Receiver(BaseHTTPRequestHandler):
            """One message."""

            def do_POST(self) -> None:
                body = self.rfile.read(min(int(self.headers.get("content-length") or 0), MAX_BODY))
                try:
                    if secret:
                        signing.verify(secret, self.headers, body, timezone.now())  # type: ignore[arg-type]
                    said = json.loads(body)
                except (signing.NotSigned, ValueError) as problem:
                    write(f"refused: {type(problem).__name__}")
                    self.send_response(401)
                else:
                    data = said["data"]
                    write(f"{self.headers[signing.ID]} {said['type']} {data['case']} {data['to_state']}")
                    self.send_response(204)
                self.end_headers()

            def log_message(self, *_given: Any) -> None:
                """Say nothing besides."""

        with ThreadingHTTPServer(("127.0.0.1", options["port"]), Receiver) as server:
            write(f"listening on http://127.0.0.1:{options['port']}/")
            server.serve_forever()
