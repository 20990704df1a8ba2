"""What the launcher's web server serves: the project, in a process tied to the server's.

The server starts worker processes of its own; tied, they end with it even when it is killed.
"""

import os

from crisisdesk.kit import tied

tied.tie(os.getppid())

from crisisdesk.asgi import application  # noqa: E402 - the tie comes first

__all__ = ["application"]
