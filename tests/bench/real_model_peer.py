#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What transformers (and PEFT) say of a real model's folder, for `ctest -R real_model`.

usage: real_model_peer.py FOLDER ASKED.json ANSWERS.json
ASKED (every key may be missing): texts and chats to tokenise; rows of ids whose last logits are wanted; prompts of ids to
continue greedily with new_tokens; choices (prompt, answers) to score; problems to continue up to "\\nQuestion:"; adapter:
a PEFT folder to put on first.
"""
import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def chosen(model, tokenizer, item):
    """Sums of log p(answer | prompt), the answer beginning where the ids of prompt + answer leave those of the prompt."""
    before, sums = tokenizer(item["prompt"], split_special_tokens=True)["input_ids"], []
    for answer in item["answers"]:
        ids = tokenizer(item["prompt"] + answer, split_special_tokens=True)["input_ids"]
        begin = next((i for i, pair in enumerate(zip(ids, before)) if pair[0] != pair[1]), min(len(ids), len(before)))
        logs = torch.log_softmax(model(input_ids=torch.tensor([ids])).logits[0].float(), -1)
        sums.append(sum(logs[t - 1, ids[t]].item() for t in range(max(1, begin), len(ids))))
    lengths = [len(answer.encode()) for answer in item["answers"]]
    return max(range(len(sums)), key=sums.__getitem__), max(range(len(sums)), key=lambda i: sums[i] / lengths[i])


def continued(model, ids, new_tokens):
    ids = torch.tensor([ids])
    return model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=new_tokens,
                          do_sample=False)[0, ids.shape[1]:].tolist()


@torch.no_grad()
def main():
    folder, asked, out = sys.argv[1], json.load(open(sys.argv[2])), sys.argv[3]
    torch.set_num_threads(2)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    if asked.get("adapter"):
        from peft import PeftModel
        model = PeftModel.from_pretrained(model, asked["adapter"]).eval()
    said = {"texts": [tokenizer(text, split_special_tokens=True)["input_ids"] for text in asked.get("texts", [])],
            "chats": [tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=False)
                      for chat in asked.get("chats", [])],
            "logits": [model(input_ids=torch.tensor([row])).logits[0, -1].tolist() for row in asked.get("rows", [])],
            "greedy": [continued(model, ids, asked["new_tokens"]) for ids in asked.get("prompts", [])],
            "choices": [chosen(model, tokenizer, item) for item in asked.get("choices", [])], "problems": []}
    said["chat_ids"] = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in said["chats"]]
    for problem in asked.get("problems", []):
        ids = continued(model, tokenizer(problem)["input_ids"], asked["new_tokens"])
        said["problems"].append(tokenizer.decode(ids, skip_special_tokens=True).split("\nQuestion:")[0])
    json.dump(said, open(out, "w"))


if __name__ == "__main__":
    main()
