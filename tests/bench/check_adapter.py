#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens an adapter that a run wrote in PEFT, merges it into its base model, and compares every weight with the run's own
merged weights.

usage: check_adapter.py CHECKPOINT_FOLDER(of a run) GENERATION
"""
import json
import pathlib
import sys

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForSequenceClassification


def main():
    folder, generation = pathlib.Path(sys.argv[1]), sys.argv[2]
    adapter = folder / f"generation-{generation}-adapter"
    base = json.loads((adapter / "adapter_config.json").read_text())["base_model_name_or_path"]
    ours = load_file(next((folder / f"generation-{generation}").glob("weights*.safetensors")))
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=ours["score.weight"].shape[0],
                                                               dtype=torch.float32)
    merged = PeftModel.from_pretrained(model, adapter).merge_and_unload()
    theirs = dict(merged.state_dict())
    worst, missing = 0.0, []
    for name, tensor in ours.items():
        if name not in theirs:
            missing.append(name)
            continue
        worst = max(worst, (theirs[name] - tensor).abs().max().item())
    print(json.dumps({"tensors": len(ours), "missing_there": missing, "largest_difference": worst}))


if __name__ == "__main__":
    main()
