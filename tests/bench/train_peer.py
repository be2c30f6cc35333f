#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of `gradus bench train` in PyTorch + transformers with fused AdamW; prints one line of JSON."""
import argparse
import json
import time

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM


def options():
    parser = argparse.ArgumentParser()
    for name, value in dict(layers=4, width=64, heads=4, key_value_heads=2, intermediate=256, vocabulary=2048,
                            batch=16, sequence=128, threads=1, warmup=5, steps=30).items():
        parser.add_argument("--" + name.replace("_", "-"), type=int, default=value)
    return parser.parse_args()


def main():
    o = options()
    torch.set_num_threads(o.threads)
    torch.manual_seed(1)
    config = Qwen2Config(vocab_size=o.vocabulary, hidden_size=o.width, intermediate_size=o.intermediate,
                         num_hidden_layers=o.layers, num_attention_heads=o.heads,
                         num_key_value_heads=o.key_value_heads, max_position_embeddings=o.sequence,
                         tie_word_embeddings=True, use_cache=False)
    model = Qwen2ForCausalLM(config)
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01, fused=True)
    ids = torch.randint(0, o.vocabulary, (o.batch, o.sequence + 1))
    inputs, targets = ids[:, :-1].contiguous(), ids[:, 1:].reshape(-1)
    seconds = []
    for step in range(o.warmup + o.steps):
        start = time.monotonic()
        logits = model(input_ids=inputs).logits
        loss = torch.nn.functional.cross_entropy(logits.view(-1, o.vocabulary), targets)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        loss.item()
        if step >= o.warmup:
            seconds.append(time.monotonic() - start)
    print(json.dumps({"bench": "train-peer", "tokens_per_second": o.steps * o.batch * o.sequence / sum(seconds),
                      "median_step_seconds": sorted(seconds)[len(seconds) // 2],
                      "parameters": sum(p.numel() for p in model.parameters()), "torch": torch.__version__}))


if __name__ == "__main__":
    main()
