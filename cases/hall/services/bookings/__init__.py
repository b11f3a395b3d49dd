"""Booking a visit, waiting for one, changing, cancelling, arriving, being called: one function a verb.

Rows are locked in one order: who books, windows, slots (by day and window), bookings, numbers. So no two wait for
each other, and the slot's constraint and the rows' locks decide every race.
"""
