#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores the last generation of every run of a store on LLMBar, whose five parts are five of the six subsets of
RewardBench's section Chat Hard, and says of each condition what it got there, with a 95 % t interval over seeds; beside it what always choosing the shorter answer gets.

usage: llmbar_sections.py GRADUS STORE LLMBAR_FOLDER     LLMBAR_FOLDER: natural.jsonl, adversarial_neighbor.jsonl and so on
Of the run store each finished run of a preference task is read. Rows are LLMBar's own: their numbers a subset need not be
RewardBench's, which `gradus data rewardbench` names; sections weigh subsets as published.
"""
import collections
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile

PARTS = {"natural": "llmbar-natural", "adversarial_neighbor": "llmbar-adver-neighbor",
         "adversarial_gptinst": "llmbar-adver-GPTInst", "adversarial_gptout": "llmbar-adver-GPTOut",
         "adversarial_manual": "llmbar-adver-manual"}
T95 = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}


def pairs(folder):
    """All parts as rows of RewardBench's form."""
    for name, subset in PARTS.items():
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            chosen, rejected = (row["output_1"], row["output_2"]) if row["label"] == 1 else (row["output_2"], row["output_1"])
            yield {"subset": subset, "prompt": row["input"], "chosen": chosen, "rejected": rejected}


def shorter(rows):
    """The same rows as if the shorter answer were always preferred; answers of one length tie."""
    for row in rows:
        chosen, rejected = len(row["chosen"]), len(row["rejected"])
        yield {"subset": row["subset"], "result": 1.0 if chosen < rejected else 0.5 if chosen == rejected else 0.0}


def lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def interval(values):
    mean = statistics.fmean(values)
    half = T95[len(values) - 1] * statistics.stdev(values) / math.sqrt(len(values)) if 1 < len(values) < 11 else math.nan
    return f"{mean:.3f} ±{half:.3f}"


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    gradus, store, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])

    def said(*command):
        done = subprocess.run([gradus, *command], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"gradus {' '.join(command)}: {done.stderr}")
        return done.stdout

    runs = [run for run in json.loads(said("list", "--json", "--store", store)) if run["state"] == "finished"]
    by_condition = collections.defaultdict(lambda: collections.defaultdict(list))
    with tempfile.TemporaryDirectory() as scratch:
        rows, scores = pathlib.Path(scratch, "pairs.jsonl"), pathlib.Path(scratch, "scores.jsonl")
        lines(rows, pairs(folder))

        def keep(condition):
            found = json.loads(said("data", "rewardbench", str(scores), "--json"))
            for name, score in {**found["sections"], **found["subsets"]}.items():
                if score:
                    by_condition[condition][name].append(score["value"])

        lines(scores, shorter(pairs(folder)))
        keep("always the shorter answer")
        for run in runs:
            said("model", "score", run["uuid"][:12], str(rows), "--task", "rewardbench", "-o", str(scores), "--store", store)
            keep(run["condition"])
    for condition, columns in by_condition.items():
        print(condition)
        for name, values in columns.items():
            told = interval(values) + f"  ({len(values)} seeds)" if len(values) > 1 else f"{values[0]:.3f}"
            print(f"  {name:<24} {told}")


if __name__ == "__main__":
    main()
