"""Which login a model is reached by."""

from typing import Any

from django.conf import settings
from django.db.models import Model


class GateRouter:
    """Accounts, sessions, tokens and counters go through `gate`; all else through `default`."""

    def _is_gate(self, model: type[Model]) -> bool:
        return model._meta.app_label in settings.GATE_APPS

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """Return the alias that reads this model."""
        return "gate" if self._is_gate(model) else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        """Return the alias that writes this model."""
        return "gate" if self._is_gate(model) else None

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        """Refuse a relation between the gate and anything else: nothing spans the two logins."""
        return None if self._is_gate(type(one)) == self._is_gate(type(other)) else False
