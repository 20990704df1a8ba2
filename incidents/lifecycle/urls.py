from django.urls import path

from incidents.lifecycle import views

# Below the address of a team.
prepared = [
    path("", views.prepared_texts, name="prepared-texts"),
    path("open/", views.prepared_open, name="prepared-open"),
]
urlpatterns = [
    path("new/", views.open_incident, name="open"),
    path("<str:reference>/status/", views.state, name="state"),
    path("<str:reference>/status/change/", views.status_change, name="status-change"),
    path(
        "<str:reference>/confidentiality/change/",
        views.confidentiality_change,
        name="confidentiality-change",
    ),
]
