from django.urls import path

from incidents.facts import views

urlpatterns = [
    path("", views.facts, name="facts"),
    path("panel/", views.panel, name="facts-panel"),
    path("note/", views.note, name="fact-note"),
    path("<int:fact>/", views.fact, name="fact"),
    path("<int:fact>/confirm/", views.confirm, name="fact-confirm"),
    path("<int:fact>/refute/", views.refute, name="fact-refute"),
    path("<int:fact>/reopen/", views.reopen, name="fact-reopen"),
    path("<int:fact>/reword/", views.reword, name="fact-reword"),
]
