"""What a hall has after some days of work."""

from tests.isolation import world


def fill(hall):
    """Make cases in several states, papers, files, bookings, questions and a mandate, by the services, committed."""
    return world.prepare(hall)
