#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging and reading back beside other trackers, in alternating rounds: `gradus bench store` and tracker_peer.py.

usage: trackers.py GRADUS [--python PYTHON] [--trackers a,b] [--rounds N] [--write N] [--read N] [--charts N] [--kills N]
  --write N    points logged in a round, ten a step (100,000)
  --read N     points of the one series that is read whole (1,000,000)
  --charts N   points of the 100 runs of 10 series that are all read for charts (1,000,000)
  --kills N    how often each is killed at 200 steps a second (6)
PYTHON needs: pip install trackio mlflow tensorboard tensorboardX aim. A part of 0 points, or no kills, is left out.
Ratios are of the same round; what is read was written before, untimed.
"""
import argparse
import json
import pathlib
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

PEERS = ["trackio", "mlflow", "tensorboard", "aim"]
PEER = str(pathlib.Path(__file__).with_name("tracker_peer.py"))


class Sides:
    def __init__(self, options, folder):
        self.gradus, self.python, self.folder = options.gradus, options.python, folder

    def line(self, command):
        done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}\n{done.stderr[-3000:]}")
        return json.loads(done.stdout.strip().splitlines()[-1])

    def bench(self, *shape):
        return self.line([self.gradus, "bench", "store", "--json", *shape])

    def peer(self, tracker, action, folder, *shape):
        return self.line([self.python, PEER, tracker, action, self.folder / folder, *shape])


def spread(values, digits=1):
    return f"{statistics.median(values):,.{digits}f} [{min(values):,.{digits}f}, {max(values):,.{digits}f}]"


def compare(what, rounds, trackers, ours, theirs, better):
    """ours() and theirs(tracker) give a figure; better: which is, "more" or "less"."""
    table = {name: [] for name in ["gradus", *trackers]}
    for turn in range(rounds):
        order = ["gradus", *trackers] if turn % 2 == 0 else [*reversed(trackers), "gradus"]
        for name in order:
            table[name].append(ours() if name == "gradus" else theirs(name))
    print(f"\n{what}, {rounds} rounds")
    for name, values in table.items():
        ratios = [a / b if better == "more" else b / a for a, b in zip(table["gradus"], values)]
        print(f"  {name:12} {spread(values, 0 if better == 'more' else 1):>36}   gradus is {spread(ratios)} times as good",
              flush=True)


def last_number(stream, seconds, process):
    """Reads acknowledged steps for a while, kills, and returns the last one."""
    until, last = time.monotonic() + seconds, 0
    for line in stream:
        last = int(line)
        if time.monotonic() > until:
            process.send_signal(signal.SIGKILL)
            break
    for line in stream:
        if line.strip().isdigit():
            last = int(line)
    process.wait()
    return last


def killed(sides, tracker, seconds):
    """Steps acknowledged, and steps found afterwards."""
    folder = sides.folder / "killed"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if tracker == "gradus":
        command = [sides.gradus, "bench", "store", "--points", "10000000", "--pace", "200", "--acknowledge", "-o",
                   folder / "gradus.db"]
    else:
        command = [sides.python, PEER, tracker, "log", folder, "--pace", "200"]
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    acknowledged = last_number(process.stdout, seconds, process)
    if tracker == "gradus":
        # As the next run, or the window when it opens the store, does by itself.
        subprocess.run([str(sides.gradus), "store", "recover", "--store", folder / "gradus.db"], check=True, stdout=subprocess.DEVNULL)
        store = sqlite3.connect(folder / "gradus.db")
        found = store.execute("select count(*) from point where series_id = (select min(series_id) from point)").fetchone()[0]
        store.close()
    else:
        found = sides.line([sides.python, PEER, tracker, "count", folder])["steps"]
    return acknowledged, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gradus")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--trackers", default=",".join(PEERS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=int, default=100_000)
    parser.add_argument("--read", type=int, default=1_000_000)
    parser.add_argument("--charts", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=6)
    o = parser.parse_args()
    trackers = [name for name in o.trackers.split(",") if name]
    with tempfile.TemporaryDirectory() as name:
        sides = Sides(o, pathlib.Path(name))

        def fresh(tracker):
            shutil.rmtree(sides.folder / "written", ignore_errors=True)
            return sides.peer(tracker, "write", "written", "--points", o.write)

        if o.write:
            compare(f"logging {o.write:,} points, ten a step: points a second, durable at the end", o.rounds, trackers,
                    lambda: sides.bench("--points", o.write)["rows_per_second"],
                    lambda tracker: fresh(tracker)["rows_per_second"], "more")
            print("  bytes a point: gradus " + f"{sides.bench('--points', o.write)['bytes_per_point']:.0f}, " +
                  ", ".join(f"{tracker} {fresh(tracker)['bytes_per_point']:.0f}" for tracker in trackers))
        if o.read:
            shape = ["--points", o.read, "--series", 1]
            for tracker in trackers:
                sides.peer(tracker, "write", tracker + "-one", *shape)
            compare(f"reading one series of {o.read:,} points: ms", o.rounds, trackers,
                    lambda: sides.bench(*shape)["read_milliseconds"],
                    lambda tracker: sides.peer(tracker, "read", tracker + "-one", *shape)["read_milliseconds"], "less")
        if o.charts:
            shape = ["--points", o.charts, "--series", 10, "--runs", 100]
            for tracker in trackers:
                sides.peer(tracker, "write", tracker + "-many", *shape)
            compare(f"100 runs x 10 charts x {o.charts // 1000:,} steps: ms until every chart has its points", o.rounds,
                    trackers, lambda: sides.bench(*shape)["charts_milliseconds"],
                    lambda tracker: sides.peer(tracker, "charts", tracker + "-many", *shape)["charts_milliseconds"], "less")
        if o.kills:
            print(f"\nkilled {o.kills} times at 200 steps a second: steps whose call had returned and that are not there")
            for tracker in ["gradus", *trackers]:
                pairs = [killed(sides, tracker, 1.5 + 0.37 * i) for i in range(o.kills)]
                steps, lost = sum(a for a, _ in pairs), sum(max(0, a - f) for a, f in pairs)
                print(f"  {tracker:12} {lost} of {steps} = {lost / max(steps, 1):.1%}; the most at once "
                      f"{max(a - f for a, f in pairs)}", flush=True)


if __name__ == "__main__":
    main()
