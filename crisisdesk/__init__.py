"""The project: wiring only. `settings.py` says how it is put together."""

from crisisdesk.celery import app as celery_app

__all__ = ("celery_app",)
