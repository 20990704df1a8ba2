"""
The benchmarks behind `manage.py bench`, one file each, listed in `registry.py`.

    command -> scratch database -> a process of its own there -> figures, one JSON line each

A bench never meets anybody's data: it runs in a process whose environment names a temporary
folder and a database made for the run, and it refuses to run anywhere else. Both are gone when
the run ends, also by Ctrl-C.
"""
