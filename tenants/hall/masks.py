"""What a copy for practice shows of a hall's staff (tenants.shared.archive.masking): themselves, since they practise there."""

from tenants.shared.archive.masking import LEFT_OUT, NAME, ROWS, TEXT, Rules, kept

MASKS: Rules = {
    "tenants_hall.Post": {
        **kept("person", "name", "username", "departments", "items"),
        **dict.fromkeys(("given_by_name", "ended_by_name", "suspended_by_name"), NAME),
        **dict.fromkeys(("reason", "end_reason", "suspend_reason"), TEXT),
    },
    # nobody is asked into a copy
    "tenants_hall.Invitation": {ROWS: LEFT_OUT},
    "tenants_hall.Guest": {ROWS: LEFT_OUT},
    "tenants_hall.Closure": {**kept("reason"), "by_name": NAME},
}
