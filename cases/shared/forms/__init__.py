"""What is typed on the pages of the calendar, of outages and of the audit log."""
