#!/usr/bin/env python
"""The project's command line: `manage.py desk` starts everything."""

import os
import sys

try:
    from django.core.management import execute_from_command_line
except ModuleNotFoundError:
    sys.exit("Django is not installed here. Run `make setup`, then use .venv/bin/python.")

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crisisdesk.settings")
    execute_from_command_line(sys.argv)
