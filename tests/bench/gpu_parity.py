#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a GPU say what the CPU says? Tunes small folders with random weights by every method, whole and through an adapter,
on the CPU in fp32 and on the GPU in fp32 and bf16, and compares the loss of every step and each held-out loss.

A step's rounding grows with every step after it, so bf16 is judged by the first step, whose weights are the same; how far the
later ones went is printed.

usage: gpu_parity.py GRADUS TOKENIZER_FOLDER [--device cuda] [--steps N] [--jobs N]     needs transformers
TOKENIZER_FOLDER: any with tokenizer.json. Prints a line a tuning with the largest relative difference of a step's loss and
ends with 1 when one in fp32 is above 2e-4 or a first one in bf16 above 1e-2.
"""
import argparse
import concurrent.futures
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import torch
from transformers import (GPTNeoXConfig, GPTNeoXForCausalLM, LlamaConfig, LlamaForCausalLM, Qwen2Config,
                          Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM)

COMMON = dict(hidden_size=128, intermediate_size=344, num_hidden_layers=3, num_attention_heads=4,
              max_position_embeddings=256)
FAMILIES = {"qwen2": lambda v: Qwen2ForCausalLM(Qwen2Config(vocab_size=v, num_key_value_heads=2,
                                                            tie_word_embeddings=True, **COMMON)),
            "qwen3": lambda v: Qwen3ForCausalLM(Qwen3Config(vocab_size=v, num_key_value_heads=2, head_dim=32,
                                                            tie_word_embeddings=False, **COMMON)),
            "llama": lambda v: LlamaForCausalLM(LlamaConfig(vocab_size=v, num_key_value_heads=4, **COMMON)),
            "neox": lambda v: GPTNeoXForCausalLM(GPTNeoXConfig(vocab_size=v, rotary_pct=0.25, **COMMON))}
WORDS = "the a cat dog bird saw found lost red small old house tree river and then it was glad sad".split()


def sentence(rng, least, most):
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(least, most)))


def row(method, rng):
    if method == "sft":
        return {"prompt": sentence(rng, 2, 9) + " ", "completion": sentence(rng, 2, 20)}
    if method == "classify":
        text = sentence(rng, 3, 25)
        return {"text": text, "label": int("cat" in text)}
    return {"prompt": sentence(rng, 2, 9) + " ", "chosen": sentence(rng, 2, 20), "rejected": sentence(rng, 2, 20)}


def losses(folder):
    """Of every step."""
    lines = [json.loads(line) for line in open(folder / "metrics.jsonl", encoding="utf-8")]
    return [line["loss"] for line in lines if "loss" in line]


def compared(o, scratch, files, family, method, adapter):
    """A line about one tuning, and how far its losses are apart in units of what is allowed."""
    found, worst = {}, 0
    for device, precision in (("cpu", "fp32"), (o.device, "fp32"), (o.device, "bf16")):
        out = scratch / f"{family}-{method}-{adapter}-{device}-{precision}"
        made = subprocess.run([o.gradus, "model", "tune", str(scratch / family), "--data", str(files[method, "taught"]),
                               "--eval", str(files[method, "held"]), "--method", method, "-o", str(out), "--max-steps",
                               str(o.steps), "--batch", "8", "--lr", "1e-3", "--device", device, "--precision", precision,
                               *(["--lora", str(adapter)] if adapter else [])], capture_output=True, text=True)
        if made.returncode != 0:
            return f"{out.name}: FAILED {made.stderr[-500:]}", 1e9
        found[device, precision] = losses(out)
    plain = found["cpu", "fp32"]
    text = f"{family:6} {method:9} {'adapter' if adapter else 'whole':8}"
    for precision, judged, most in (("fp32", len(plain), 2e-4), ("bf16", 1, 1e-2)):
        steps = found[o.device, precision]
        apart = [abs(a - b) / max(abs(b), 1e-3) for a, b in zip(steps, plain, strict=True)]
        far = max(apart[:judged])
        worst = max(worst, far / most)
        text += f" {precision} {far:.1e}{'' if far <= most else ' TOO FAR'}"
        if judged < len(plain):
            text += f" (later {max(apart):.1e})"
    return f"{text} ({len(plain)} steps, last loss {plain[-1]:.4f})", worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gradus")
    parser.add_argument("tokenizer")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--jobs", type=int, default=8, help="tunings at once")
    o = parser.parse_args()
    worst = 0
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        files = {}
        for method in ("sft", "classify", "reward", "dpo"):
            rng = random.Random(method)
            for name, count in (("taught", 96), ("held", 32)):
                files[method, name] = scratch / f"{method}-{name}.jsonl"
                files[method, name].write_text("".join(json.dumps(row(method, rng)) + "\n" for _ in range(count)))
        vocabulary = max(json.load(open(pathlib.Path(o.tokenizer) / "tokenizer.json"))["model"]["vocab"].values()) + 1
        for family, make in FAMILIES.items():
            torch.manual_seed(1)
            base = scratch / family
            make(vocabulary).save_pretrained(base)
            for name in ("tokenizer.json", "tokenizer_config.json"):
                shutil.copyfile(pathlib.Path(o.tokenizer) / name, base / name)
        kinds = [(family, method, adapter) for family in FAMILIES for method in ("sft", "classify", "reward", "dpo")
                 for adapter in (0, 4)]
        with concurrent.futures.ThreadPoolExecutor(o.jobs) as pool:
            for line, far in pool.map(lambda kind: compared(o, scratch, files, *kind), kinds):
                print(line, flush=True)
                worst = max(worst, far)
    sys.exit(0 if worst <= 1 else 1)


if __name__ == "__main__":
    main()
