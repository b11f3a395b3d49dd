"""Django's dbshell, as the owner where this process has its login: the web login sees nothing outside a hall."""

from django.core.management.base import CommandParser
from django.core.management.commands.dbshell import Command as DjangoCommand
from django.db import DEFAULT_DB_ALIAS, connections

from tenants.shared.roles import OWNER


class Command(DjangoCommand):
    """Run the database's own client; ``--database`` chooses another login: default (web), gate, sealer."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take Django's arguments, with the owner as the login that is meant when none is named."""
        super().add_arguments(parser)
        parser.set_defaults(database=OWNER if OWNER in connections.settings else DEFAULT_DB_ALIAS)
