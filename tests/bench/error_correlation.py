#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much sources err together, from the votes in a run store: phi of two sources' errors on the anchors, averaged over
pairs of one group and of different groups, a mean over seeds with half a 95 % t interval. A source's group is the first
word of its name ("attention 2").

usage: error_correlation.py STORE CONDITION
"""
import collections
import itertools
import math
import sqlite3
import statistics
import sys

T95 = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}


def errors_of(store, run):
    """{source: {item: 0 or 1}} on the items whose truth the anchors say."""
    names = dict(store.execute("SELECT id, name FROM source WHERE run_id = ?", (run,)))
    votes = collections.defaultdict(dict)
    for item, source, label in store.execute("SELECT item, source_id, class FROM label WHERE run_id = ?", (run,)):
        if label is not None and label >= 0:
            votes[names[source]][item] = label
    truth = votes.pop("anchors", {})
    return {name: {item: int(said[item] != truth[item]) for item in truth if item in said}
            for name, said in votes.items()}


def phi(a, b):
    items = sorted(a.keys() & b.keys())
    if not items:
        return math.nan
    x = sum(a[i] for i in items) / len(items)
    y = sum(b[i] for i in items) / len(items)
    both = sum(a[i] * b[i] for i in items) / len(items)
    spread = math.sqrt(x * (1 - x) * y * (1 - y))
    return (both - x * y) / spread if spread > 0 else math.nan


def spelt(values):
    if len(values) < 2:
        return f"{values[0]:.3f}"
    half = T95.get(len(values) - 1, 1.96) * statistics.stdev(values) / math.sqrt(len(values))
    return f"{statistics.mean(values):.3f} +-{half:.3f}"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    store = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    figures = collections.defaultdict(list)
    runs = store.execute("SELECT id FROM run WHERE condition = ? ORDER BY seed", (sys.argv[2],)).fetchall()
    for (run,) in runs:
        errors = errors_of(store, run)
        pairs = collections.defaultdict(list)
        for a, b in itertools.combinations(sorted(errors), 2):
            groups = sorted({a.split()[0], b.split()[0]})
            value = phi(errors[a], errors[b])
            pairs["within " + groups[0] if len(groups) == 1 else " and ".join(groups)].append(value)
            pairs["WITHIN ALL" if len(groups) == 1 else "BETWEEN ALL"].append(value)
        for name, values in pairs.items():
            figures[name].append(statistics.mean(values))
    if not figures:
        sys.exit(f"No run of condition \"{sys.argv[2]}\" has votes of two sources in {sys.argv[1]}.")
    for name in sorted(figures):
        print(f"{name}: {spelt(figures[name])} ({len(figures[name])} seeds)")
    if "WITHIN ALL" in figures and "BETWEEN ALL" in figures:
        print("within - between:", spelt([a - b for a, b in zip(figures["WITHIN ALL"], figures["BETWEEN ALL"])]))


if __name__ == "__main__":
    main()
