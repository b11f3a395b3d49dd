"""What a copy for practice shows of a hall's staff (tenants.shared.archive.masking): themselves, since they practise there."""

from tenants.shared.archive.masking import NAME, Rules, kept

MASKS: Rules = {
    "tenants_hall.Post": kept("person", "name", "username"),
    "tenants_hall.Closure": {**kept("reason"), "by_name": NAME},
}
