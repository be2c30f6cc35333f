#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How near `gradus model tune --estimate` comes to what tuning then takes: said and taken in turn, for each case.

usage: tuning_time.py GRADUS FOLDER [--pairs N] [--steps N] [CASE ...]
FOLDER: a model's (packaging/real-model). Rows have 20 to 200 words; a twentieth is held out. Taken is the whole command,
with reading and writing. Cases: sft, lora, dpo, classify, recompute, accumulate.
"""
import argparse
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

CASES = {"sft": ["--batch", "4"], "lora": ["--batch", "4", "--lora", "8"],
         "dpo": ["--batch", "2", "--method", "dpo", "--lora", "8"],
         "classify": ["--batch", "4", "--method", "classify", "--lora", "8"],
         "recompute": ["--batch", "4", "--recompute"], "accumulate": ["--batch", "2", "--accumulate", "2", "--lora", "8"]}
WORDS = "the a river old king said to walk light over under stone winter green and never often seven tall quiet".split()


def write(path):
    draw = random.Random(1)
    said = lambda: " ".join(draw.choices(WORDS, k=draw.randrange(10, 100)))
    path.write_text("".join(json.dumps({"prompt": f"{i}: {said()}", "completion": said(), "chosen": said(),
                                        "rejected": said(), "text": said(), "label": i % 3}) + "\n" for i in range(400)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gradus", type=lambda name: str(pathlib.Path(name).resolve()))
    parser.add_argument("folder", type=lambda name: str(pathlib.Path(name).resolve()))
    parser.add_argument("cases", nargs="*", default=list(CASES))
    parser.add_argument("--pairs", type=int, default=2)
    parser.add_argument("--steps", type=int, default=40)
    o = parser.parse_intermixed_args()
    print(f"{'case':<12} {'said':>9} {'taken':>9} {'error':>7}   load", flush=True)
    errors = []
    with tempfile.TemporaryDirectory() as scratch:
        rows = pathlib.Path(scratch) / "rows.jsonl"
        write(rows)
        for case in o.cases:
            for pair in range(o.pairs):
                common = [o.gradus, "model", "tune", o.folder, "--data", str(rows), "-o", f"{scratch}/{case}{pair}",
                          "--max-steps", str(o.steps), *CASES[case]]
                load = os.getloadavg()[0]
                told = subprocess.run([*common, "--estimate"], capture_output=True, text=True, check=True).stdout
                said = float(re.search(r"\(([0-9.]+) s\)", told).group(1))
                begun = time.monotonic()
                subprocess.run(common, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                taken = time.monotonic() - begun
                errors.append(said / taken - 1)
                print(f"{case:<12} {said:>7.1f} s {taken:>7.1f} s {100 * errors[-1]:>+6.0f}%   {load:.1f}", flush=True)
    print(f"error: median {100 * statistics.median(errors):+.0f} %, from {100 * min(errors):+.0f} to "
          f"{100 * max(errors):+.0f} %, n = {len(errors)}")


if __name__ == "__main__":
    main()
