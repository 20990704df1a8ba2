"""
Approval policies as data: what they say, in words; what is wrong with one; what one would ask.

    policy: in force --change--> in force as the next version, the old one kept
            in force --retire--> kept, chosen no more      shipped --change--> the team's own copy

A round keeps the version of the policy that it was opened with.
"""
