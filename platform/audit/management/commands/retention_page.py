"""Write the documentation page of the retention register."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from audit.retention import markdown


class Command(BaseCommand):
    """``manage.py retention_page > docs/retention.md``: the page made from the declarations; nothing is read or written."""

    help = "Print docs/retention.md as the apps' retention declarations make it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the page in Chinese, whatever the language of the process."""
        with translation.override("zh-hans"):
            self.stdout.write(markdown(), ending="")
