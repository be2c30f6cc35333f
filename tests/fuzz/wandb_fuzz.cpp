// SPDX-License-Identifier: GPL-3.0-or-later
// Exports of W&B, a CSV of either form: a source that can be planned, or a sentence.
#include "fuzz.h"
#include "imports/read_source.h"
#include "plan.h"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto source = imports::readWandbCsv(fuzz::written("export.csv", fuzz::textOf(data, size)));
    if (fuzz::isRead(source)) fuzz::expectPlan(*source);
    return 0;
}
