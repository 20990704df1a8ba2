"""
Statements: what the organisation says, signed before it is said.

    draft --submit--> in sign-off --complete--> good to publish --publish--> published
      ^                  |    ^                       |
      +--changes/refuse--+    +-------save as vN------+        any of them --withdraw--> withdrawn

A draft is saved by itself; *save as vN* makes an immutable version with its fingerprint. A new
version voids the sign-offs of the one before it. A published statement is not edited: a
correction is a statement of its own. What appeared without sign-off is recorded as that.
"""
