"""The index of the slices' addresses."""

from django.urls import include, path

app_name = "incidents"
urlpatterns = [
    path("incidents/", include("incidents.lifecycle.urls")),
    path("incidents/<str:reference>/roles/", include("incidents.roles.urls")),
    path("incidents/<str:reference>/severity/", include("incidents.severity.urls")),
    path("incidents/<str:reference>/statements/", include("incidents.statements.urls")),
    path("incidents/<str:reference>/review/", include("incidents.review.urls")),
    path("incidents/<str:reference>/timeline/", include("incidents.timeline.urls")),
    path("incidents/<str:reference>/evidence/", include("incidents.evidence.urls")),
    path("incidents/<str:reference>/clocks/", include("incidents.clocks.urls")),
    path("incidents/<str:reference>/reminders/", include("incidents.reminders.urls")),
    path("", include("incidents.notifications.urls")),
    path("incidents/<str:reference>/record/", include("incidents.archive.urls")),
    path("", include("incidents.board.urls")),
]
