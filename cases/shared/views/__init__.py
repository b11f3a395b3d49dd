"""Pages of the calendar, of outages and of the audit log."""
