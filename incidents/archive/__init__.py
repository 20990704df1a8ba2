"""
The archive: whole incidents in and out, one schema for both.

    past crisis (JSON, CSV) --import--> closed incident whose events are entries
    incident --export--> record with its chain --restore--> sealed incident, growing a second chain

Verbs: import_crisis, export_record, restore_record. An export is checked by `manage.py
verify_timeline --file` and, without CrisisDesk, by docs/verify/verify_export.py.
"""
