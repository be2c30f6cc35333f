// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/data_used.h"

#include "report/words.h"

#include "compare/run_origins.h"
#include "events/data_event.h"

#include "base/text.h"

#include <algorithm>
#include <utility>

namespace gradus::report {

namespace {

using events::DataFile;

constexpr std::size_t kLongestWords = 300; ///< of what a store's history holds: it may come from elsewhere

/// Something with how many runs have it.
template <class Thing>
struct Counted
{
    Thing thing;
    std::size_t runs = 0;
};

template <class Thing>
void count(std::vector<Counted<Thing>>& all, const Thing& thing)
{
    const auto known = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.thing == thing; });
    if (known == all.end())
        all.push_back({thing, 1});
    else
        ++known->runs;
}

/// Different files, or equal ones that were read differently, in the order in which runs tell of them.
std::vector<Counted<DataFile>> filesOf(const Evidence& evidence)
{
    std::vector<Counted<DataFile>> files;
    for (const compare::ComparedRun& run : evidence.runs)
        for (const store::EventRow& event : run.detail.events)
            if (event.kind == events::kDataReadEvent)
                for (const DataFile& file : events::dataFilesOf(event.detailsJson))
                    count(files, file);
    return files;
}

std::string shareText(const std::optional<double>& share)
{
    return share ? typeset(100 * *share, 1) + " %" : "not known here";
}

std::string words(const std::string& text)
{
    return visible(text, kLongestWords);
}

} // namespace

std::optional<Table> dataTable(const Evidence& evidence)
{
    const auto files = filesOf(evidence);
    if (files.empty()) return std::nullopt;
    Table table{"Data",
                {{"role"},
                 {"file"},
                 {"rows", true},
                 {"items used", true},
                 {"texts cut", true},
                 {"runs", true},
                 {"SHA-256", false, true}},
                {},
                "Texts cut: share of the items' texts that are longer than task.max_tokens and lose their beginning. "
                "Where every rung reads with a tokenizer of its own, the history of each stage tells it."};
    for (const auto& [file, runs] : files)
        table.rows.push_back({words(file.role), words(file.file), std::to_string(file.rows), std::to_string(file.used),
                              shareText(file.cutShare), std::to_string(runs), words(file.sha256)});
    return table;
}

std::vector<std::string> dataLeftOut(const Evidence& evidence)
{
    std::vector<std::string> lines;
    for (const auto& [file, runs] : filesOf(evidence))
        for (const events::LeftOutData& left : file.leftOut) {
            std::string line =
                counted(static_cast<std::size_t>(std::max<std::int64_t>(left.count, 0)), words(left.what)) + " of " +
                words(file.file) + " (" + words(file.role) + ", " + std::to_string(file.rows) +
                " rows): " + words(left.because) + ".";
            if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
        }
    return lines;
}

std::vector<std::string> ranWith(const Evidence& evidence)
{
    std::vector<Counted<events::RunOrigin>> origins;
    for (const compare::ComparedRun& run : evidence.runs)
        for (const events::RunOrigin& origin : compare::originsOf(run))
            count(origins, origin);
    std::vector<std::string> lines;
    for (const auto& [origin, runs] : origins) {
        std::string line =
            counted(runs, "run") + ": Gradus " + words(origin.version) + ", build " + words(origin.program);
        for (const std::string* part : {&origin.library, &origin.device, &origin.processor, &origin.system})
            if (!part->empty()) line += "; " + words(*part);
        lines.push_back(line + ".");
    }
    return lines;
}

} // namespace gradus::report
