#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs `gradus bench train --json` and train_peer.py in turn and prints the ratio of their speeds with its spread.

usage: compare_train.py GRADUS [--python PYTHON] [--pairs N] [--stock] [-- options for both sides]
--stock leaves the peer's allocator and OpenMP settings as they come; otherwise it gets the same as ours.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys


def speed(command, environment):
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(result.stdout.strip().splitlines()[-1])["tokens_per_second"]


def main():
    arguments, both = sys.argv[1:], []
    if "--" in arguments:
        cut = arguments.index("--")
        arguments, both = arguments[:cut], arguments[cut + 1:]
    parser = argparse.ArgumentParser()
    parser.add_argument("gradus")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--stock", action="store_true")
    o = parser.parse_args(arguments)
    peer = [o.python, str(pathlib.Path(__file__).with_name("train_peer.py")), *both]
    tuned = dict(os.environ)
    if not o.stock:
        tuned.update(OMP_WAIT_POLICY="passive", MALLOC_MMAP_THRESHOLD_=str(1 << 30),
                     MALLOC_TRIM_THRESHOLD_=str((1 << 31) - 1), MALLOC_TOP_PAD_=str(64 << 20))
    ours, theirs = [], []
    for pair in range(o.pairs):
        order = [(ours, [o.gradus, "bench", "train", "--json", *both], dict(os.environ)), (theirs, peer, tuned)]
        for speeds, command, environment in order if pair % 2 == 0 else reversed(order):
            speeds.append(speed(command, environment))
        print(f"pair {pair + 1}: gradus {ours[-1]:,.0f} tok/s, peer {theirs[-1]:,.0f} tok/s, "
              f"ratio {ours[-1] / theirs[-1]:.2f}", file=sys.stderr)
    ratios = [a / b for a, b in zip(ours, theirs)]
    print(json.dumps({"pairs": o.pairs, "gradus_median": statistics.median(ours),
                      "peer_median": statistics.median(theirs), "ratio_median": statistics.median(ratios),
                      "ratio_min": min(ratios), "ratio_max": max(ratios), "peer_tuned": not o.stock}))


if __name__ == "__main__":
    main()
