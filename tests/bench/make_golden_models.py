#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/models/NAME: tiny random-weight models of transformers as it saves them (config.json,
model.safetensors) with golden.safetensors (logits, every gradient) and golden.json (loss, the losses of 20 AdamW steps,
greedy tokens) and, of some, states.json (hidden states of every layer) beside them; of the named ones alone where names are given. Run with torch, transformers, safetensors and peft installed."""
import json
import pathlib
import shutil
import sys

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import Gemma3TextConfig, GPTNeoXConfig, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

VOCABULARY = 40
COMMON = dict(vocab_size=VOCABULARY, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
              max_position_embeddings=64)
GROUPED = dict(COMMON, num_key_value_heads=2)
MODELS = {
    "qwen2": Qwen2Config(**GROUPED, tie_word_embeddings=True),
    "qwen2-untied": Qwen2Config(**GROUPED, tie_word_embeddings=False),
    "qwen3": Qwen3Config(**GROUPED, head_dim=6, tie_word_embeddings=True),
    "llama3": LlamaConfig(**GROUPED, tie_word_embeddings=False,
                          rope_parameters=dict(rope_type="llama3", rope_theta=500.0, factor=4.0, low_freq_factor=1.0,
                                               high_freq_factor=4.0, original_max_position_embeddings=16)),
    "smollm": LlamaConfig(**GROUPED, tie_word_embeddings=True, attention_bias=True),
    "mistral": MistralConfig(**GROUPED, head_dim=6, sliding_window=32, tie_word_embeddings=False),
    # 20 positions and a window of 8: of the rows below, later positions lose sight of earlier ones.
    "gemma3": Gemma3TextConfig(**GROUPED, head_dim=6, query_pre_attn_scalar=5, sliding_window=8, pad_token_id=None,
                               layer_types=["sliding_attention", "full_attention"], tie_word_embeddings=True,
                               rope_parameters=dict(full_attention=dict(rope_type="linear", rope_theta=800.0, factor=2.0),
                                                    sliding_attention=dict(rope_type="default", rope_theta=90.0))),
    "neox": GPTNeoXConfig(**COMMON, rotary_pct=0.5, use_parallel_residual=True),
    "neox-serial": GPTNeoXConfig(**COMMON, rotary_pct=1.0, use_parallel_residual=False),
}
STATES = ("qwen2", "gemma3", "neox")


def loss_of(model, ids, targets):
    logits = model(input_ids=ids, use_cache=False).logits
    return logits, torch.nn.functional.cross_entropy(logits.view(-1, VOCABULARY), targets.view(-1))


def trained_losses(model, ids, targets):
    decayed = [p for p in model.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if p.dim() != 2]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}],
                                  lr=1e-2)
    losses = []
    for _ in range(20):
        optimizer.zero_grad()
        loss = loss_of(model, ids, targets)[1]
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def write(name, config, folder):
    torch.manual_seed(20260101)
    config._attn_implementation = "eager"
    model = transformers.AutoModelForCausalLM.from_config(config)
    with torch.no_grad():  # biases and norms start as 0 and 1, which would hide a mistake in them
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    model.eval()
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    ids = torch.randint(0, VOCABULARY, (3, 20))
    targets = torch.randint(0, VOCABULARY, (3, 20))
    logits, loss = loss_of(model, ids, targets)
    loss.backward()
    tensors = {"logits": logits.detach().contiguous()}
    saved = load_file(folder / "model.safetensors")  # files may use older names than the library's own
    for key, parameter in model.named_parameters():
        key = key if key in saved else {"lm_head.weight": "embed_out.weight"}[key]
        tensors["grad." + key] = parameter.grad.contiguous()
    save_file(tensors, folder / "golden.safetensors")
    greedy = model.generate(input_ids=ids[:, :8], attention_mask=torch.ones(3, 8, dtype=torch.long), max_new_tokens=16,
                            do_sample=False, eos_token_id=None, pad_token_id=0)
    # Rows of different lengths, padded on the left: the shorter one must say what it says alone.
    mask = torch.ones(2, 8, dtype=torch.long)
    mask[1, :3] = 0
    padded = model.generate(input_ids=ids[:2, :8], attention_mask=mask, max_new_tokens=12, do_sample=False,
                            eos_token_id=None, pad_token_id=0)
    golden = {"ids": ids.tolist(), "targets": targets.tolist(), "loss": loss.item(), "greedy": greedy[:, 8:].tolist(),
              "padded_greedy": padded[:, 8:].tolist(), "losses": trained_losses(model, ids, targets)}
    (folder / "golden.json").write_text(json.dumps(golden) + "\n")


def write_states(folder):
    """states.json: the residual stream at the last token of two texts, before the first layer and after each (before
    the last norm, which the library's own hidden_states put behind it). Of the model as it is saved."""
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager").eval()
    body = model.base_model
    seen = []
    layers = body.layers
    layers[0].register_forward_pre_hook(lambda module, arguments: seen.append(arguments[0][0, -1].tolist()))
    for layer in layers:
        layer.register_forward_hook(
            lambda module, arguments, made: seen.append((made[0] if isinstance(made, tuple) else made)[0, -1].tolist()))
    texts = [[1, 2, 3], [4, 5, 9, 33, 7, 20, 21, 6, 11, 30, 2]]
    states = []
    for text in texts:
        seen.clear()
        with torch.no_grad():
            body(input_ids=torch.tensor([text]), use_cache=False)
        states.append([[round(value, 7) for value in row] for row in seen])
    (folder / "states.json").write_text(json.dumps({"texts": texts, "states": states}) + "\n")


def main():
    data = pathlib.Path(__file__).parent.parent / "data" / "models"
    for name, config in MODELS.items():
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        folder = data / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        write(name, config, folder)
        if name in STATES:
            write_states(folder)


if __name__ == "__main__":
    main()
