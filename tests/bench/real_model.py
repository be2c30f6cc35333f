#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real model's folder in gradus and in transformers, PEFT and TRL, in turn, on one thread: new tokens a second, LoRA tokens
a second on CosmosQA, peak memory (`compare.py load` opens it). What is counted is a long run less a short one, so that starting up
is not. Prints a line of JSON a case: medians, and the ratio of speeds with its smallest and largest.

usage: real_model.py GRADUS FOLDER COSMOSQA.csv [--pairs N] [--cases generate,generate8,lora] [--peer-dtype float32|bfloat16]
                     [--new 136] [--processor]
--new: tokens of the long run. --processor counts processor seconds and not the clock's: for a machine with other work.
Run with torch, transformers, peft, trl and datasets installed.
"""
import argparse
import csv
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

from tuning_speed import TUNED, measured

PROMPTS = ["Once upon a time there was a king who", "The history of the bicycle begins", "A good soup needs",
           "In the morning the fisherman", "Water boils when", "The oldest city in the world", "My grandmother used to say",
           "How a clock works:"]
NEW, TAUGHT = (8, 136), (16, 80)
PEER = {"generate": """
import sys, torch
torch.set_num_threads(1)
from transformers import AutoModelForCausalLM, AutoTokenizer
folder, new, prompts = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, "DTYPE")).eval()
made = model.generate(**tokenizer(prompts, return_tensors="pt", padding=True), max_new_tokens=new, do_sample=False)
""", "lora": """
import sys, json, torch
torch.set_num_threads(1)
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTConfig, SFTTrainer
folder, data, out = sys.argv[1:4]
rows = Dataset.from_list([json.loads(line) for line in open(data)])
SFTTrainer(model=AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, "DTYPE")), train_dataset=rows,
           processing_class=AutoTokenizer.from_pretrained(folder),
           peft_config=LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "k_proj", "v_proj", "o_proj"]),
           args=SFTConfig(output_dir=out, per_device_train_batch_size=8, num_train_epochs=1, learning_rate=2e-4, report_to=[],
                          use_cpu=True, bf16=False, save_strategy="no", disable_tqdm=True, gradient_checkpointing=False,
                          max_length=256, logging_steps=1000)).train()
"""}


def rows_of(path):
    for row in csv.DictReader(open(path, encoding="utf-8", newline="")):
        yield {"prompt": f"Context: {row['context']}\nQuestion: {row['question']}\nAnswer:",
               "completion": " " + row["answer" + row["label"]]}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("gradus")
    parser.add_argument("folder")
    parser.add_argument("data")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--cases", default="generate,generate8,lora")
    parser.add_argument("--new", type=int, default=NEW[1])
    parser.add_argument("--processor", action="store_true")
    parser.add_argument("--peer-dtype", default="float32", choices=("float32", "bfloat16"))
    o = parser.parse_args()
    from transformers import AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(o.folder)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        rows = [row for row in rows_of(o.data) if len(tokenizer(row["prompt"] + row["completion"])["input_ids"]) < 250]
        tokens = {}
        for count in TAUGHT:
            (scratch / f"{count}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows[:count]))
            tokens[count] = sum(1 + len(tokenizer(row["prompt"] + row["completion"])["input_ids"]) for row in rows[:count])
        for name, script in PEER.items():
            (scratch / (name + ".py")).write_text(script.replace("DTYPE", o.peer_dtype))

        def command(case, ours, size):
            peer = [sys.executable, str(scratch / (case.rstrip("8") + ".py")), o.folder]
            shutil.rmtree(scratch / "out", ignore_errors=True)
            if case == "lora":
                data, out = str(scratch / f"{size}.jsonl"), str(scratch / "out")
                return [o.gradus, "model", "tune", o.folder, "--data", data, "-o", out, "--lora", "8", "--batch", "8",
                        "--held-out", "0", "--threads", "1", "--max-tokens", "256", "--lr", "2e-4"] if ours else \
                    peer + [data, out]
            prompts = PROMPTS if case == "generate8" else PROMPTS[:1]
            return [o.gradus, "model", "generate", o.folder, "--greedy", "--threads", "1", "--max-new-tokens", str(size)] + \
                [word for prompt in prompts for word in ("--prompt", prompt)] if ours else peer + [str(size), *prompts]

        def amount(case):
            """What the long run does more of than the short one."""
            if case == "lora":
                return *TAUGHT, float(tokens[TAUGHT[1]] - tokens[TAUGHT[0]])
            asked = command(case, True, o.new) + ["--json"]
            made = [json.loads(line)["ids"] for line in subprocess.run(asked, check=True, capture_output=True,
                                                                       text=True).stdout.splitlines()]
            return NEW[0], o.new, float(sum(max(0, len(ids) - NEW[0]) for ids in made))

        for case in o.cases.split(","):
            few, many, more = amount(case)
            speeds, peaks = {True: [], False: []}, {True: [], False: []}
            for pair in range(o.pairs):
                for ours in (True, False) if pair % 2 == 0 else (False, True):
                    environment = dict(os.environ) if ours else {**os.environ, **TUNED}
                    short, _ = measured(command(case, ours, few), environment, o.processor)
                    long, peak = measured(command(case, ours, many), environment, o.processor)
                    speeds[ours].append(more / max(1e-9, long - short))
                    peaks[ours].append(peak)
                print(f"{case}, pair {pair + 1}: {speeds[True][-1]:.2f} and {speeds[False][-1]:.2f} a second", file=sys.stderr)
            ratios = [a / b for a, b in zip(speeds[True], speeds[False])]
            print(json.dumps({"case": case, "gradus": round(statistics.median(speeds[True]), 2),
                              "peer": round(statistics.median(speeds[False]), 2),
                              "ratio": [round(f, 2) for f in (statistics.median(ratios), min(ratios), max(ratios))],
                              "peak_mib": [round(max(peaks[True])), round(max(peaks[False]))],
                              "memory_ratio": round(max(peaks[True]) / max(peaks[False]), 2)}), flush=True)


if __name__ == "__main__":
    main()
