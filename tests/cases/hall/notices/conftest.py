"""Providers, and how a test looks at what became of its messages."""

import socket

import pytest
from aiosmtpd.controller import Controller

from tests.cases.hall.notices.providers import Gateway, Mailbox


@pytest.fixture
def gateway(settings):
    """A gateway of one's own that settings lead to."""
    made = Gateway()
    for name, value in made.settings.items():
        setattr(settings, name, value)
    yield made
    made.close()


@pytest.fixture
def mailbox(settings):
    """A real SMTP server that settings lead to."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.MAIL_BACKEND = "smtp"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "hall@example.org"
    yield box
    controller.stop()
