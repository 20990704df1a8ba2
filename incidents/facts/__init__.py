"""
Facts: what the room knows, and what it does not know yet. One ledger per incident.

    unconfirmed --confirm--> confirmed --refute--> refuted
         ^  |                    |                    |  |
         |  +-------refute-------|--------------------+  +--confirm--> confirmed
         +--------reopen---------+---------reopen-----+
    unconfirmed, confirmed --reword--> the same state, other words

Each change of state or words is kept with its source and reason. Statements cite facts; that
what they cite has changed since is worked out when it is read: facts call nobody.
"""
