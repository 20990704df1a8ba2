from django.urls import path

from incidents.statements import views
from incidents.statements.views import publishing, signing

urlpatterns = [
    path("", views.statements, name="statements"),
    path("panel/", views.panel, name="statements-panel"),
    path("new/", views.new, name="statement-new"),
    path("draft/", views.draft, name="statement-draft"),
    path("unsigned/", publishing.unsigned, name="statement-unsigned"),
    path("unsigned/record/", publishing.record_unsigned, name="statement-record-unsigned"),
    path("<int:number>/", views.statement, name="statement"),
    path("<int:number>/brief/", views.brief, name="statement-brief"),
    path("<int:number>/brief/change/", views.change_brief, name="statement-change-brief"),
    path("<int:number>/edit/", views.edit, name="statement-edit"),
    path("<int:number>/draft-state/", views.draft_state, name="statement-draft-state"),
    path("<int:number>/save-draft/", views.save_draft, name="statement-save-draft"),
    path("<int:number>/save-version/", views.save_version, name="statement-save-version"),
    path("<int:number>/go-back/", views.go_back, name="statement-go-back"),
    path("<int:number>/submit/", signing.submit, name="statement-submit"),
    path("<int:number>/decide/", signing.decide, name="statement-decide"),
    path("<int:number>/newer/", signing.newer, name="statement-newer"),
    path("<int:number>/signoff/", signing.signoff, name="statement-signoff"),
    path("<int:number>/approve/", signing.approve, name="statement-approve"),
    path(
        "<int:number>/request-changes/", signing.request_changes, name="statement-request-changes"
    ),
    path("<int:number>/refuse/", signing.refuse, name="statement-refuse"),
    path("<int:number>/publication/", publishing.publication, name="statement-publication"),
    path(
        "<int:number>/record-publication/",
        publishing.record_publication,
        name="statement-record-publication",
    ),
    path("<int:number>/withdraw/", publishing.withdraw, name="statement-withdraw"),
]
