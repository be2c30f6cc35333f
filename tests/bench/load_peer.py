#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`gradus bench load FOLDER` in transformers: opens the folder in single precision and asks for one row of logits."""
import argparse
import json
import time

import torch
from transformers import AutoModelForCausalLM


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    seconds = []
    for repeat in range(o.repeats + 1):
        start = time.monotonic()
        model = AutoModelForCausalLM.from_pretrained(o.folder, dtype=torch.float32)
        with torch.inference_mode():
            model(input_ids=torch.tensor([[1, 2]]))
        del model
        if repeat > 0:
            seconds.append(time.monotonic() - start)
    print(json.dumps({"bench": "load-peer", "models_per_second": o.repeats / sum(seconds)}))


if __name__ == "__main__":
    main()
