#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adapters as PEFT writes them, in every way in which it lets one say where they stand: greedy tokens of `gradus model
generate FOLDER --adapter` against PEFT's own, or the sentence of a refusal.

usage: peft_adapters.py GRADUS FOLDER        FOLDER: of a Llama-like model; run with torch, transformers and peft
"""
import json
import pathlib
import subprocess
import sys
import tempfile

READ = {"end of a name": {"target_modules": ["self_attn.q_proj", "v_proj"]},
        "pattern": {"target_modules": r".*self_attn\.(q|v)_proj"},
        "pattern of a layer": {"target_modules": r"model\.layers\.[13]\.mlp\.down_proj"},
        "all-linear": {"target_modules": "all-linear"},
        "excluded": {"target_modules": ["q_proj", "v_proj"], "exclude_modules": ["v_proj"]},
        "some layers": {"target_modules": ["q_proj", "v_proj"], "layers_to_transform": [0, 2]},
        "one layer": {"target_modules": ["q_proj"], "layers_to_transform": 3, "layers_pattern": "layers"},
        "whole names": {"target_modules": ["model.layers.0.self_attn.q_proj", "layers.1.self_attn.q_proj"]},
        "by default": {}}
REFUSED = {"head saved": {"target_modules": ["q_proj"], "modules_to_save": ["lm_head"]},
           "norms saved": {"target_modules": ["q_proj"], "modules_to_save": ["input_layernorm"]},
           "ranks": {"target_modules": ["q_proj", "v_proj"], "rank_pattern": {"q_proj": 2}},
           "alphas": {"target_modules": ["q_proj", "v_proj"], "alpha_pattern": {"q_proj": 2}},
           "DoRA": {"target_modules": ["q_proj"], "use_dora": True},
           "rank-stabilised": {"target_modules": ["q_proj"], "use_rslora": True},
           "biases": {"target_modules": ["q_proj"], "bias": "lora_only"},
           "own bias": {"target_modules": ["q_proj"], "lora_bias": True},
           "embeddings": {"target_modules": ["q_proj", "embed_tokens"]},
           "head": {"target_modules": ["q_proj", "lm_head"]},
           "parameters": {"target_modules": ["q_proj"], "target_parameters": ["mlp.down_proj.weight"]},
           "tokens": {"target_modules": ["q_proj"], "trainable_token_indices": [3, 4]}}
PROMPT, NEW = "Once upon a time", 16


def main():
    import torch
    from peft import LoraConfig, get_peft_model
    from tokenizers import Tokenizer
    from transformers import AutoModelForCausalLM
    gradus, folder = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
    prompt = torch.tensor([Tokenizer.from_file(folder + "/tokenizer.json").encode(PROMPT).ids])
    bad = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name, said in {**READ, **REFUSED}.items():
            torch.manual_seed(0)
            base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
            plain = base.generate(input_ids=prompt, max_new_tokens=NEW, do_sample=False)[0].tolist()
            model = get_peft_model(base, LoraConfig(r=4, lora_alpha=64, task_type="CAUSAL_LM", **said)).eval()
            with torch.no_grad():
                for parameter, tensor in model.named_parameters():
                    if "lora_B" in parameter:
                        tensor.normal_(0, 0.4)
            place = pathlib.Path(scratch) / name.replace(" ", "-")
            model.save_pretrained(place)
            theirs = model.generate(input_ids=prompt, max_new_tokens=NEW, do_sample=False)[0].tolist()
            done = subprocess.run([gradus, "model", "generate", folder, "--adapter", place, "--prompt", PROMPT, "--greedy",
                                   "--max-new-tokens", str(NEW), "--json"], capture_output=True, text=True)
            if name in READ:
                ours = json.loads(done.stdout)["ids"] if done.returncode == 0 else None
                good = ours == theirs[prompt.shape[1]:] and theirs != plain
                verdict = ("equal" if good else f"DIFFERS: {ours} {theirs[prompt.shape[1]:]} {done.stderr.strip()}")
            else:
                good = done.returncode == 2
                verdict = ("refused: " if good else "NOT REFUSED: ") + done.stderr.strip().replace(scratch, "…")
            bad += not good
            print(f"{name:<20} {verdict}", flush=True)
    print(f"{bad} of {len(READ) + len(REFUSED)} are not as they should be")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
