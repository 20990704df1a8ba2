"""Where each address leads. The slices of an incident are listed in incidents/urls.py."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", include("incidents.urls")),
    path("", include("teams.urls")),
    # Addresses are changed by an administrator, through the journal.
    path("accounts/email/", RedirectView.as_view(pattern_name="teams:profile")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
