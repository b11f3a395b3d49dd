"""Asking, complaining, answering, publishing: one function a verb.

Staff act on what `cases.hall.queries.enquiries.for_staff` lets them see, read again with the row locked: so nobody acts on
a complaint about themselves, by whatever way they come. The row's lock decides between two who act at once.
"""
