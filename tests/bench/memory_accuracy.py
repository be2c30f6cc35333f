#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How near `gradus check` comes to the memory that a run then takes: said against the highest resident set of `gradus run`.

usage: memory_accuracy.py GRADUS TOKENIZER_FOLDER COSMOSQA_FOLDER [CASE ...]
       memory_accuracy.py GRADUS --model FOLDER [CASE ...]      the cases of `model tune` alone, of a folder that you have
Cases: the built-in ladder, rungs from scratch, and two folders of random weights (31 and 77 million, vocabulary of the
tokenizer) with a head alone, an adapter, and all weights tuned; `gradus model tune` on rows of one length with an
adapter, of all weights, and recomputed: its estimate is of what it takes beside the program, so that what `gradus doctor`
takes is added. Python needs torch and transformers, with --model neither.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

FOLDERS = (("small", 192, 4), ("large", 384, 8))

BUILTIN = """[experiment]
name = "built in"
procedure = "progressive"
seeds = [1]
[gap]
controller = "fixed"
value = 0.3
"""
TEXTS = """[experiment]
name = "texts"
procedure = "weak-to-strong"
seeds = [1]
[ladder]
{ladder}
generations = 2
start = 0
[task]
name = "cosmosqa"
teacher_data = "{data}/train.csv"
test_data = "{data}/valid.csv"
test_items = 64
max_tokens = 128
[training]
labels = 48
teacher_labels = 48
epochs = 1
batch = 16
"""


def make_folders(place, tokenizer):
    """In a process of its own: a child's highest resident set is at least what its parent held when it was begun."""
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM
    known = json.loads((tokenizer / "tokenizer.json").read_text())
    size = 1 + max([*known["model"]["vocab"].values(), *(token["id"] for token in known.get("added_tokens", []))])
    for name, width, layers in FOLDERS:
        torch.manual_seed(1)
        Qwen2ForCausalLM(Qwen2Config(vocab_size=size, hidden_size=width, intermediate_size=4 * width,
                                     num_hidden_layers=layers, num_attention_heads=width // 64,
                                     num_key_value_heads=width // 64, max_position_embeddings=4096,
                                     tie_word_embeddings=True)).save_pretrained(place / name)
        for file in ("tokenizer.json", "tokenizer_config.json"):
            if (tokenizer / file).exists():
                shutil.copyfile(tokenizer / file, place / name / file)


TUNED = {"tune, adapter": ["--lora", "8"], "tune, all weights": [],
         "tune, recomputed": ["--recompute"]}


def taken_by(command, place, said):
    """Highest resident set in MB and the exit status; what it says goes to a file."""
    with open(said, "w") as out:
        child = subprocess.Popen(command, cwd=place, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
    return usage.ru_maxrss / 1024, status


def tuned(gradus, place, folder, more):
    (place / "rows.jsonl").write_text("".join(
        json.dumps({"prompt": "word " * 100 + str(i % 10), "completion": " other" * 100}) + "\n" for i in range(64)))
    bare, _ = taken_by([gradus, "doctor"], place, place / "bare.txt")
    taken, status = taken_by([gradus, "model", "tune", folder, "--data", "rows.jsonl", "--held-out", "0",
                              "--batch", "4", "--max-steps", "2", "-o", "tuned", *more], place, place / "said.txt")
    said = re.search(r"Memory: about ([0-9.]+) GiB", (place / "said.txt").read_text())
    return bare + 1024 * float(said.group(1)) if said else float("nan"), taken, status


def print_head():
    print(f"{'case':<20} {'said':>9} {'taken':>9} {'error':>7}", flush=True)


def print_row(name, estimate, taken, status):
    print(f"{name:<20} {estimate:>6.0f} MB {taken:>6.0f} MB {100 * (estimate / taken - 1):>+6.0f}%"
          + ("" if status == 0 else "  (the run failed)"), flush=True)


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    if sys.argv[1] == "--folders":
        make_folders(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
        return
    if sys.argv[2] == "--model":
        gradus, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[3]).resolve()
        print_head()
        with tempfile.TemporaryDirectory() as scratch:
            for name in sys.argv[4:] or TUNED:
                place = pathlib.Path(scratch) / name.replace(" ", "-")
                place.mkdir()
                print_row(name, *tuned(gradus, place, folder, TUNED[name]))
        return
    gradus, tokenizer, data = (pathlib.Path(arg).resolve() for arg in sys.argv[1:4])
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        subprocess.run([sys.executable, __file__, "--folders", scratch, tokenizer], check=True)
        folders = TEXTS.format(data=data, ladder="family = [{}]".format(
            ", ".join(f'"{scratch / name}"' for name, _, _ in FOLDERS)))
        rungs = TEXTS.format(data=data, ladder='family = "scratch"\nrungs = [[16, 1], [64, 1]]\nvocabulary = 2048')
        cases = {"built in": BUILTIN, "from scratch": rungs, "head alone": folders + "body_scale = 0\n",
                 "adapter of rank 8": folders + "body_scale = 0.5\nadapter_rank = 8\n",
                 "all weights": folders + "body_scale = 0.5\n"}
        print_head()
        for name in sys.argv[4:] or [*cases, *TUNED]:
            place = scratch / name.replace(" ", "-")
            place.mkdir()
            if name in TUNED:
                print_row(name, *tuned(gradus, place, scratch / "large", TUNED[name]))
                continue
            (place / "e.toml").write_text(cases[name])
            said = subprocess.run([gradus, "check", "e.toml", "--json", "--store", "gradus.db"], cwd=place,
                                  capture_output=True, text=True)
            estimate = json.loads(said.stdout)["memory_bytes"] / 2**20
            taken, status = taken_by([gradus, "run", "e.toml", "--store", "gradus.db", "--jobs", "1"], place,
                                     place / "said.txt")
            print_row(name, estimate, taken, status)


if __name__ == "__main__":
    main()
