from django.urls import path

from incidents.clocks import views

urlpatterns = [
    path("header/", views.clocks_panel, name="clocks-panel"),
    path("promises/", views.promises_panel, name="promises-panel"),
    path("promises/new/", views.new, name="promise-new"),
    path("promises/make/", views.make, name="promise-make"),
    path("promises/<int:promise>/", views.promise, name="promise"),
    path("promises/<int:promise>/move/", views.move, name="promise-move"),
    path("promises/<int:promise>/cancel/", views.cancel, name="promise-cancel"),
    path("promises/<int:promise>/silence/", views.silence, name="promise-silence"),
]
