#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`gradus bench tokenizer` with Hugging Face tokenizers, one thread, one document at a time or (--batch) all at once."""
import argparse
import json
import os
import pathlib
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
from tokenizers import Tokenizer  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("file")
    parser.add_argument("--repeats", type=int, default=3)
    o = parser.parse_args()
    path = pathlib.Path(o.model)
    start = time.monotonic()
    tokenizer = Tokenizer.from_file(str(path / "tokenizer.json" if path.is_dir() else path))
    loaded = time.monotonic() - start
    content = pathlib.Path(o.file).read_bytes()
    lines = content.decode("utf-8", errors="replace").split("\n")
    best = 0
    for repeat in range(o.repeats):
        start = time.monotonic()
        tokens = sum(len(e.ids) for e in tokenizer.encode_batch_fast(lines)) if repeat % 2 else \
            sum(len(tokenizer.encode(line).ids) for line in lines)
        best = max(best, len(content) / 1e6 / (time.monotonic() - start))
    print(json.dumps({"bench": "tokenizer-peer", "megabytes_per_second": best, "tokens": tokens,
                      "load_seconds": loaded}))


if __name__ == "__main__":
    main()
