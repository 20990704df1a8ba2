"""The real settings, told that this is a test: no data folder of anyone is touched."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["CRISISDESK_ENV"] = "test"
os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 50
data = Path(tempfile.mkdtemp(prefix="crisisdesk-test-"))
atexit.register(shutil.rmtree, data, ignore_errors=True)
(data / "static").mkdir()
os.environ["CRISISDESK_DATA"] = str(data)
# What all processes of one run make once between them: the first sets it, the others inherit it.
os.environ.setdefault("CRISISDESK_TEST_RUN", str(data))
for outside in (
    "ALLOWED_HOSTS",
    "CRISISDESK_DEMO",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "EMAIL_HOST",
    "PUBLIC_URL",
    "STATIC_ROOT",
    "TIME_ZONE",
):
    os.environ.pop(outside, None)

from crisisdesk.launch.catalogues import compile_stale  # noqa: E402
from crisisdesk.settings import *  # noqa: E402, F403

# Test processes side by side may share a Redis; they never share what is cached.
CACHES["default"]["KEY_PREFIX"] = f"test-{os.getpid()}"  # noqa: F405
# Threads of tests end without giving a connection back; the tests with real processes keep them.
DATABASES["default"].get("OPTIONS", {}).pop("pool", None)  # noqa: F405
# Most tests sign in by force, which proves nobody: those of tests/sign_in set it.
SIGNOFF_CONFIRM_AFTER = None
# Every client would list all files to serve them at once; they are found when one is asked for.
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":  # noqa: F405
    # No test pulls the plug of the server: who commits need not wait for the disk.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"  # noqa: F405
compile_stale()
