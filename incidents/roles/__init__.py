"""
Roles: who does what in this incident, with a deputy behind, and what that lets them do.

    offered --accept--> accepted
    offered --decline--> declined        offered, accepted --relieve, hand over--> ended

Rights in the room are what a person's roles and invitations add up to, at every moment: they
come with the role (for the deputy too) and go with it.
"""
