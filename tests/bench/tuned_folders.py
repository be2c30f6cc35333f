#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tunes a model's folder by every method, whole and through an adapter, on real rows, and has check_tuned.py compute each
held-out loss again in transformers. Prints a line of JSON a tuning.

usage: tuned_folders.py GRADUS MODEL_FOLDER DATA_FOLDER [SEED]     DATA_FOLDER holds gsm8k and hh_harmless
"""
import json
import pathlib
import subprocess
import sys
import tempfile

STEPS, BATCH, HELD = 60, 8, 100


def rows(path, make):
    made = []
    for line in open(path, encoding="utf-8"):
        row = make(json.loads(line))
        if row is not None:
            made.append(row)
    return made


def words(row):
    return {"prompt": row["question"] + "\n", "completion": row["answer"]}


def pairs(row):
    """One turn and its two answers, short enough for a small model."""
    mark = "\n\nAssistant:"
    if mark not in row["chosen"] or mark not in row["rejected"]:
        return None
    prompt, chosen = row["chosen"].rsplit(mark, 1)
    other, rejected = row["rejected"].rsplit(mark, 1)
    if prompt != other or chosen == rejected or max(len(row["chosen"]), len(row["rejected"])) > 500:
        return None
    return {"prompt": prompt + mark, "chosen": chosen, "rejected": rejected}


def labels(row):
    """Whether a worked answer is long: a class that the text itself decides."""
    return {"text": row["answer"][:200], "label": int(len(row["answer"]) > 300)}


def main():
    gradus, model, data = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    seed = sys.argv[4] if len(sys.argv) > 4 else "1"
    check = pathlib.Path(__file__).parent / "check_tuned.py"
    sets = {"sft": (data / "gsm8k/train.jsonl", data / "gsm8k/test.jsonl", words),
            "classify": (data / "gsm8k/train.jsonl", data / "gsm8k/test.jsonl", labels),
            "reward": (data / "hh_harmless/train_gt.jsonl", data / "hh_harmless/test.jsonl", pairs),
            "dpo": (data / "hh_harmless/train_gt.jsonl", data / "hh_harmless/test.jsonl", pairs)}
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for method, (taught, held, make) in sets.items():
            files = []
            for name, path, most in (("taught", taught, STEPS * BATCH * 2), ("held", held, HELD)):
                files.append(scratch / f"{method}-{name}.jsonl")
                files[-1].write_text("".join(json.dumps(row) + "\n" for row in rows(path, make)[:most]))
            for adapter in (False, True):
                out = scratch / f"{method}-{'adapter' if adapter else 'whole'}"
                subprocess.run([gradus, "model", "tune", str(model), "--data", str(files[0]), "--eval", str(files[1]),
                                "--method", method, "-o", str(out), "--max-steps", str(STEPS), "--batch", str(BATCH),
                                "--max-tokens", "512", "--lr", "1e-3", "--seed", seed, "--threads", "2"]
                               + (["--lora", "8"] if adapter else []), check=True, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
                # The rows that were too long to be asked are left out there, so they are left out here.
                checked = json.loads(subprocess.run([sys.executable, str(check), str(out), str(model), method,
                                                     str(files[1])], check=True, capture_output=True, text=True).stdout)
                result = [json.loads(line) for line in open(out / "metrics.jsonl")][-1]
                print(json.dumps({**checked, "adapter": adapter, "before": result["before"]["eval_loss"]["value"],
                                  "after": result["after"]}), flush=True)


if __name__ == "__main__":
    main()
