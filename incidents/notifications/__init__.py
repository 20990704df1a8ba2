"""
Notifications: who hears of what, and the messages that carry it.

    outbox row --empty--> deliveries to those who hear of the kind of event
    message    --lease, send, mark--> delivered, failed, or in doubt (see deliveries)

Nobody calls this slice: it reads the timeline's outbox and the messages that wait. A mail is
sent outside any transaction, under a lease of 60 seconds and always with the same Message-ID.
What was clearly refused for now is tried again for a day. An attempt whose fate nobody knows (a
worker killed, a line cut after the text) is counted as a doubt and tried again: losing is worse
than repeating, and a mail system drops a Message-ID that it has seen. After three lines cut after
the text the message rests as "perhaps delivered".
"""
