"""What tests of case services share."""

import pytest


@pytest.fixture
def fresh_audit(monkeypatch):
    """The actions that were audited: a hall may not read its own audit."""
    from audit.models import Record

    seen = []
    save = Record.save

    def saved(self, *args, **kwargs):
        seen.append(self.action)
        return save(self, *args, **kwargs)

    monkeypatch.setattr(Record, "save", saved)
    return lambda: seen
