// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/source_errors.h"

#include "base/text.h"
#include "compare/run_sources.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace gradus::compare {

namespace {

using nlohmann::json;

json jsonOf(const std::optional<Estimate>& estimate)
{
    if (!estimate) return nullptr;
    return {{"value", estimate->value}, {"low", estimate->low}, {"high", estimate->high}, {"n", estimate->n}};
}

std::string field(const std::optional<double>& value)
{
    return value ? numberText(*value) : std::string();
}

} // namespace

const ErrorPair& SourceErrors::pair(std::size_t a, std::size_t b) const
{
    const auto [first, second] = std::minmax(a, b);
    // Rows above this one have n - 1, n - 2, ... pairs.
    return pairs[first * names.size() - first * (first + 1) / 2 + second - first - 1];
}

Result<SourceErrors> sourceErrors(const store::StoreReader& reader, std::int64_t runId, std::optional<int> generation)
{
    const auto detail = reader.detail(runId);
    if (!detail) return detail.error();
    const auto found = runSources(reader, *detail, generation);
    if (!found) return found.error();
    const auto counts = reader.voteCounts(runId);
    if (!counts) return counts.error();
    SourceErrors errors;
    errors.generation = found->generation;
    std::set<int> generations;
    for (const store::VoteCount& count : *counts)
        if (count.source != spec::kAnchorsName) generations.insert(count.generation);
    errors.generations.assign(generations.begin(), generations.end());
    const signals::SourceReport& report = found->report;
    for (const signals::SourceLine& line : report.sources) {
        errors.names.push_back(line.name);
        errors.accuracy.push_back(line.accuracy);
    }
    for (const signals::SourcePair& pair : report.pairs) {
        ErrorPair made{pair.phiEstimate, std::nullopt, pair.sameWrong, pair.agreement};
        if (pair.phi && pair.phi->phi > 0) made.ofLargest = pair.phi->ratio;
        errors.pairs.push_back(made);
    }
    errors.items = static_cast<long long>(found->votes.table.items);
    errors.anchors = static_cast<long long>(found->votes.question.anchors.items.size());
    if (report.effective) errors.effective = report.effective->mean;
    errors.notes = report.notes;
    return errors;
}

std::string sourceErrorsCsv(const SourceErrors& errors, const std::string& provenance)
{
    std::string text = "# " + provenance + "\nfirst,second,phi,low,high,n,of_largest,same_wrong,agreement\n";
    for (std::size_t a = 0; a < errors.names.size(); ++a)
        for (std::size_t b = a + 1; b < errors.names.size(); ++b) {
            const ErrorPair& pair = errors.pair(a, b);
            text += csvField(errors.names[a]) + "," + csvField(errors.names[b]) + ",";
            text += pair.phi ? numberText(pair.phi->value) + "," + numberText(pair.phi->low) + "," +
                                   numberText(pair.phi->high) + "," + std::to_string(pair.phi->n)
                             : ",,,";
            const auto valueOf = [](const std::optional<Estimate>& estimate) {
                return estimate ? std::optional(estimate->value) : std::nullopt;
            };
            text += "," + field(pair.ofLargest) + "," + field(valueOf(pair.sameWrong)) + "," +
                    field(valueOf(pair.agreement)) + "\n";
        }
    return text;
}

std::string sourceErrorsJson(const SourceErrors& errors, const std::string& provenance)
{
    json document{{"provenance", provenance},
                  {"generation", errors.generation},
                  {"items", errors.items},
                  {"with_truth", errors.anchors},
                  {"effective_sources", jsonOf(errors.effective)},
                  {"sources", json::array()},
                  {"pairs", json::array()},
                  {"notes", errors.notes}};
    for (std::size_t a = 0; a < errors.names.size(); ++a) {
        document["sources"].push_back({{"name", errors.names[a]}, {"accuracy", jsonOf(errors.accuracy[a])}});
        for (std::size_t b = a + 1; b < errors.names.size(); ++b) {
            const ErrorPair& pair = errors.pair(a, b);
            document["pairs"].push_back({{"first", errors.names[a]},
                                         {"second", errors.names[b]},
                                         {"phi", jsonOf(pair.phi)},
                                         {"phi_of_largest", pair.ofLargest ? json(*pair.ofLargest) : json()},
                                         {"same_wrong_answer", jsonOf(pair.sameWrong)},
                                         {"agreement", jsonOf(pair.agreement)}});
        }
    }
    return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

} // namespace gradus::compare
