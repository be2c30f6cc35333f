#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/tokenizers/NAME: small tokenizers trained by Hugging Face tokenizers in the forms of the families we
read (tokenizer.json), and what it makes of some texts (golden.json)."""
import json
import pathlib

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"
        r"\s+(?!\S)|\s+")
LLAMA3 = QWEN.replace(r"\p{N}|", r"\p{N}{1,3}|", 1)
SPECIALS = ["<unk>", "<s>", "</s>"]
TEXTS = ["", " ", "a", "Hello world", "  two  spaces ", "Line\nbreak\r\n\r\ntab\t.", "It's WE'LL don't", "1234567 3.14",
         "caf\u00e9 cafe\u0301 na\u00efve \u00c5ngstr\u00f6m", "\u4e2d\u6587\u5b57 \u65e5\u672c\u8a9e", "\u041f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440", "\U0001F600\U0001F468\u200d\U0001F469",
         "<s>start</s> <|end|>  x<|end|>", "<unk> inside", "under_score<mask> <mask>x", "\u2581already marked \u2581",
         "the theory of the thing " * 4, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "\u1100\u1161\u11a8 \u0915\u094d\u0937", "\x00\x01\x7f", "tail space ", "\u00a0nbsp\u3000wide"]


def corpus():
    root = pathlib.Path(__file__).parent.parent.parent
    return [(root / name).read_text() for name in ("LICENSE",)] + \
        ["caf\u00e9 na\u00efve \u00c5ngstr\u00f6m \u4e2d\u6587\u5b57 \u65e5\u672c\u8a9e \u041f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440 1234 5678 'll 's"] * 20


def byte_level(regex, ignore_merges=False):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(regex), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer, trainers.BpeTrainer(vocab_size=420, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())


def sentencepiece():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(),
                                           decoders.Strip(" ", 1, 0)])
    fallbacks = [f"<0x{byte:02X}>" for byte in range(256)]
    return tokenizer, trainers.BpeTrainer(vocab_size=520, special_tokens=SPECIALS + fallbacks, limit_alphabet=70)


def plain_bytes(tokenizer):
    """The trainer adds its 256 byte tokens as special added tokens; real files have them in the vocabulary alone."""
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = [t for t in data["added_tokens"] if not t["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(data))


def starts_with_bos(tokenizer):
    bos = tokenizer.token_to_id("<s>")
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", bos)])


def qwen2():
    tokenizer, trainer = byte_level(QWEN)
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.add_special_tokens(["<|end|>", "<s>"])
    tokenizer.add_tokens([AddedToken("<mask>", lstrip=True, rstrip=False, single_word=True, normalized=False)])
    return tokenizer


def llama3():
    tokenizer, trainer = byte_level(LLAMA3, ignore_merges=True)
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.add_special_tokens(["<s>", "<|end|>"])
    starts_with_bos(tokenizer)
    return tokenizer


def gpt_neox():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(corpus(), byte_level(QWEN)[1])
    tokenizer.add_tokens([AddedToken("  ", normalized=True, special=False)])
    tokenizer.add_special_tokens(["<|end|>"])
    return tokenizer


def smollm():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True),
                                                       pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(corpus(), byte_level(QWEN)[1])
    tokenizer.add_special_tokens(["<|end|>"])
    return tokenizer


def llama2():
    tokenizer, trainer = sentencepiece()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()  # for training only
    tokenizer.train_from_iterator(corpus(), trainer)
    data = json.loads(tokenizer.to_str())
    data["pre_tokenizer"] = None
    tokenizer = plain_bytes(Tokenizer.from_str(json.dumps(data)))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    starts_with_bos(tokenizer)
    return tokenizer


def mistral():
    tokenizer, trainer = sentencepiece()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer = plain_bytes(tokenizer)
    starts_with_bos(tokenizer)
    return tokenizer


def gemma():
    tokenizer, trainer = sentencepiece()
    tokenizer.normalizer = normalizers.Replace(" ", "\u2581")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.train_from_iterator([line for text in corpus() for line in text.split("\n")], trainer)
    tokenizer = plain_bytes(tokenizer)
    starts_with_bos(tokenizer)
    return tokenizer


def main():
    root = pathlib.Path(__file__).parent.parent / "data" / "tokenizers"
    for make in (qwen2, llama3, gpt_neox, smollm, llama2, mistral, gemma):
        tokenizer = make()
        folder = root / make.__name__
        folder.mkdir(parents=True, exist_ok=True)
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        golden = []
        for text in TEXTS:
            encoding = tokenizer.encode(text)
            golden.append({"text": text, "ids": encoding.ids, "bare": tokenizer.encode(text, add_special_tokens=False).ids,
                           "decoded": tokenizer.decode(encoding.ids),
                           "whole": tokenizer.decode(encoding.ids, skip_special_tokens=False)})
        (folder / "golden.json").write_text(json.dumps(golden, indent=0) + "\n")


if __name__ == "__main__":
    main()
