"""
Deliveries: one reason reaches one person on one channel, once.

    message: waiting --lease--> leased --confirmed--> delivered
             leased --refused for now--> waiting (back-off) ;  leased --refused--> failed
             leased --nobody knows--> waiting, in doubt --again nobody knows--> uncertain
             leased --lease ran out--> leased again, in doubt

`actions.deliver` is called in the transaction that knows the reason (a reminder's step, an entry
of the timeline); what is due together for a person is one message. Sending is another slice's.
"""
