from django.urls import path

from incidents.severity import views

urlpatterns = [
    path("", views.severity, name="severity"),
    path("history/", views.history, name="severity-history"),
    path("preview/", views.preview, name="severity-preview"),
    path("assess/", views.assess, name="severity-assess"),
]
