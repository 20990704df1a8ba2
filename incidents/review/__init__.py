"""
Review: the post-mortem. A chronology that the record writes, an analysis that people write.

    unwritten --summarise, add a lesson, add an action--> being written
    being written --accept--> accepted (summary and lessons are closed) --reopen--> being written
    action: open --> started --> done ;  open, started --> dropped ;  each may come back

`queries.report` is the one source of every figure: the page, the PDF and the JSON read it.
Verbs: summarise, add_lesson, change_lesson, remove_lesson, add_action, change_action,
accept_report, reopen_report, record_export.
"""
