"""
Sign-in by django-allauth, closed to the public: people are added by their administrator.

    link --password, passkey or one e-mailed code--> signed in --> the page behind the link
    old session --the same, once more--> fresh (kit/fresh.py says what asks for it)

A passkey is another way in, not a second step: who has one on the desk still gets a code on the
phone. Wherever the way in begins again, the page that was asked for (`next`) is not lost.
"""
