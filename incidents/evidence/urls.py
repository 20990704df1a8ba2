from django.urls import path

from incidents.evidence import views

urlpatterns = [
    path("", views.evidence, name="evidence"),
    path("panel/", views.panel, name="evidence-panel"),
    path("add/", views.add, name="evidence-add"),
    path("log/", views.log_entry, name="log-entry"),
    path("<int:pk>/", views.file, name="evidence-file"),
]
