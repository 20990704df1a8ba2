"""Crises: from the first sign to the report. One slice a kind of work, see `urls.py`."""
