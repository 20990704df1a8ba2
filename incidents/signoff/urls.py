from django.urls import path

from incidents.signoff import views

urlpatterns = [
    path("", views.policies, name="policies"),
    path("ask/", views.ask, name="policy-ask"),
    path("new/", views.new, name="policy-new"),
    path("add/", views.add, name="policy-add"),
    path("rehearse/", views.rehearse, name="policy-rehearse"),
    path("<int:pk>/edit/", views.edit, name="policy-edit"),
    path("<int:pk>/change/", views.change, name="policy-change"),
    path("<int:pk>/retire/", views.retire, name="policy-retire"),
    path("<uuid:lineage>/versions/", views.versions, name="policy-versions"),
]
