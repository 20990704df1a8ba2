"""
Evidence: files kept as they were received, under their SHA-256.

    file --add_evidence--> kept, told in the timeline with its hash; never changed, never replaced
    words and files --log_with_evidence--> one entry that tells both

A piece is as privileged as its entry. What the hash in the chain shows is that the file is the
one that was added, no more.
"""
