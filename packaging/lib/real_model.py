#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A GGUF file of a Llama-family model as a Hugging Face folder in bfloat16.

usage: real_model.py FILE.gguf FOLDER
"""
import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

ALONE = {"type": "Digits", "individual_digits": True}


def digits_alone(file):
    """The file names the splitting of text ("smollm"), of which transformers keeps the byte level only: the model was
    taught numbers digit by digit."""
    tokenizer = json.loads(file.read_text(encoding="utf-8"))
    split = tokenizer["pre_tokenizer"]
    if split["type"] == "ByteLevel":
        tokenizer["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [ALONE, split]}
        file.write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")


def main():
    source, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    read = AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=source.name, dtype=torch.float32)
    config = read.config.to_dict()
    for key in ("quantization_config", "_name_or_path", "_model_name_or_path"):
        config.pop(key, None)
    model = LlamaForCausalLM(LlamaConfig(**config))
    model.load_state_dict(read.state_dict())
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
    tokenizer.save_pretrained(folder)
    digits_alone(folder / "tokenizer.json")
    chat = [{"role": "user", "content": "What is the capital of France?"}]
    ids = AutoTokenizer.from_pretrained(folder).apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt",
                                                                   return_dict=True)
    said = tokenizer.decode(model.float().generate(**ids, max_new_tokens=12, do_sample=False)[0])
    if "Paris" not in said:
        sys.exit(f"The model that was written does not know the capital of France: {said}")


if __name__ == "__main__":
    main()
