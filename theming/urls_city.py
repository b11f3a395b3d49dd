"""The city's default look: the pages of its admins."""

from django.urls import path

from theming.urls_editing import addresses
from theming.views import editing

urlpatterns = [path("locks/", editing.locks, name="theme-locks"), *addresses]
