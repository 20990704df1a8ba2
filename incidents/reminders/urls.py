from django.urls import path

from incidents.reminders import views

urlpatterns = [
    path("<int:due>/", views.reminder, name="reminder"),
    path("<int:due>/acknowledge/", views.acknowledge, name="reminder-acknowledge"),
    path("<int:due>/snooze/", views.snooze, name="reminder-snooze"),
]
