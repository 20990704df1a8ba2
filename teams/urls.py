"""Addresses of people and teams."""

from django.urls import path

from teams import views

app_name = "teams"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/language/", views.switch_language, name="language-switch"),
    path("profile/theme/", views.switch_theme, name="theme-switch"),
    path("profile/absence/", views.absence, name="absence"),
    path("people/<uuid:person>/absence/", views.absence, name="absence-of"),
    path("people/<uuid:person>/absence/record/", views.record_absence, name="absence-record"),
    path("people/<uuid:person>/hand-over/", views.delegate_signoff, name="signoff-delegate"),
    path("absences/<int:absence>/cancel/", views.cancel_absence, name="absence-cancel"),
    path("hand-overs/<int:delegation>/revoke/", views.revoke_delegation, name="delegation-revoke"),
    path("teams/", views.index, name="index"),
    path("teams/<slug:slug>/", views.team, name="team"),
    path("teams/<slug:slug>/journal/", views.journal, name="journal"),
    path("teams/<slug:slug>/stand-ins/", views.list_stand_in, name="stand-in-list"),
    path(
        "teams/<slug:slug>/stand-ins/<int:stand_in>/raise/",
        views.raise_stand_in,
        name="stand-in-raise",
    ),
    path(
        "teams/<slug:slug>/stand-ins/<int:stand_in>/remove/",
        views.unlist_stand_in,
        name="stand-in-unlist",
    ),
]
