"""
Lifecycle: an incident is opened, changes its status, stands down, is closed or comes back.

    triage --take on--> active <--> monitoring
    triage --not a crisis--> closed
    active, monitoring --stand down--> resolved --close--> closed
    resolved, closed --reopen--> active

Closing after a stand-down asks for an accepted post-mortem, or a waiver with its reason.
Verbs: open_incident, change_status, change_confidentiality.
"""
