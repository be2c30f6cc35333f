#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Peak memory and speed of SFT with a vocabulary of 151,936: `gradus model tune` as it is, with --recompute and in bf16,
and TRL's SFTTrainer on the same rows and folder, each in a process of its own, one after the other.

usage: tuning_memory.py GRADUS TOKENIZER_FOLDER [STEPS]     TOKENIZER_FOLDER: one with Qwen2's tokenizer.json
"""
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time

WIDTH, LAYERS, LENGTH, BATCH = 256, 8, 256, 8
THREADS = 1

PEER = """
import sys, json, torch
torch.set_num_threads({threads})
from datasets import Dataset
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast
from trl import SFTConfig, SFTTrainer
base, data, out, steps = sys.argv[1:5]
tokenizer = PreTrainedTokenizerFast(tokenizer_file=base + "/tokenizer.json", eos_token="<|endoftext|>", pad_token="<|endoftext|>")
rows = [json.loads(line) for line in open(data)]
trainer = SFTTrainer(model=AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), processing_class=tokenizer,
    train_dataset=Dataset.from_list(rows), args=SFTConfig(output_dir=out, per_device_train_batch_size={batch}, max_steps=int(steps),
    learning_rate=2e-5, report_to=[], use_cpu=True, bf16=False, save_strategy="no", disable_tqdm=True,
    gradient_checkpointing={checkpointing}, logging_steps=1))
trainer.train()
"""


def measured(command, **more):
    """Seconds and peak MiB of a command."""
    begun = time.monotonic()
    child = os.spawnvpe(os.P_NOWAIT, command[0], command, {**os.environ, **more})
    _, status, usage = os.wait4(child, 0)
    return {"seconds": round(time.monotonic() - begun, 1), "peak_mib": usage.ru_maxrss // 1024, "status": status}


def main():
    from transformers import Qwen2Config, Qwen2ForCausalLM
    import torch
    gradus, tokenizer = sys.argv[1], pathlib.Path(sys.argv[2])
    steps = sys.argv[3] if len(sys.argv) > 3 else "3"
    with tempfile.TemporaryDirectory() as scratch:
        base = pathlib.Path(scratch) / "base"
        torch.manual_seed(1)
        Qwen2ForCausalLM(Qwen2Config(vocab_size=151936, hidden_size=WIDTH, intermediate_size=4 * WIDTH,
                                     num_hidden_layers=LAYERS, num_attention_heads=8, num_key_value_heads=2,
                                     max_position_embeddings=1024, tie_word_embeddings=True)).save_pretrained(base)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copyfile(tokenizer / name, base / name)
        draw, data = random.Random(1), pathlib.Path(scratch) / "rows.jsonl"
        with open(data, "w") as file:
            for _ in range(BATCH * int(steps)):
                file.write(json.dumps({"text": " ".join(str(draw.randrange(10)) for _ in range(LENGTH // 2))}) + "\n")
        figures = {"parameters": "tied, width %d, %d layers" % (WIDTH, LAYERS),
                   "logits_whole_mib": BATCH * LENGTH * 151936 * 4 // 2**20}
        for name, more in (("gradus", []), ("gradus --recompute", ["--recompute"]),
                           ("gradus --precision bf16", ["--precision", "bf16"])):
            figures[name] = measured([gradus, "model", "tune", str(base), "--data", str(data), "-o",
                                      str(pathlib.Path(scratch) / name.replace(" ", "")), "--batch", str(BATCH),
                                      "--max-steps", steps, "--held-out", "0", "--threads", str(THREADS)] + more)
        for name, checkpointing in (("trl", False), ("trl, gradient checkpointing", True)):
            script = pathlib.Path(scratch) / "peer.py"
            script.write_text(PEER.format(batch=BATCH, threads=THREADS, checkpointing=checkpointing))
            figures[name] = measured([sys.executable, str(script), str(base), str(data), scratch + "/peer", steps])
        print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
