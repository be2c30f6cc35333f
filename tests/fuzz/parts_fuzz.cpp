// SPDX-License-Identifier: GPL-3.0-or-later
// A file of rows in parts: the rows and columns of the whole file, whatever the size of a part; or a sentence. Input: a
// byte for the size of a part, one for the kind of file, and the file.
#include "data/table_parts.h"
#include "fuzz.h"
#include "table.h"

using namespace gradus;

namespace {

Result<data::Table> inParts(const std::filesystem::path& file, std::size_t bytes)
{
    data::Table all;
    const auto take = [&](const data::Table& part) -> Result<void> {
        fuzz::expect(all.rows.empty() || all.columns == part.columns, "every part has the file's columns");
        all.columns = part.columns;
        all.rows.insert(all.rows.end(), part.rows.begin(), part.rows.end());
        return {};
    };
    if (auto read = data::eachPart(file, bytes, take); !read) return read.error();
    return all;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) return 0;
    const std::size_t bytes = std::size_t{1} + data[0];
    const char* name = data[1] % 2 == 0 ? "parts.csv" : "parts.jsonl";
    const auto file = fuzz::written(name, fuzz::textOf(data + 2, size - 2));
    const auto parts = inParts(file, bytes);
    const auto whole = inParts(file, size + 1);
    fuzz::expect(parts.ok() == whole.ok(), "parts can be read where the whole can",
                 !parts ? parts.error().message : !whole ? whole.error().message : std::string());
    if (!fuzz::isRead(parts) || !fuzz::isRead(whole)) return 0;
    fuzz::expectEqual(*whole, *parts);
    for (std::size_t i = 0; i < parts->rows.size(); ++i)
        fuzz::expect(parts->rows[i].line == whole->rows[i].line, "lines are those of the whole file");
    return 0;
}
