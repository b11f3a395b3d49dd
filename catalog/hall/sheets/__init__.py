"""A hall's items, overrides and adoptions as sheets. What every sheet has in common stands in catalog.shared.sheets."""
