#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/trainers: what TRL's trainers make of a tiny random-weight Qwen2 (golden.json: the losses of 20
steps of SFT whole and through a LoRA adapter of PEFT, of DPO in three variants with its reward margins, and of a reward
model), and what the adapter and the reward model begin with (adapter/, reward/). The language model is tests/data/models/qwen2. Run with torch,
transformers, trl, peft, datasets and tokenizers installed."""
import json
import pathlib
import random
import shutil
import tempfile

import torch
from datasets import Dataset
from peft import LoraConfig, get_peft_model, set_peft_model_state_dict
from safetensors.torch import load_file
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (AutoModelForCausalLM, AutoModelForSequenceClassification, PreTrainedTokenizerFast)
from trl import DPOConfig, DPOTrainer, RewardConfig, RewardTrainer, SFTConfig, SFTTrainer

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
BASE = DATA / "models" / "qwen2"
VOCABULARY, PAD, END, STEPS, ROWS = 40, 0, 1, 20, 12
RANK, ALPHA = 4, 8
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj"]


def tokenizer():
    """A word an id. Names of special tokens are found inside of words, so they begin like none."""
    special = ["<pad>", "<end>", "<unk>"]
    words = special + [f"w{i}" for i in range(len(special), VOCABULARY)]
    core = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    core.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=core, pad_token="<pad>", eos_token="<end>", unk_token="<unk>")


def text(ids):
    return " ".join(f"w{i}" for i in ids)


def rows(seed):
    draw = random.Random(seed)
    def some(low, high):
        return [draw.randrange(3, VOCABULARY) for _ in range(draw.randint(low, high))]
    return [{"prompt": some(2, 6), "chosen": some(1, 6), "rejected": some(1, 6)} for _ in range(ROWS)]


def settings(folder, rate, **more):
    usual = dict(output_dir=folder, per_device_train_batch_size=ROWS, max_steps=STEPS, learning_rate=rate,
                 lr_scheduler_type="constant", weight_decay=0.01, max_grad_norm=1.0, logging_steps=1,
                 save_strategy="no", report_to=[], use_cpu=True, bf16=False, fp16=False, gradient_checkpointing=False,
                 seed=1, disable_tqdm=True)
    return {**usual, **more}


def logged(trainer, keys):
    trainer.train()
    history = [entry for entry in trainer.state.log_history if "loss" in entry]
    return {name: [entry[key] for entry in history] for name, key in keys.items()}


def causal():
    return AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32, attn_implementation="eager")


def sft(examples, folder, adapter=None):
    model = causal()
    if adapter is not None:
        model = get_peft_model(model, LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=TARGETS, task_type="CAUSAL_LM"))
        set_peft_model_state_dict(model, adapter)
    data = Dataset.from_list([{"input_ids": e["prompt"] + e["chosen"] + [END],
                               "completion_mask": [0] * len(e["prompt"]) + [1] * (len(e["chosen"]) + 1)}
                              for e in examples])
    trainer = SFTTrainer(model=model, processing_class=tokenizer(), train_dataset=data,
                         args=SFTConfig(**settings(folder, 1e-2), completion_only_loss=True))
    return logged(trainer, {"loss": "loss", "norm": "grad_norm"})


def dpo(examples, folder, **more):
    data = Dataset.from_list([{key: text(e[key]) + (" " if key == "prompt" else "") for key in e} for e in examples])
    trainer = DPOTrainer(model=causal(), ref_model=causal(), processing_class=tokenizer(), train_dataset=data,
                         args=DPOConfig(**settings(folder, 1e-3, beta=0.5, **more)))
    return logged(trainer, {"loss": "loss", "margin": "rewards/margins"})


def reward(examples, folder):
    torch.manual_seed(7)
    model = AutoModelForSequenceClassification.from_pretrained(BASE, num_labels=1, dtype=torch.float32,
                                                               attn_implementation="eager", pad_token_id=PAD)
    shutil.rmtree(DATA / "trainers" / "reward", ignore_errors=True)
    model.save_pretrained(DATA / "trainers" / "reward")
    data = Dataset.from_list([{"chosen": text(e["prompt"] + e["chosen"]), "rejected": text(e["prompt"] + e["rejected"])}
                              for e in examples])
    trainer = RewardTrainer(model=model, processing_class=tokenizer(), train_dataset=data,
                            args=RewardConfig(**settings(folder, 1e-2)))
    return logged(trainer, {"loss": "loss", "margin": "margin"})


def first_adapter():
    """Written as PEFT writes it, so that both sides begin with the same numbers."""
    torch.manual_seed(11)
    model = get_peft_model(causal(), LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=TARGETS, task_type="CAUSAL_LM"))
    with torch.no_grad():  # B starts as zero, which would hide a mistake in it
        for name, value in model.named_parameters():
            if "lora_B" in name:
                value.normal_(0, 0.1)
    folder = DATA / "trainers" / "adapter"
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = "../../models/qwen2"
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=1) + "\n")
    return load_file(folder / "adapter_model.safetensors")


def main():
    (DATA / "trainers").mkdir(exist_ok=True)
    examples = rows(20260101)
    adapter = first_adapter()
    with tempfile.TemporaryDirectory() as folder:
        golden = {"rows": examples, "end": END,
                  "sft": sft(examples, folder), "lora": sft(examples, folder, adapter),
                  "sigmoid": dpo(examples, folder),
                  # TRL has cDPO's loss under this name, over sorted margins: alone in its batch, a pair is sorted.
                  "conservative": dpo(examples, folder, loss_type="aot", label_smoothing=0.2,
                                      per_device_train_batch_size=1, gradient_accumulation_steps=ROWS),
                  "robust": dpo(examples, folder, loss_type="robust", label_smoothing=0.2),
                  "reward": reward(examples, folder)}
    (DATA / "trainers" / "golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
