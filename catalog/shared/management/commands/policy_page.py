"""Write the documentation page of the override policy."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from catalog.shared.policy_page import markdown


class Command(BaseCommand):
    """``manage.py policy_page > docs/policy.md``: the page made from the declaration; nothing is read or written."""

    help = "Print docs/policy.md as the declaration in catalog/shared/policy.py makes it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the page in Chinese, whatever the language of the process."""
        with translation.override("zh-hans"):
            self.stdout.write(markdown(), ending="")
