#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of `gradus bench generate` in transformers' generate(), greedy; prints one line of JSON."""
import argparse
import json
import time

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM


def options():
    parser = argparse.ArgumentParser()
    for name, value in dict(layers=4, width=64, heads=4, key_value_heads=2, intermediate=256, vocabulary=2048,
                            batch=1, prompt=16, new_tokens=64, threads=1, repeats=5).items():
        parser.add_argument("--" + name.replace("_", "-"), type=int, default=value)
    return parser.parse_args()


def main():
    o = options()
    torch.set_num_threads(o.threads)
    torch.manual_seed(1)
    config = Qwen2Config(vocab_size=o.vocabulary, hidden_size=o.width, intermediate_size=o.intermediate,
                         num_hidden_layers=o.layers, num_attention_heads=o.heads,
                         num_key_value_heads=o.key_value_heads, max_position_embeddings=o.prompt + o.new_tokens,
                         tie_word_embeddings=True)
    model = Qwen2ForCausalLM(config).eval()
    ids = torch.randint(0, o.vocabulary, (o.batch, o.prompt))
    seconds = []
    for repeat in range(o.repeats + 1):
        start = time.monotonic()
        model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=o.new_tokens,
                       do_sample=False, eos_token_id=None, pad_token_id=0)
        if repeat > 0:
            seconds.append(time.monotonic() - start)
    print(json.dumps({"bench": "generate-peer", "tokens_per_second": o.repeats * o.batch * o.new_tokens / sum(seconds),
                      "torch": torch.__version__}))


if __name__ == "__main__":
    main()
