#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs `gradus bench NAME --json` and NAME_peer.py in turn and prints the ratio of their speeds, and of their peak
memory, with the spread.

usage: compare.py NAME GRADUS [--python PYTHON] [--pairs N] [--stock] [-- options for both sides]
NAME: train, generate, load or tokenizer. --stock leaves the peer's allocator and OpenMP settings as they come; otherwise it gets
the same as ours.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

FIGURES = {"train": "tokens_per_second", "generate": "tokens_per_second", "load": "models_per_second",
           "tokenizer": "megabytes_per_second"}


def measured(command, environment, figure):
    """Speed, and the peak resident memory of the process in MiB."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    output = process.stdout.read()
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)}\n{error}")
    return json.loads(output.strip().splitlines()[-1])[figure], usage.ru_maxrss / 1024


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def main():
    arguments, both = sys.argv[1:], []
    if "--" in arguments:
        cut = arguments.index("--")
        arguments, both = arguments[:cut], arguments[cut + 1:]
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=FIGURES)
    parser.add_argument("gradus")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--stock", action="store_true")
    o = parser.parse_args(arguments)
    peer = [o.python, str(pathlib.Path(__file__).with_name(o.name + "_peer.py")), *both]
    tuned = dict(os.environ)
    if not o.stock:
        tuned.update(OMP_WAIT_POLICY="passive", MALLOC_MMAP_THRESHOLD_=str(1 << 30),
                     MALLOC_TRIM_THRESHOLD_=str((1 << 31) - 1), MALLOC_TOP_PAD_=str(64 << 20))
    ours, theirs = [], []
    for pair in range(o.pairs):
        order = [(ours, [o.gradus, "bench", o.name, "--json", *both], dict(os.environ)), (theirs, peer, tuned)]
        for results, command, environment in order if pair % 2 == 0 else reversed(order):
            results.append(measured(command, environment, FIGURES[o.name]))
        print(f"pair {pair + 1}: gradus {ours[-1][0]:,.1f}, peer {theirs[-1][0]:,.1f} {FIGURES[o.name]}, ratio "
              f"{ours[-1][0] / theirs[-1][0]:.2f}; peak {ours[-1][1]:,.0f} and {theirs[-1][1]:,.0f} MiB", file=sys.stderr)
    print(json.dumps({"bench": o.name, "options": both, "pairs": o.pairs, "peer_tuned": not o.stock,
                      "gradus_median": statistics.median(a[0] for a in ours),
                      "peer_median": statistics.median(b[0] for b in theirs),
                      "ratio": spread([a[0] / b[0] for a, b in zip(ours, theirs)]),
                      "memory_ratio": spread([a[1] / b[1] for a, b in zip(ours, theirs)])}))


if __name__ == "__main__":
    main()
