// SPDX-License-Identifier: GPL-3.0-or-later
// What a file task reads, before any tokenizer: texts with their truth, in teacher's, student's and test part.
#pragma once

#include "base/result.h"
#include "data/read_files.h"
#include "data/template.h"
#include "spec/experiment.h"

#include <string>
#include <vector>

namespace gradus::data {

struct RawData
{
    std::vector<RawItem> teacher;
    std::vector<RawItem> student;
    std::vector<RawItem> test;
    std::string note;            ///< sentences for Task::note(): splits, rows left out, overlaps
    std::vector<ReadFile> files; ///< without the shares that were cut: a tokenizer tells those
};

/// Reads and checks the three files. Training items that equal a test item are left out. Errors carry the experiment's
/// key and name file, line or column, and cure.
/// How many labels are asked of it is not looked at.
Result<RawData> readRawData(const Template& form, const spec::Experiment& experiment);

/// Whether the rows of both parts are as many as an experiment asks labels of: training.teacher_labels (where set) or
/// training.labels for the first generation, training.labels for each later one.
Result<void> checkLabels(std::size_t teacherRows, std::size_t studentRows, const spec::Experiment& experiment);

} // namespace gradus::data
