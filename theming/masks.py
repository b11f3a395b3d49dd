"""What a copy for practice shows of a hall's looks instead of who made them (tenants.shared.archive.masking)."""

from tenants.shared.archive.masking import NAME, Rules

MASKS: Rules = {"theming.HallTheme": {"person_name": NAME}}
