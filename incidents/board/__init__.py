"""
Board: the desk (what needs me now), the list, the room and what keeps it live.

It only reads. A page is rendered whole; then the stream names what changed and each panel
re-reads itself. The pulse answers the same question to those who have no stream.
"""
