"""Addresses of people and teams."""

from django.urls import path

from teams import views

app_name = "teams"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/language/", views.switch_language, name="language-switch"),
    path("profile/theme/", views.switch_theme, name="theme-switch"),
    path("teams/", views.index, name="index"),
    path("teams/<slug:slug>/", views.team, name="team"),
    path("teams/<slug:slug>/journal/", views.journal, name="journal"),
]
