"""People, sign-in, sessions and tokens: tables of the public schema that only `gate` reaches."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, sign-in, sessions and tokens: tables of the public schema that only `gate` reaches."""

    name = "accounts"
    label = "accounts"
    retention = ("accounts.retention.RULES",)
    staff_facts = ("accounts.staff.last_sign_in",)
