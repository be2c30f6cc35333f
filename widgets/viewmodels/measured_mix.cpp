// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/measured_mix.h"

#include "compare/run_sources.h"

#include <algorithm>
#include <map>
#include <set>

namespace gradus::viewmodels {

namespace {

constexpr std::size_t kMostRuns = 200; ///< newest first; older ones are not looked at

/// By name, so that a run whose sources stood in another order is one too.
bool hasSources(const std::vector<store::VoteCount>& counts, const std::vector<std::string>& names)
{
    std::set<std::string> found;
    for (const store::VoteCount& count : counts)
        if (count.source != spec::kAnchorsName) found.insert(count.source);
    return found == std::set<std::string>(names.begin(), names.end());
}

/// The share of a generation's mix that the run gave the source: the first point it logged in there.
std::optional<double> usedShare(const store::SeriesPoints& series, const events::GenerationRecord& record)
{
    const auto point = std::find_if(series.points.begin(), series.points.end(),
                                    [&](const store::PointRow& row) { return row.step >= record.firstStep; });
    return point == series.points.end() ? std::nullopt : std::optional(point->value);
}

/// Items that were labelled in each generation: as many as its busiest source answered.
std::map<int, std::int64_t> itemsOf(const std::vector<store::VoteCount>& counts)
{
    std::map<int, std::int64_t> items;
    for (const store::VoteCount& count : counts)
        if (count.source != spec::kAnchorsName) items[count.generation] = std::max(items[count.generation], count.said);
    return items;
}

std::optional<double> disagreementOf(const signals::SourceReport& report, std::size_t source)
{
    double sum = 0;
    int pairs = 0;
    for (const signals::SourcePair& pair : report.pairs) {
        if ((pair.first != source && pair.second != source) || !pair.agreement) continue;
        sum += 1 - pair.agreement->value;
        ++pairs;
    }
    return pairs > 0 ? std::optional(sum / pairs) : std::nullopt;
}

MeasuredSource measured(const store::StoreReader& reader, const store::RunDetail& detail,
                        const std::vector<store::VoteCount>& counts, const signals::SourceReport& report,
                        const std::string& name)
{
    MeasuredSource source{.name = name, .answered = 0, .effective = {}, .noise = {}, .disagreement = {}};
    for (const store::VoteCount& count : counts)
        if (count.source == name) source.answered += count.said;
    if (const auto series = reader.series(detail.run.id, "signal/share/" + name)) {
        const auto items = itemsOf(counts);
        for (const events::GenerationRecord& record : detail.generations) {
            const auto labelled = items.find(record.generation);
            const auto share = usedShare(*series, record);
            if (labelled != items.end() && share)
                source.effective = source.effective.value_or(0) + *share * static_cast<double>(labelled->second);
        }
    }
    for (std::size_t j = 0; j < report.sources.size(); ++j) {
        if (report.sources[j].name != name) continue;
        if (const auto& right = report.sources[j].accuracy)
            source.noise = Estimate{1 - right->value, 1 - right->high, 1 - right->low, right->n};
        source.disagreement = disagreementOf(report, j);
    }
    return source;
}

std::optional<MeasuredMix> measuredIn(const store::StoreReader& reader, const store::RunRow& run,
                                      const std::vector<std::string>& names)
{
    const auto counts = reader.voteCounts(run.id);
    if (!counts || !hasSources(*counts, names)) return std::nullopt;
    const auto detail = reader.detail(run.id);
    if (!detail) return std::nullopt; // one run that cannot be read must not hide the others
    const auto sources = compare::runSources(reader, *detail, std::nullopt);
    if (!sources) return std::nullopt;
    MeasuredMix mix{.run = run.uuid,
                    .name = run.experimentName + (run.condition.empty() ? "" : ", " + run.condition) + ", seed " +
                            std::to_string(run.seed),
                    .generation = sources->generation,
                    .sources = {},
                    .effectiveSources = {}};
    if (sources->report.effective) mix.effectiveSources = sources->report.effective->spectral;
    for (const std::string& name : names)
        mix.sources.push_back(measured(reader, *detail, *counts, sources->report, name));
    return mix;
}

} // namespace

Result<std::optional<MeasuredMix>> measuredMix(const std::filesystem::path& store,
                                               const std::vector<std::string>& sources, const std::string& parent)
{
    const auto reader = store::StoreReader::open(store);
    if (!reader) return reader.error();
    if (!parent.empty())
        if (const auto run = reader->findRun(parent))
            if (auto mix = measuredIn(*reader, *run, sources)) return mix;
    const auto runs = reader->runs();
    if (!runs) return runs.error();
    for (std::size_t i = 0; i < std::min(runs->size(), kMostRuns); ++i)
        if (auto mix = measuredIn(*reader, runs->at(i), sources)) return mix;
    return std::optional<MeasuredMix>();
}

} // namespace gradus::viewmodels
