"""The pages of bookings: a citizen's, the hall's waiting room, the clerk's, the admin's."""
