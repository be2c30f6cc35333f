// SPDX-License-Identifier: GPL-3.0-or-later
// What a task read of its files: how many rows, what of them is used, and what was left out and why. Pure.
#pragma once

#include "data/task.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gradus::data {

/// Something of a file that stands in no part of the task.
struct LeftOutRows
{
    std::size_t count = 0; ///< above 0
    std::string what;      ///< "row", "answer"
    std::string because;   ///< "their two answers are equal": words without a full stop
};

struct ReadFile
{
    std::string role;      ///< the experiment's key that names it: "task.teacher_data"
    std::string path;      ///< as the experiment gives it
    std::size_t rows = 0;  ///< that it holds
    std::size_t items = 0; ///< made of them, that some part of the task may use
    std::vector<LeftOutRows> leftOut = {};
    /// Share of the items' texts that are longer than task.max_tokens and lose their beginning; none where every rung
    /// reads with a tokenizer of its own.
    std::optional<double> cutShare = {};
};

/// A task that is made of files.
class ReadsFiles
{
public:
    virtual ~ReadsFiles() = default;
    /// In the order in which they were read. Any thread.
    virtual const std::vector<ReadFile>& files() const = 0;
};

/// None of a built-in world.
std::vector<ReadFile> filesOf(const Task& task);

/// "12 rows of train.csv were left out because their two answers are equal. …", each with a space after it; empty where
/// all is used.
std::string leftOutNote(const ReadFile& file);

} // namespace gradus::data
