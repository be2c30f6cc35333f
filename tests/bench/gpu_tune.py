#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`gradus bench tune` on a GPU beside gpu_tune_peer.py, in turn, on the cases named; prints a table and a line of JSON a
case: tokens/s, share of the GPU's peak, ratio with its smallest and largest, peak memory of both.

usage: gpu_tune.py GRADUS [--pairs N] [--steps N] [--peak TFLOPS] [--python PYTHON] [--out FILE] CASE...
CASE: MODEL:full|loraN:SEQUENCExBATCH[:recompute][:FEWEST], e.g. qwen2.5-1.5b:full:1024x16 or
      qwen2.5-0.5b:lora16:4096x8:recompute. --peak: 989, an H100's or H200's bf16 by its datasheet.
"""
import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys


def flags(case):
    parts = case.split(":")
    sequence, batch = parts[2].split("x")
    made = ["--model", parts[0], "--sequence", sequence, "--batch", batch]
    if parts[1] != "full":
        made += ["--rank", re.sub(r"\D", "", parts[1])]
    for extra in parts[3:]:
        made += ["--recompute"] if extra == "recompute" else ["--fewest", extra]
    return made


def measured(command):
    """The line of JSON, or in its place a sentence about how it ended."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return json.loads(done.stdout.strip().splitlines()[-1])
    text = (done.stderr or done.stdout).strip()
    return {"failed": "out of memory" if "out of memory" in text.lower() else text[-300:]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gradus")
    parser.add_argument("cases", nargs="+")
    parser.add_argument("--pairs", type=int, default=2)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--peak", type=float, default=989)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--scheme", default="master")
    parser.add_argument("--out")
    o = parser.parse_args()
    peer = str(pathlib.Path(__file__).with_name("gpu_tune_peer.py"))
    for case in o.cases:
        common = flags(case) + ["--steps", str(o.steps), "--warmup", "3", "--device", "cuda"]
        ours, theirs = [], []
        for pair in range(o.pairs):
            both = [(ours, [o.gradus, "bench", "tune", "--json", "--precision", "bf16", *common]),
                    (theirs, [o.python, peer, "--scheme", o.scheme, *common])]
            for results, command in both if pair % 2 == 0 else reversed(both):
                results.append(measured(command))
        row = {"case": case, "scheme": o.scheme, "pairs": o.pairs, "gradus": ours, "peer": theirs}
        good, others = ([a for a in some if "failed" not in a] for some in (ours, theirs))
        text = f"{case:34}"
        if good:
            speed = statistics.median(a["tokens_per_second"] for a in good)
            share = speed * good[0]["operations_per_token"] / o.peak / 1e12
            row.update(tokens_per_second=speed, share_of_peak=share)
            text += f" gradus {speed:9,.0f} tok/s, {100 * share:4.1f} % of peak, {good[0]['peak_bytes'] / 2**30:5.1f} GiB"
            text += f" (estimated {good[0]['estimated_bytes'] / 2**30:5.1f})"
        else:
            text += f" gradus: {ours[0]['failed']}"
        if others:
            text += (f" | peer {statistics.median(b['tokens_per_second'] for b in others):9,.0f}, "
                     f"{others[0]['peak_bytes'] / 2**30:5.1f} GiB")
        else:
            text += f" | peer: {theirs[0]['failed'][-120:]}"
        if good and others:
            ratios = [a["tokens_per_second"] / b["tokens_per_second"] for a, b in zip(ours, theirs)
                      if "failed" not in a and "failed" not in b]
            row["ratio"] = {"median": statistics.median(ratios), "min": min(ratios), "max": max(ratios)}
            text += f" | {row['ratio']['median']:.2f}x [{row['ratio']['min']:.2f}, {row['ratio']['max']:.2f}]"
        print(text, flush=True)
        if o.out:
            with open(o.out, "a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
