"""
Sign-off: who must approve a text, and who has.

    open --every stage signed--> approved --text changes--> void
    open --one asks for changes--> changes ;  open --one refuses--> refused
    open --text changes--> void

A round never ends twice. Stages open one after the other; the seats of a stage sign in parallel.
"""
