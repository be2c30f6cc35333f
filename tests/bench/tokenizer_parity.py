#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts documents that `gradus data tokenize --ranges` and Hugging Face tokenizers encode differently: in their ids, and
where the ids are equal in the range of the text that a token came from. The library counts characters, ours are bytes of the
document: they are compared as the characters that they touch. Known to differ: ranges where NFC
composes characters (qwen2, gpt_neox), counted apart as documents that NFC changes. The corpus: every text file under the
given folders, and seeded random text of many scripts.

usage: tokenizer_parity.py GRADUS TOKENIZER(folder or tokenizer.json) FOLDER... [--documents N] [--seed N]
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

from tokenizers import Tokenizer

SCRIPTS = [(0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x530, 0x58F), (0x590, 0x5FF),
           (0x600, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F), (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x2000, 0x206F),
           (0x20A0, 0x214F), (0x2600, 0x27BF), (0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
           (0xFE00, 0xFE0F), (0xFF00, 0xFFEF), (0x1D400, 0x1D7FF), (0x1F300, 0x1FAFF)]
BITS = [" ", "  ", "\n", "\r\n", "\t", "   \n\n", "'s", "'LL", "don't", "123456", "1.5e-7", "<|endoftext|>", "<s>",
        "\u200d", "e\u0301", "\u1100\u1161\u11a8", "...", "def f(x):\n    return x", "http://a.b/c?d=e&f"]


def random_document(rng):
    parts = []
    for _ in range(rng.randint(1, 60)):
        kind = rng.random()
        if kind < 0.3:
            parts.append(rng.choice(BITS))
        elif kind < 0.4:
            parts.append(chr(rng.choice([0x20, 0x61, 0xE9, 0x4E2D, 0x1F600])) * rng.randint(1, 200))
        else:
            low, high = rng.choice(SCRIPTS)
            parts.append("".join(chr(rng.randint(low, high)) for _ in range(rng.randint(1, 12))))
    return "".join(parts)


def corpus(folders, count, seed):
    documents = []
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if not path.is_file() or path.name == "tokenizer.json" or path.suffix == ".safetensors":
                continue
            text = path.read_bytes().decode("utf-8", errors="replace")
            documents += [text[at:at + 4000] for at in range(0, len(text), 4000)]
    rng = random.Random(seed)
    return documents + [random_document(rng) for _ in range(count)]


def as_characters(document, ranges):
    """Ranges in bytes of UTF-8 as ranges of the characters that they touch."""
    of = [i for i, character in enumerate(document) for _ in character.encode()]
    return [(of[begin], of[end - 1] + 1) if end > begin else None for begin, end in ranges]


def is_equal(document, ranges, offsets):
    """Tokens without a text of their own stand where each library puts them and say nothing."""
    return all(ours is None or theirs[0] == theirs[1] or ours == tuple(theirs)
               for ours, theirs in zip(as_characters(document, ranges), offsets))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gradus")
    parser.add_argument("tokenizer")
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=20260101)
    o = parser.parse_args()
    documents = corpus(o.folders, o.documents, o.seed)
    path = pathlib.Path(o.tokenizer)
    theirs = Tokenizer.from_file(str(path / "tokenizer.json" if path.is_dir() else path))
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="ascii") as file:
        file.writelines(json.dumps(d) + "\n" for d in documents)
        file.flush()
        lines = subprocess.run([o.gradus, "data", "tokenize", "--ranges", o.tokenizer, file.name], capture_output=True, text=True,
                               check=True).stdout.splitlines()
    assert len(lines) == len(documents), (len(lines), len(documents))
    differ, elsewhere, composed, tokens = [], [], 0, 0
    for document, line in zip(documents, lines):
        expected, made = theirs.encode(document), json.loads(line)
        tokens += len(expected.ids)
        if made["ids"] != expected.ids:
            differ.append(document)
        elif not is_equal(document, made.get("ranges", []), expected.offsets):
            if unicodedata.normalize("NFC", document) == document:
                elsewhere.append(document)
            else:
                composed += 1
    for what, some in (("ids differ", differ), ("ranges differ", elsewhere)):
        for document in some[:5]:
            print(what + ":", ascii(document[:300]), file=sys.stderr)
    print(json.dumps({"documents": len(documents), "bytes": sum(len(d.encode()) for d in documents), "tokens": tokens,
                      "differing": len(differ), "differing_ranges": len(elsewhere),
                      "differing_ranges_where_nfc_changes": composed, "seed": o.seed}))


if __name__ == "__main__":
    main()
