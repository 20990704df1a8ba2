from django.urls import path

from incidents.board import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("desk/needs/", views.desk_needs, name="desk-needs"),
    path("sign-offs/", views.sign_offs, name="sign-offs"),
    path("sign-offs/mark/", views.sign_offs_mark, name="sign-offs-mark"),
    path("incidents/", views.incident_list, name="incidents"),
    path("reports/", views.reports, name="reports"),
    path("incidents/ours/", views.ours, name="ours"),
    path("incidents/ours/ask/", views.ours_ask, name="ours-ask"),
    path("incidents/<str:reference>/", views.room, name="room"),
    path("incidents/<str:reference>/header/", views.header, name="header"),
    path("incidents/<str:reference>/situation/", views.situation_panel, name="situation-panel"),
    path("incidents/<str:reference>/pulse/", views.pulse, name="pulse"),
    path("incidents/<str:reference>/stream/", views.stream, name="stream"),
]
