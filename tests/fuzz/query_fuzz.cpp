// SPDX-License-Identifier: GPL-3.0-or-later
// Statements that somebody wrote, on a store: rows within the limits or a sentence with a place in the statement, and
// the store is as it was.
#include "fuzz.h"

#include "base/files.h"
#include "small_store.h"
#include "store/query.h"

using namespace gradus;
using namespace gradus::store;

namespace {

const QueryLimits kLimits{.seconds = 0.2, .rows = 50, .bytes = std::size_t{1} << 20};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto path = fuzz::written("asked.db", fuzz::smallStore());
    const std::string_view sql = fuzz::textOf(data, size);
    const StatementSpan span = statementAt(sql, size / 2);
    fuzz::expect(span.first + span.length <= sql.size(), "a statement lies in its text", sql);
    const auto result = runQuery(path, sql, kLimits);
    if (result) {
        fuzz::expect(result->rows.size() <= static_cast<std::size_t>(kLimits.rows), "rows have a bound", sql);
        for (const SqlRow& row : result->rows)
            fuzz::expect(row.size() == result->columns.size(), "a row is as wide as its table", sql);
    } else {
        fuzz::expectSentence(result.error());
    }
    fuzz::expect(readFile(path).value() == fuzz::smallStore(), "nothing is written", sql);
    return 0;
}
