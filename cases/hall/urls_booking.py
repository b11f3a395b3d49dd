"""Booking a visit, arriving, being called, and what the hall sets for it."""

from django.urls import URLPattern, URLResolver, path

from cases.hall.views.booking import book, deciding, opening, own, queue, waiting_room

urlpatterns: list[URLPattern | URLResolver] = [
    path("items/<str:code>/book/", book.choose, name="item-book"),
    path("items/<str:code>/book/who/", book.who, name="item-book-who"),
    path("bookings/", book.index, name="bookings"),
    path("bookings/<str:number>/", own.show, name="booking"),
    path("bookings/<str:number>/change/", own.change, name="booking-change"),
    path("bookings/<str:number>/cancel/", own.cancel, name="booking-cancel"),
    path("bookings/<str:number>/confirm/", own.confirm, name="booking-confirm"),
    path("bookings/<str:number>/appeal/", own.appeal, name="booking-appeal"),
    path("check-in/", waiting_room.check_in, name="check-in"),
    path("screen/", waiting_room.screen, name="screen"),
    path("clerk/queue/", queue.queue, name="queue"),
    path("clerk/queue/tickets/<uuid:pk>/<slug:name>/", queue.ticket, name="queue-ticket"),
    path("clerk/queue/<slug:name>/", queue.act, name="queue-act"),
    path("staff/windows/", opening.index, name="windows"),
    path("staff/windows/new/", opening.window, name="window-new"),
    path("staff/windows/<int:pk>/", opening.window, name="window"),
    path("staff/windows/hours/", opening.hours, name="window-hours"),
    path("staff/windows/close/", opening.close, name="window-close"),
    path("staff/windows/closures/<int:pk>/reopen/", opening.reopen, name="window-reopen"),
    path("staff/windows/day/", opening.day, name="window-day"),
    path("staff/appeals/", deciding.index, name="appeals"),
    path("staff/appeals/<uuid:pk>/", deciding.decide, name="appeal"),
]
