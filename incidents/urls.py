"""The index of the slices' addresses."""

from django.urls import include, path

from incidents.lifecycle import urls as lifecycle
from incidents.statements import urls as statements

app_name = "incidents"
urlpatterns = [
    path("incidents/", include("incidents.lifecycle.urls")),
    path("incidents/<str:reference>/roles/", include("incidents.roles.urls")),
    path("incidents/<str:reference>/severity/", include("incidents.severity.urls")),
    path("incidents/<str:reference>/facts/", include("incidents.facts.urls")),
    path("incidents/<str:reference>/statements/", include("incidents.statements.urls")),
    path("for-signature/", include(statements.outside)),
    path("incidents/<str:reference>/review/", include("incidents.review.urls")),
    path("incidents/<str:reference>/timeline/", include("incidents.timeline.urls")),
    path("incidents/<str:reference>/evidence/", include("incidents.evidence.urls")),
    path("incidents/<str:reference>/clocks/", include("incidents.clocks.urls")),
    path("incidents/<str:reference>/reminders/", include("incidents.reminders.urls")),
    path("", include("incidents.notifications.urls")),
    path("teams/<slug:slug>/policies/", include("incidents.signoff.urls")),
    path("teams/<slug:slug>/prepared/", include(lifecycle.prepared)),
    path("incidents/<str:reference>/record/", include("incidents.archive.urls")),
    path("", include("incidents.board.urls")),
]
