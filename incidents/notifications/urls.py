from django.urls import path

from incidents.notifications import views

urlpatterns = [
    path("messages/", views.notices, name="notices"),
    path("messages/bell/", views.bell, name="bell"),
    path("messages/read/", views.read, name="notices-read"),
    path("mails/", views.mails, name="mails"),
]
