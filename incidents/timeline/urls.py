from django.urls import path

from incidents.timeline import views

urlpatterns = [
    path("", views.timeline, name="timeline"),
    path("panel/", views.panel, name="timeline-panel"),
    path("composer/", views.composer, name="timeline-composer"),
    path("earlier/", views.earlier, name="timeline-earlier"),
    path("<int:number>/", views.entry, name="entry"),
    path("<int:number>/correct/", views.correct, name="entry-correct"),
    path("<int:number>/reclassify/", views.reclassify, name="entry-reclassify"),
    path("<int:number>/name-reader/", views.name_reader, name="entry-name-reader"),
]
