// SPDX-License-Identifier: GPL-3.0-or-later
// What a file task reads, before any tokenizer: texts with their truth, in teacher's, student's and test part.
#pragma once

#include "base/result.h"
#include "data/table.h"
#include "data/task.h"
#include "spec/experiment.h"

#include <string>
#include <utility>
#include <vector>

namespace gradus::data {

/// One text an item (Classify) or two (Compare).
struct RawItem
{
    std::vector<std::string> texts;
    int truth = 0;
    std::string group; ///< items of one group (a prompt, a context) never stand in both halves of a split file
};

/// A file's items and how many rows carried no information and were left out.
struct RawItems
{
    std::vector<RawItem> items;
    std::size_t leftOut = 0;
};

struct RawData
{
    std::vector<RawItem> teacher;
    std::vector<RawItem> student;
    std::vector<RawItem> test;
    std::string note; ///< sentences for Task::note(): splits, rows left out, overlaps
};

/// How a template reads its rows: the roles of its columns and what a row means.
struct Template
{
    std::string name;
    std::vector<std::string> roles; ///< column names unless [task] columns renames them
    Read read = Read::Classify;
    int classes = 2;
    std::string leftOutBecause; ///< "their two answers are equal"
    /// columns[i] is where roles[i] stands.
    Result<RawItems> (*items)(const Table& table, const std::vector<std::size_t>& columns) = nullptr;
};

/// The template of that name, or bad input that names the nearest one. Key "task.name".
Result<Template> templateOf(const std::string& name);

/// Reads and checks the three files. Training items that equal a test item are left out. Errors carry the experiment's
/// key and name file, line or column, and cure.
Result<RawData> readRawData(const Template& form, const spec::Experiment& experiment);

} // namespace gradus::data
