#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the noise experiment would take on CosmosQA at a speed that `gradus bench tune` measured: prints the items' mean length
in tokens, the design's tokens, and hours at each speed given.

usage: noise_cost.py GRADUS TOKENIZER COSMOSQA_CSV SPEED... [--rates 11] [--seeds 3] [--questions 25262] [--epochs 2]
SPEED: tokens a second, or NAME=tokens a second. An item is passage, question and one answer, each on a line of its own;
every answer of every question in the file is counted.
"""
import argparse
import csv
import json
import subprocess
import tempfile


def main():
    parser = argparse.ArgumentParser()
    for name in ("gradus", "tokenizer", "csv"):
        parser.add_argument(name)
    parser.add_argument("speeds", nargs="*")
    for name, value in dict(rates=11, seeds=3, questions=25262, epochs=2).items():
        parser.add_argument("--" + name, type=int, default=value)
    o = parser.parse_args()
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as items:
        with open(o.csv, encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                for answer in range(4):
                    items.write(json.dumps("\n".join((row["context"], row["question"], row[f"answer{answer}"]))) + "\n")
        items.flush()
        said = subprocess.run([o.gradus, "data", "tokenize", o.tokenizer, items.name], check=True, capture_output=True,
                              text=True).stdout
    lengths = []
    for line in said.splitlines():
        made = json.loads(line)
        lengths.append(len(made if isinstance(made, list) else made["ids"]))
    mean = sum(lengths) / len(lengths)
    tokens = o.rates * o.seeds * o.questions * o.epochs * mean
    print(f"{len(lengths)} items, {mean:.1f} tokens on average, longest {max(lengths)}; the design: {tokens / 1e6:.0f} million tokens")
    for given in o.speeds:
        name, _, speed = given.rpartition("=")
        print(f"{name or 'at'} {float(speed):,.0f} tokens/s: {tokens / float(speed) / 3600:.2f} hours")


if __name__ == "__main__":
    main()
