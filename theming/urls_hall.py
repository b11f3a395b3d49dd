"""Dressing a hall: the pages of its admin."""

from django.urls import path

from theming.urls_editing import addresses
from theming.views import reviews

urlpatterns = [path("reviews/", reviews.reviews, name="theme-reviews"), *addresses]
