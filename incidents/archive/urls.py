from django.urls import path

from incidents.archive import views

urlpatterns = [
    path("", views.record, name="record"),
    path("export/", views.export, name="record-export"),
]
