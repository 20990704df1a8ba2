"""
Clocks: what is owed by a time, and who is called before and after it.

    promise: open --keep--> kept (late when published after its time)
             open --miss--> missed (the next fell due, or stand-down) --keep--> kept
             open --move--> moved, a new promise takes its place
             open --cancel--> cancelled

Everything owed (a promise, a stage of a sign-off, a role on offer) plans a Due with its steps in
the transaction that makes it, and settles it in the transaction that ends it. The reminders
slice takes the steps; nothing else starts by the clock.
"""
