#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs templates to their end as they are and says what each takes: clock, processor time, training operations.

usage: template_times.py GRADUS TEMPLATES_FOLDER [NAME ...]
Without a name: every template that needs no data file, one after the other. Stores lie in a folder that is removed.
Processor time is that of the program and of all it started, and hardly depends on what else the machine does; the clock does.
Training operations are those that the runs' generations record: students, roll-backs and forecasts, no ceilings.
"""
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

MOST_EACH, MOST_TOGETHER = 6, 45  # minutes on two cores


def facts(store):
    """(runs, finished, seeds, operations) of a store; of each run the operations of all it tried; None: none recorded."""
    opened = sqlite3.connect(store)
    runs, finished, seeds = opened.execute(
        "SELECT COUNT(*), SUM(state = 'finished'), COUNT(DISTINCT seed) FROM run").fetchone()
    operations = opened.execute(
        "SELECT SUM(most) FROM (SELECT MAX(flops) AS most FROM generation GROUP BY run_id)").fetchone()[0]
    opened.close()
    return runs, finished, seeds, operations


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    gradus, folder = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    files = [folder / f"{name}.toml" for name in sys.argv[3:]] or [
        file for file in sorted(folder.glob("*.toml"))
        if not re.search(r'^(teacher|student|test)_data *=', file.read_text(), re.MULTILINE)]
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f} at the beginning")
    print(f"{'template':<22} {'runs':>5} {'seeds':>5} {'clock':>8} {'processor':>9} {'cores':>5}  training operations")
    clocks, processors, failed = [], [], False
    for file in files:
        with tempfile.TemporaryDirectory() as place:
            store = pathlib.Path(place) / "gradus.db"
            begun = time.monotonic()
            process = subprocess.Popen([gradus, "run", str(file), "--store", str(store)], cwd=place,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            said = process.stderr.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            clock, processor = time.monotonic() - begun, used.ru_utime + used.ru_stime
            if process.returncode != 0:
                failed = True
                print(f"{file.stem:<22} exit code {process.returncode}: {said.strip()[-300:]}", flush=True)
                continue
            runs, finished, seeds, operations = facts(store)
        clocks.append(clock)
        processors.append(processor)
        spent = "none recorded" if operations is None else f"{operations:.1e}"
        print(f"{file.stem:<22} {runs:>5} {seeds:>5} {clock:>6.0f} s {processor:>7.0f} s {processor / clock:>5.2f}  {spent}"
              + ("" if finished == runs else f"  only {finished} of the runs finished"), flush=True)
    print(f"together: {sum(clocks) / 60:.1f} min on the clock, {sum(processors) / 60:.1f} min of processor time; "
          f"aims: {MOST_TOGETHER} min together, {MOST_EACH} each; over it on the clock: "
          f"{sum(clock > 60 * MOST_EACH for clock in clocks)} of {len(clocks)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
