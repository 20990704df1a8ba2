"""
The timeline: numbered, chained, only growing.

    logged --correct--> corrected by a newer entry, never changed
    logged --reclassify--> privileged (stricter only)

`actions.record` is the only pen; every verb calls it inside its own transaction.
"""
