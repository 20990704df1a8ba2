"""Starts a program that dies with the one that started it, also when that one is killed with -9.

Linux kills the child through PR_SET_PDEATHSIG; elsewhere the program simply runs. The setting
belongs to the thread that started the child, survives exec, and is not inherited by the child's
own children: whoever starts programs of its own ties them too.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
WRONG_USAGE = 2


def command(*program: str) -> list[str]:
    """Return the command line that runs `program` tied to this process.

    This file runs alone there, without the project, so that it costs milliseconds.
    """
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *program]


def tie(parent: int) -> None:
    """Ask to be killed when `parent` ends; end now if it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def run(arguments: list[str]) -> None:
    """Become the program: `PID PROGRAM [ARGUMENT ...]`."""
    parent, *program = arguments
    tie(int(parent))
    os.execvp(program[0], program)  # noqa: S606 - the programs are our own


if __name__ == "__main__":
    if len(sys.argv) <= WRONG_USAGE:
        sys.exit(WRONG_USAGE)
    run(sys.argv[1:])
