"""Everything in one: the launcher behind `manage.py desk`.

    lock the data folder -> broker -> tables and pages' files -> web, worker, beat
      -> the page answers -> address printed -> watch -> Ctrl-C: web, beat, worker, broker end

Each process it starts is tied to it (kit/tied.py): killing the launcher with -9 orphans nothing.
A process that dies is started again, with a growing pause.
"""
