"""For hosts that only speak WSGI: everything but the live stream, which then polls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crisisdesk.settings")
application = get_wsgi_application()
