#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Peak memory of `gradus model tune` and `gradus data preview` on synthetic files of growing size, read in parts.
Prints a line of JSON a file.

usage: streamed_tuning.py [--parquet] GRADUS TOKENIZER_FOLDER MEGABYTES...
TOKENIZER_FOLDER: one with tokenizer.json. MEGABYTES: of JSON Lines; --parquet: the same rows as Parquet (zstd).
Run with torch and transformers installed, and pyarrow for Parquet.
"""
import itertools
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time

WORDS = "the a river old king said to walk light over under stone winter green and never often seven tall quiet".split()


def measured(command):
    """Seconds and peak MiB of a command that must end well."""
    begun = time.monotonic()
    quiet = os.open(os.devnull, os.O_WRONLY)
    child = os.posix_spawn(command[0], command, os.environ,
                           file_actions=[(os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)])
    os.close(quiet)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        sys.exit("failed: " + " ".join(command))
    return {"seconds": round(time.monotonic() - begun, 1), "peak_mib": usage.ru_maxrss // 1024}


def write(path, megabytes):
    """Rows that differ by their number alone: what they say does not matter here, only how much of it there is."""
    draw, rows = random.Random(1), 0
    said = [" ".join(draw.choices(WORDS, k=150)) for _ in range(1000)]
    with open(path, "w", encoding="utf-8") as file:
        while file.tell() < megabytes << 20:
            file.write("".join(f'{{"prompt": "{rows + i}: {text[:400]}", "completion": "{text[400:]}", '
                               f'"chosen": "{text[300:]}", "rejected": "{text[:300]}"}}\n' for i, text in enumerate(said)))
            rows += len(said)
    return rows


def as_parquet(path):
    """The same rows in groups of 20,000."""
    import pyarrow
    import pyarrow.parquet
    packed = path.with_suffix(".parquet")
    with open(path, encoding="utf-8") as file:
        writer = None
        while rows := [json.loads(line) for line in itertools.islice(file, 20_000)]:
            table = pyarrow.Table.from_pylist(rows)
            writer = writer or pyarrow.parquet.ParquetWriter(packed, table.schema, compression="zstd")
            writer.write_table(table)
        writer.close()
    path.unlink()
    return packed


def main():
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM
    given = sys.argv[1:]
    packed = "--parquet" in given
    if packed:
        given.remove("--parquet")
    gradus, tokenizer = given[0], pathlib.Path(given[1])
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        known = json.loads((tokenizer / "tokenizer.json").read_text())
        size = 1 + max([*known["model"]["vocab"].values(), *(token["id"] for token in known.get("added_tokens", []))])
        torch.manual_seed(1)
        LlamaForCausalLM(LlamaConfig(vocab_size=size, hidden_size=32, intermediate_size=64, num_hidden_layers=1,
                                     num_attention_heads=2, max_position_embeddings=2048)).save_pretrained(scratch / "base")
        shutil.copyfile(tokenizer / "tokenizer.json", scratch / "base" / "tokenizer.json")
        for megabytes in map(int, given[2:]):
            data = scratch / "rows.jsonl"
            rows = write(data, megabytes)
            if packed:
                data = as_parquet(data)
            shutil.rmtree(scratch / "out", ignore_errors=True)
            print(json.dumps({"megabytes": megabytes, "rows": rows,
                              "tune": measured([gradus, "model", "tune", str(scratch / "base"), "--data", str(data), "-o",
                                                str(scratch / "out"), "--max-steps", "5", "--held-out", "0.01"]),
                              "preview": measured([gradus, "data", "preview", str(data), "--model",
                                                   str(scratch / "base")])}), flush=True)
            data.unlink()


if __name__ == "__main__":
    main()
