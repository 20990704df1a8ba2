"""The index of the slices' addresses."""

from django.urls import include, path

app_name = "incidents"
urlpatterns = [
    path("incidents/", include("incidents.lifecycle.urls")),
    path("", include("incidents.board.urls")),
]
