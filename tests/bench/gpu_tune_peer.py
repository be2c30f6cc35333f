#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The step of `gradus bench tune` in transformers, with PEFT for --rank: the same shape, random weights and tokens, SDPA
attention, PyTorch's fused AdamW, gradients shortened to a norm of 1. Prints one line of JSON.

--scheme master: weights in fp32, passes in bf16 through autocast, what `bf16=True` of a transformers Trainer does and the
scheme that gradus has; brain16: weights and moments in bf16, which takes half the memory and loses small updates.
"""
import argparse
import json
import time

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

SHAPES = {"tiny": (128, 2, 4, 2, 344, 512, True), "qwen2.5-0.5b": (896, 24, 14, 2, 4864, 151936, True),
          "qwen2.5-1.5b": (1536, 28, 12, 2, 8960, 151936, True), "qwen2.5-3b": (2048, 36, 16, 2, 11008, 151936, True),
          "qwen2.5-7b": (3584, 28, 28, 4, 18944, 152064, False)}


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="qwen2.5-0.5b", choices=SHAPES)
    parser.add_argument("--scheme", default="master", choices=["master", "brain16"])
    parser.add_argument("--device", default="cuda")
    for name, value in dict(rank=0, batch=8, sequence=1024, warmup=3, steps=10).items():
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--fewest", type=float, default=1)
    parser.add_argument("--recompute", action="store_true")
    parser.add_argument("--targets", nargs="*", default=["q_proj", "k_proj", "v_proj", "o_proj"])
    return parser.parse_args()


def built(o):
    hidden, layers, heads, groups, inner, vocabulary, tied = SHAPES[o.model]
    config = Qwen2Config(vocab_size=vocabulary, hidden_size=hidden, intermediate_size=inner, num_hidden_layers=layers,
                         num_attention_heads=heads, num_key_value_heads=groups, max_position_embeddings=o.sequence,
                         tie_word_embeddings=tied, use_cache=False, rope_theta=1e6)
    frozen = o.rank > 0
    kind = torch.float32 if o.scheme == "master" and not frozen else torch.bfloat16
    before = torch.get_default_dtype()
    torch.set_default_dtype(kind)
    with torch.device(o.device):
        model = Qwen2ForCausalLM(config)
    torch.set_default_dtype(before)
    if frozen:
        from peft import LoraConfig, get_peft_model
        model = get_peft_model(model, LoraConfig(r=o.rank, lora_alpha=16, target_modules=o.targets, task_type="CAUSAL_LM"))
    if o.recompute:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        if frozen:
            model.enable_input_require_grads()
    model.train()
    return model, vocabulary


def main():
    o = options()
    torch.manual_seed(1)
    torch.backends.cuda.matmul.allow_tf32 = True
    model, vocabulary = built(o)
    leaves = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(leaves, lr=1e-5, weight_decay=0.01, fused=True)
    ids = torch.randint(0, vocabulary, (o.batch, o.sequence), device=o.device)
    labels, mask, tokens = ids.clone(), None, o.batch * o.sequence
    if o.fewest < 1:  # padded to the right, as a collator does
        shares = [o.fewest + (1 - o.fewest) * i / (o.batch - 1) for i in range(o.batch)]
        lengths = [max(2, round(share * o.sequence)) for share in shares]
        mask = torch.zeros_like(ids)
        for row, length in enumerate(lengths):
            mask[row, :length] = 1
        labels[mask == 0] = -100
        tokens = sum(lengths)
    mixed = torch.autocast(o.device, torch.bfloat16, enabled=o.scheme == "master")
    seconds, loss = [], None
    for step in range(o.warmup + o.steps):
        start = time.monotonic()
        with mixed:
            loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(leaves, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        last = loss.item()
        if o.device != "cpu":
            torch.cuda.synchronize()
        if step >= o.warmup:
            seconds.append(time.monotonic() - start)
    print(json.dumps({"bench": "tune-peer", "model": o.model, "scheme": o.scheme, "rank": o.rank, "batch": o.batch,
                      "sequence": o.sequence, "tokens_per_second": tokens * o.steps / sum(seconds),
                      "median_step_seconds": sorted(seconds)[len(seconds) // 2], "last_loss": last,
                      "parameters": sum(p.numel() for p in model.parameters()),
                      "peak_bytes": torch.cuda.max_memory_reserved() if o.device != "cpu" else 0,
                      "torch": torch.__version__}))


if __name__ == "__main__":
    main()
