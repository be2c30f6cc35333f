#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds a step of `gradus model tune` and of TRL's trainers (SFTTrainer, RewardTrainer, DPOTrainer) on the same rows and
folder with random weights, in turn; a step's time is that of many steps less that of few, so that starting up and loading
are not counted. Prints a line of JSON a method: medians, ratio of speeds with its smallest and largest, peak memory.

usage: tuning_speed.py GRADUS TOKENIZER_FOLDER [--pairs N] [--methods sft,reward,dpo] [--width N --layers N --heads N
       --length TOKENS --batch ROWS --few N --many N --vocabulary N]
TOKENIZER_FOLDER: one with tokenizer.json; --vocabulary 0 is the tokenizer's own.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import statistics
import sys
import tempfile
import time

PEER = """
import sys, json, torch
torch.set_num_threads(1)
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, PreTrainedTokenizerFast
method, base, data, out, steps, batch, length = sys.argv[1:8]
tokenizer = PreTrainedTokenizerFast(tokenizer_file=base + "/tokenizer.json", eos_token="{end}", pad_token="{end}")
rows = Dataset.from_list([json.loads(line) for line in open(data)])
common = dict(output_dir=out, per_device_train_batch_size=int(batch), max_steps=int(steps), learning_rate=2e-5, report_to=[],
              use_cpu=True, bf16=False, save_strategy="no", disable_tqdm=True, gradient_checkpointing=False, logging_steps=1000,
              max_length=int(length))
if method == "sft":
    from trl import SFTConfig, SFTTrainer
    trainer = SFTTrainer(model=AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), processing_class=tokenizer,
                         train_dataset=rows, args=SFTConfig(**common))
elif method == "dpo":
    from trl import DPOConfig, DPOTrainer
    load = lambda: AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    trainer = DPOTrainer(model=load(), ref_model=load(), processing_class=tokenizer, train_dataset=rows, args=DPOConfig(**common))
else:
    from trl import RewardConfig, RewardTrainer
    model = AutoModelForSequenceClassification.from_pretrained(base, dtype=torch.float32, num_labels=1)
    model.config.pad_token_id = tokenizer.pad_token_id
    trainer = RewardTrainer(model=model, processing_class=tokenizer, train_dataset=rows, args=RewardConfig(**common))
trainer.train()
"""
TUNED = dict(OMP_WAIT_POLICY="passive", MALLOC_MMAP_THRESHOLD_=str(1 << 30), MALLOC_TRIM_THRESHOLD_=str((1 << 31) - 1),
             MALLOC_TOP_PAD_=str(64 << 20))


def measured(command, environment, processor=False):
    """Seconds, of the clock or of processors, and peak MiB of a command that must end well."""
    begun = time.monotonic()
    quiet = os.open(os.devnull, os.O_WRONLY)
    child = os.posix_spawn(command[0], command, environment,
                           file_actions=[(os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)])
    os.close(quiet)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        sys.exit("failed: " + " ".join(command))
    taken = usage.ru_utime + usage.ru_stime if processor else time.monotonic() - begun
    return taken, usage.ru_maxrss / 1024


def made_folder(base, o):
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM
    known = json.loads((o.tokenizer / "tokenizer.json").read_text())
    size = 1 + max([*known["model"]["vocab"].values(), *(token["id"] for token in known.get("added_tokens", []))])
    torch.manual_seed(1)
    Qwen2ForCausalLM(Qwen2Config(vocab_size=max(o.vocabulary, size), hidden_size=o.width, intermediate_size=4 * o.width,
                                 num_hidden_layers=o.layers, num_attention_heads=o.heads, num_key_value_heads=o.heads,
                                 max_position_embeddings=4096, tie_word_embeddings=True)).save_pretrained(base)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        if (o.tokenizer / name).exists():
            shutil.copyfile(o.tokenizer / name, base / name)
    ends = [t["content"] for t in known.get("added_tokens", []) if t["content"] in ("<|endoftext|>", "</s>")]
    return ends[0]


def write_rows(path, method, count, length):
    draw = random.Random(1)
    words = lambda n: " ".join(str(draw.randrange(10)) for _ in range(n))
    with open(path, "w", encoding="utf-8") as file:
        for _ in range(count):
            prompt = words(length // 4)
            row = ({"prompt": prompt, "completion": " " + words(length // 4)} if method == "sft" else
                   {"prompt": prompt, "chosen": " " + words(length // 4), "rejected": " " + words(length // 4)})
            file.write(json.dumps(row) + "\n")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("gradus")
    parser.add_argument("tokenizer", type=pathlib.Path)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--methods", default="sft,reward,dpo")
    for name, value in (("width", 256), ("layers", 6), ("heads", 4), ("length", 128), ("batch", 8), ("few", 4), ("many", 20),
                        ("vocabulary", 0)):
        parser.add_argument("--" + name, type=int, default=value)
    o = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        end = made_folder(scratch / "base", o)
        peer = scratch / "peer.py"
        peer.write_text(PEER.replace("{end}", end))
        for method in o.methods.split(","):
            data = scratch / (method + ".jsonl")
            write_rows(data, method, o.batch * o.many, o.length)

            def command(ours, steps):
                out = scratch / "out"
                shutil.rmtree(out, ignore_errors=True)
                if ours:
                    return [o.gradus, "model", "tune", str(scratch / "base"), "--data", str(data), "-o", str(out), "--method",
                            method, "--batch", str(o.batch), "--max-steps", str(steps), "--held-out", "0", "--threads", "1",
                            "--max-tokens", str(o.length * 2), "--lr", "2e-5"]
                return [sys.executable, str(peer), method, str(scratch / "base"), str(data), str(out), str(steps),
                        str(o.batch), str(o.length * 2)]

            steps, peaks = {True: [], False: []}, {True: 0.0, False: 0.0}
            for pair in range(o.pairs):
                for ours in (True, False) if pair % 2 == 0 else (False, True):
                    environment = dict(os.environ) if ours else {**os.environ, **TUNED}
                    few, _ = measured(command(ours, o.few), environment)
                    many, peak = measured(command(ours, o.many), environment)
                    steps[ours].append((many - few) / (o.many - o.few))
                    peaks[ours] = max(peaks[ours], peak)
                print(f"{method}, pair {pair + 1}: {steps[True][-1]:.4f} and {steps[False][-1]:.4f} s a step",
                      file=sys.stderr)
            ratios = [theirs / ours for ours, theirs in zip(steps[True], steps[False])]
            print(json.dumps({"method": method, "gradus_s": round(statistics.median(steps[True]), 4),
                              "trl_s": round(statistics.median(steps[False]), 4),
                              "speed_ratio": [round(f, 2) for f in (statistics.median(ratios), min(ratios), max(ratios))],
                              "peak_mib": [round(peaks[True]), round(peaks[False])],
                              "memory_ratio": round(peaks[True] / peaks[False], 2)}), flush=True)


if __name__ == "__main__":
    main()
