// SPDX-License-Identifier: GPL-3.0-or-later
// Labels that people gave, read from a CSV or JSON Lines file.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace gradus::pipeline {

struct HumanLabels
{
    std::map<std::int64_t, int> classes; ///< by data::itemNumber
    std::string background = {};         ///< what the file says of the person; hostile, may be empty
};

/// The rows of source.file that source.annotator gave (empty: the only annotator who labelled anything). Columns: item
/// (16 hexadecimal digits, as `gradus data items` writes them), label (a class from 0 to classes - 1; empty: no
/// answer), where several people share the file annotator, and, if it is kept, background. Bad input: a missing column,
/// an item or label that cannot be read, two different labels for one item, two backgrounds of one person, several
/// annotators and none named, nobody of that name.
Result<HumanLabels> readHumanLabels(const spec::SignalSource& source, int classes);

} // namespace gradus::pipeline
