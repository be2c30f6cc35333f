#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/qwen2_golden.{safetensors,json}: a tiny random Qwen2 of transformers, its logits, loss and gradient
norms, that the decoder is compared with. Run with: torch, transformers, safetensors installed."""
import json
import pathlib

import torch
from safetensors.torch import save_file
from transformers import Qwen2Config, Qwen2ForCausalLM


def main():
    torch.manual_seed(20260101)
    config = Qwen2Config(vocab_size=40, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
                         num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64,
                         tie_word_embeddings=True, attn_implementation="eager", use_cache=False)
    model = Qwen2ForCausalLM(config)
    with torch.no_grad():  # biases and norms start as 0 and 1, which would hide a mistake in them
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    ids = torch.randint(0, 40, (3, 12))
    targets = torch.randint(0, 40, (3, 12))
    logits = model(input_ids=ids).logits
    loss = torch.nn.functional.cross_entropy(logits.view(-1, 40), targets.view(-1))
    loss.backward()
    tensors = {name: value.detach().contiguous().clone() for name, value in model.state_dict().items()
               if name != "lm_head.weight"}
    tensors["golden.logits"] = logits.detach().contiguous().clone()
    folder = pathlib.Path(__file__).parent.parent / "data"
    save_file(tensors, folder / "qwen2_golden.safetensors")
    golden = {"ids": ids.tolist(), "targets": targets.tolist(), "loss": loss.item(),
              "rope_theta": 10000.0,
              "gradient_norms": {name: p.grad.double().norm().item() for name, p in model.named_parameters()}}
    (folder / "qwen2_golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
