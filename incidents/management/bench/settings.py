"""The real settings for the process of a bench: pages' files hashed as usual, not compressed."""

from crisisdesk.settings import *  # noqa: F403

STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
}
IS_SCRATCH = True
