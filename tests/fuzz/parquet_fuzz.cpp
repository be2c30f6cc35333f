// SPDX-License-Identifier: GPL-3.0-or-later
// Parquet: a table or a sentence, by the module in its own library.
#include "data/parquet_table.h"
#include "fuzz.h"
#include "table.h"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto table = data::readParquet(fuzz::written("t.parquet", fuzz::textOf(data, size)));
    if (fuzz::isRead(table)) fuzz::expectTable(*table);
    return 0;
}
