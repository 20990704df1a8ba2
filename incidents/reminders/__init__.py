"""
Reminders: nothing owed is forgotten.

    step: waiting --take--> taken (delivered to whom it calls at that time)
          waiting --drop--> dropped (settled, acknowledged or put off before its time)
    due:  due --acknowledge--> somebody takes care of it, the other steps stop
          due --snooze--> due later, the steps begin again
          due --silence--> deputy, crisis lead, executive sponsor: each on the record

Due work lies in the database. `take_due_steps` asks what is due; it may be called at any time,
by any number of workers, and a call that dies has changed nothing.
"""
