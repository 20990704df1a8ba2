from django.urls import path

from incidents.review import views

urlpatterns = [
    path("", views.report, name="report"),
    path("panel/<str:part>/", views.panel, name="report-panel"),
    path("summarise/", views.summarise, name="report-summarise"),
    path("lessons/add/", views.lesson_add, name="lesson-add"),
    path("lessons/<int:lesson>/", views.lesson, name="lesson"),
    path("lessons/<int:lesson>/change/", views.lesson_change, name="lesson-change"),
    path("lessons/<int:lesson>/remove/", views.lesson_remove, name="lesson-remove"),
    path("actions/add/", views.action_add, name="action-add"),
    path("actions/<int:action>/", views.action, name="action"),
    path("actions/<int:action>/change/", views.action_change, name="action-change"),
    path("accept/", views.accept, name="report-accept"),
    path("reopen/", views.reopen, name="report-reopen"),
    path("export/", views.export, name="report-export"),
]
