from django.urls import path

from incidents.roles import views

urlpatterns = [
    path("", views.roles, name="roles"),
    path("panel/", views.panel, name="roles-panel"),
    path("assign/", views.assign, name="role-assign"),
    path("invite/", views.invite, name="role-invite"),
    path("invitations/<int:invitation>/end/", views.invitation_end, name="role-invitation-end"),
    path("exclude/", views.exclude, name="role-exclude"),
    path("exclusions/<int:exclusion>/end/", views.readmit, name="role-readmit"),
    path("<int:assignment>/", views.role, name="role"),
    path("<int:assignment>/accept/", views.accept, name="role-accept"),
    path("<int:assignment>/decline/", views.decline, name="role-decline"),
    path("<int:assignment>/deputy/", views.deputy, name="role-deputy"),
    path("<int:assignment>/hand-over/", views.hand_over, name="role-hand-over"),
    path("<int:assignment>/relieve/", views.relieve, name="role-relieve"),
]
