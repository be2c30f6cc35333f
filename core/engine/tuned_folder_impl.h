// SPDX-License-Identifier: GPL-3.0-or-later
// A tuned model as other programs open it: a Hugging Face folder, or a PEFT adapter's.
#pragma once

#include "engine/folder_tuning.h"
#include "engine/task_head_impl.h"
#include "models/decoder_impl.h"
#include "models/model_folder.h"

namespace gradus::engine {

/// Writes job.output: weights and configuration, and copies of the tokenizer's files. An adapter that is to be merged
/// is folded into the decoder. head is null for language models; adapter is what attachAdapters was given. Returns the
/// SHA-256 of the weights' file.
Result<std::string> writeTunedFolder(const FolderTuning& job, const models::ModelFolder& base, models::Decoder& decoder,
                                     const TaskHead* head, const models::AdapterOptions& adapter);

} // namespace gradus::engine
