#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens what `gradus model tune` wrote in transformers (and PEFT), and computes the held-out loss again from the rows of
the file that --eval named: rows of plain text. Prints both as JSON.

usage: check_tuned.py OUT BASE METHOD EVAL_FILE [BETA]      METHOD: sft, dpo, reward or classify
"""
import json
import pathlib
import sys

import torch
from transformers import (AutoModelForCausalLM, AutoModelForSequenceClassification, PreTrainedTokenizerFast)

log_sigmoid = torch.nn.functional.logsigmoid


def opened(folder, base, kind, **more):
    folder = pathlib.Path(folder)
    if not (folder / "adapter_config.json").exists():
        return kind.from_pretrained(folder, dtype=torch.float32).eval()
    from peft import PeftModel
    return PeftModel.from_pretrained(kind.from_pretrained(base, dtype=torch.float32, **more), folder).eval()


class Reader:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.core = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
        settings = json.loads((folder / "tokenizer_config.json").read_text())
        end = settings.get("eos_token")
        self.limit = min(1024, json.loads((folder / "config.json").read_text())["max_position_embeddings"])
        self.end = self.core.convert_tokens_to_ids(end["content"] if isinstance(end, dict) else end) if end else None

    def fitting(self, rows, sides, ends):
        """Rows of which no text is too long: the others are left out there, too."""
        return [row for row in rows if all(len(self.ids(row.get("prompt", ""), row[side], ends)[0]) <= self.limit
                                           for side in sides)]

    def ids(self, prompt, response, ends):
        """Token ids, and where the response begins."""
        read = self.core(prompt + response, return_offsets_mapping=True)
        ids, offsets = read["input_ids"], read["offset_mapping"]
        begin = 0
        while begin < len(ids) and (offsets[begin][1] <= len(prompt) or offsets[begin][0] == offsets[begin][1]):
            begin += 1
        if ends and self.end is not None and (not ids or ids[-1] != self.end):
            ids = ids + [self.end]
        return ids, max(1, begin)


@torch.no_grad()
def response_logs(model, ids, begin):
    logs = torch.log_softmax(model(input_ids=torch.tensor([ids])).logits[0].float(), -1)
    return sum(logs[t - 1, ids[t]].item() for t in range(begin, len(ids))), len(ids) - begin


def language(rows, out, base, reader):
    model = opened(out, base, AutoModelForCausalLM)
    total = count = 0
    for row in reader.fitting(rows, ["completion"], True):
        log, tokens = response_logs(model, *reader.ids(row["prompt"], row["completion"], True))
        total, count = total - log, count + tokens
    return total / count


def preference(rows, out, base, reader, beta):
    model = opened(out, base, AutoModelForCausalLM)
    before = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()
    losses = []
    for row in reader.fitting(rows, ["chosen", "rejected"], True):
        sides = [reader.ids(row["prompt"], row[side], True) for side in ("chosen", "rejected")]
        (chosen, rejected) = [response_logs(model, *side)[0] - response_logs(before, *side)[0] for side in sides]
        losses.append(-log_sigmoid(torch.tensor(beta * (chosen - rejected))).item())
    return sum(losses) / len(losses)


@torch.no_grad()
def reward(rows, out, base, reader):
    model = opened(out, base, AutoModelForSequenceClassification, num_labels=1)
    losses = []
    for row in reader.fitting(rows, ["chosen", "rejected"], False):
        chosen, rejected = [model(input_ids=torch.tensor([reader.ids(row["prompt"], row[side], False)[0]])).logits[0, 0]
                            for side in ("chosen", "rejected")]
        losses.append(-log_sigmoid(chosen - rejected).item())
    return sum(losses) / len(losses)


@torch.no_grad()
def classes(rows, out, base, reader):
    labels = max(row["label"] for row in rows) + 1
    model = opened(out, base, AutoModelForSequenceClassification, num_labels=max(2, labels))
    losses = []
    for row in rows:
        logits = model(input_ids=torch.tensor([reader.ids("", row["text"], False)[0]])).logits[0]
        losses.append(-torch.log_softmax(logits.float(), -1)[row["label"]].item())
    return sum(losses) / len(losses)


def main():
    out, base, method, file = sys.argv[1:5]
    rows = [json.loads(line) for line in open(file, encoding="utf-8") if line.strip()]
    reader = Reader(base)
    theirs = {"sft": language, "reward": reward, "classify": classes}[method](rows, out, base, reader) \
        if method != "dpo" else preference(rows, out, base, reader, float(sys.argv[5]) if len(sys.argv) > 5 else 0.1)
    result = [json.loads(line) for line in open(pathlib.Path(out) / "metrics.jsonl")][-1]
    ours = result["after"]["eval_loss"]
    print(json.dumps({"method": method, "rows": len(rows), "n": ours["n"], "ours": ours["value"], "transformers": theirs,
                      "difference": abs(ours["value"] - theirs)}))


if __name__ == "__main__":
    main()
