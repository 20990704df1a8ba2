"""
Sign-off: whose yes a text needs, and who gave it to exactly which text.

    round:  open --approve (last stage)--> approved --new version, withdrawal--> void
            open --request changes--> changes        open --refuse--> refused
            approved --stricter severity--> open, with the stages that were missing
    stage:  waiting its turn --opens--> open --enough approvals--> complete

One person decides once per version; nobody signs their own words, nor what they did not see.
"""
