"""Where each address leads. The slices of an incident are listed in incidents/urls.py."""

from allauth.mfa.webauthn import views as passkeys
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from crisisdesk.sign_in import views

# By the names that django-allauth asks for; what it has beside these has no page of ours.
sign_in_patterns = [
    path("login/", views.SignInView.as_view(), name="account_login"),
    path("login/code/", views.RequestCodeView.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", views.ConfirmCodeView.as_view(), name="account_confirm_login_code"),
    path("login/passkey/", views.PasskeySignInView.as_view(), name="mfa_login_webauthn"),
    path("reauthenticate/", views.ConfirmView.as_view(), name="account_reauthenticate"),
    path(
        "reauthenticate/code/",
        views.ConfirmByCodeView.as_view(),
        name="account_reauthenticate_code",
    ),
    path(
        "reauthenticate/passkey/",
        views.ConfirmByPasskeyView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("once-more/", views.once_more, name="once_more"),
    path("password/set/", views.FirstPasswordView.as_view(), name="account_set_password"),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/", RedirectView.as_view(pattern_name="mfa_list_webauthn"), name="mfa_index"),
    path("passkeys/add/", views.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/rename/", views.RenamePasskeyView.as_view(), name="mfa_edit_webauthn"),
    path(
        "passkeys/<int:pk>/remove/", views.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"
    ),
    # Addresses are changed by an administrator, through the journal.
    path("email/", RedirectView.as_view(pattern_name="teams:profile")),
]
handler500 = "crisisdesk.kit.handling.server_error"
urlpatterns = [
    path("", include("incidents.urls")),
    path("", include("teams.urls")),
    path("accounts/", include(sign_in_patterns)),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
