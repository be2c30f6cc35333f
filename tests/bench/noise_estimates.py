#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How near the estimators of label noise come to the share that the supervisor really gets wrong of held-out items.

usage: noise_estimates.py STORE ...
One line a task and method: over the supervised generations of all finished runs, each different one once (conditions that take
the same steps make the same generation), how many it spoke of, its mean error with a 95 % t interval over seeds (means of a
seed's generations), its mean absolute error, the share of its intervals that hold the truth, and Spearman's rank correlation
with it. Of the alarm of shared bias: how often it was raised.
"""
import collections
import json
import math
import sqlite3
import statistics
import sys

T95 = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}


def generations(path):
    """(task, seed, truth, {method: details}, alarm) of every different supervised generation."""
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    seen = set()
    for run, seed, task in store.execute(
            "SELECT run.id, seed, task FROM run JOIN experiment ON experiment.id = experiment_id WHERE state = 'finished'"):
        for number, weak in store.execute(
                "SELECT number, weak FROM generation WHERE run_id = ? AND weak IS NOT NULL", (run,)):
            said = {}
            for details, in store.execute("SELECT details FROM event WHERE run_id = ? AND generation = ? AND "
                                          "kind = 'noise.estimate' ORDER BY id", (run, number)):
                details = json.loads(details)
                said[details["method"]] = details
            alarm = store.execute("SELECT COUNT(*) FROM event WHERE run_id = ? AND generation = ? AND kind = 'alert' AND "
                                  "details LIKE '%\"rule\"%'", (run, number)).fetchone()[0] > 0
            same = (task, seed, weak, json.dumps(said, sort_keys=True))
            if said and same not in seen:
                seen.add(same)
                yield task, seed, 1 - weak, said, alarm
    store.close()


def ranks(values):
    ordered = sorted(range(len(values)), key=values.__getitem__)
    rank = [0.0] * len(values)
    at = 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and values[ordered[end]] == values[ordered[at]]:
            end += 1
        for i in ordered[at:end]:
            rank[i] = (at + end - 1) / 2
        at = end
    return rank


def spearman(a, b):
    if len(a) < 3 or len(set(a)) < 2 or len(set(b)) < 2:
        return math.nan
    return statistics.correlation(ranks(a), ranks(b))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tasks = collections.defaultdict(list)
    for path in sys.argv[1:]:
        for task, *rest in generations(path):
            tasks[task].append(rest)
    print(f"{'task':<26} {'method':<13} {'spoke of':>9}  {'mean error':<20} {'absolute':>8} {'inside':>7} {'rank':>6}")
    for task, rows in tasks.items():
        for method in sorted({method for _, _, said, _ in rows for method in said}):
            spoken = [(seed, truth, said[method]) for seed, truth, said, _ in rows
                      if method in said and "refusal" not in said[method]]
            line = f"{task:<26} {method:<13} {len(spoken):>3} of {len(rows):>2}"
            if spoken:
                seeds = collections.defaultdict(list)
                for seed, truth, details in spoken:
                    seeds[seed].append(details["estimate"] - truth)
                means = [statistics.mean(errors) for errors in seeds.values()]
                half = (T95.get(len(means) - 1, 1.96) * statistics.stdev(means) / math.sqrt(len(means))
                        if len(means) > 1 else math.nan)
                inside = statistics.mean(d["low"] <= truth <= d["high"] for _, truth, d in spoken)
                absolute = statistics.mean(abs(d["estimate"] - truth) for _, truth, d in spoken)
                rank = spearman([d["estimate"] for _, _, d in spoken], [truth for _, truth, _ in spoken])
                line += (f"  {statistics.mean(means):+.3f} ±{half:.3f}, n {len(means)}".ljust(23) +
                         f"{absolute:>8.3f} {inside:>7.2f} {rank:>6.2f}")
            print(line)
        truths = [truth for _, truth, _, _ in rows]
        print(f"{task:<26} truth {min(truths):.3f} to {max(truths):.3f}; the alarm of shared bias in "
              f"{sum(alarm for *_, alarm in rows)} of {len(rows)}")


if __name__ == "__main__":
    main()
