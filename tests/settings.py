"""The real settings, told that this is a test: no data folder of anyone is touched."""

import atexit
import os
import shutil
import tempfile

os.environ["CRISISDESK_ENV"] = "test"
os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 50
os.environ["CRISISDESK_DATA"] = tempfile.mkdtemp(prefix="crisisdesk-test-")
atexit.register(shutil.rmtree, os.environ["CRISISDESK_DATA"], ignore_errors=True)
for outside in (
    "ALLOWED_HOSTS",
    "CRISISDESK_DEMO",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "EMAIL_HOST",
    "PUBLIC_URL",
    "TIME_ZONE",
):
    os.environ.pop(outside, None)

from crisisdesk.launch.catalogues import compile_stale  # noqa: E402
from crisisdesk.settings import *  # noqa: E402, F403

compile_stale()
