// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/run_sources.h"

#include "base/text.h"
#include "compare/run_groups.h"
#include "evals/metrics.h"

#include <algorithm>
#include <set>
#include <string>

namespace gradus::compare {

namespace {

std::size_t placeOf(const std::vector<std::int64_t>& items, std::int64_t item)
{
    return static_cast<std::size_t>(std::lower_bound(items.begin(), items.end(), item) - items.begin());
}

bool isTruth(const events::VoteRecord& record)
{
    return record.kind == spec::kAnchorsName;
}

int classesOf(const std::vector<events::VoteRecord>& records)
{
    int classes = 2;
    for (const events::VoteRecord& record : records) {
        if (!record.items.empty())
            classes = std::max(classes, static_cast<int>(record.probabilities.size() / record.items.size()));
        for (const int label : record.labels)
            classes = std::max(classes, label + 1);
    }
    return classes;
}

/// In the order of the table's items. What it was not asked it did not say.
signals::SourceVotes votesOf(const events::VoteRecord& record, const std::vector<std::int64_t>& items, int classes)
{
    const std::size_t width = record.items.empty() ? 0 : record.probabilities.size() / record.items.size();
    signals::SourceVotes votes{.name = record.source,
                               .labels = std::vector<int>(items.size(), signals::kAbstain),
                               .probabilities = {},
                               .weight = 1,
                               .family = record.kind};
    if (width > 0) votes.probabilities.assign(items.size() * width, 1.0F / static_cast<float>(classes));
    for (std::size_t i = 0; i < record.items.size(); ++i) {
        const std::size_t place = placeOf(items, record.items[i]);
        votes.labels[place] = record.labels[i];
        std::copy_n(record.probabilities.begin() + static_cast<std::ptrdiff_t>(i * width), width,
                    votes.probabilities.begin() + static_cast<std::ptrdiff_t>(place * width));
    }
    return votes;
}

/// How often two say the same where both say something.
struct Share
{
    long long same = 0;
    long long n = 0;

    void add(int first, int second)
    {
        if (first == signals::kAbstain || second == signals::kAbstain) return;
        ++n;
        same += first == second ? 1 : 0;
    }
    std::optional<Estimate> estimate() const
    {
        return n > 0 ? std::optional(evals::proportion(same, n)) : std::nullopt;
    }
};

std::string generationsText(const std::set<int>& generations)
{
    std::string text;
    for (const int generation : generations)
        text += (text.empty() ? "" : ", ") + std::to_string(generation);
    return text;
}

} // namespace

KeptVotes keptVotes(const std::vector<events::VoteRecord>& records, const spec::Experiment* experiment)
{
    KeptVotes kept;
    for (const events::VoteRecord& record : records)
        kept.items.insert(kept.items.end(), record.items.begin(), record.items.end());
    std::sort(kept.items.begin(), kept.items.end());
    kept.items.erase(std::unique(kept.items.begin(), kept.items.end()), kept.items.end());
    kept.table.classes = classesOf(records);
    kept.table.items = kept.items.size();
    for (const events::VoteRecord& record : records) {
        if (isTruth(record)) {
            for (std::size_t i = 0; i < record.items.size(); ++i) {
                kept.question.anchors.items.push_back(placeOf(kept.items, record.items[i]));
                kept.question.anchors.truth.push_back(record.labels[i]);
            }
            continue;
        }
        signals::SourceVotes votes = votesOf(record, kept.items, kept.table.classes);
        if (experiment != nullptr)
            for (const spec::SignalSource& source : experiment->signals.sources)
                if (source.name == record.source) {
                    votes.weight =
                        std::min(1.0, spec::weightAt(source, record.generation, experiment->ladder.generations));
                    votes.family = spec::familyOf(source);
                }
        kept.table.sources.push_back(std::move(votes));
        kept.backgrounds.push_back(record.background);
    }
    return kept;
}

std::vector<BackgroundLine> byBackground(const KeptVotes& votes)
{
    const auto& sources = votes.table.sources;
    std::vector<BackgroundLine> lines;
    for (const std::string& background : votes.backgrounds) {
        if (background.empty() ||
            std::ranges::any_of(lines, [&](const BackgroundLine& line) { return line.background == background; }))
            continue;
        BackgroundLine line{.background = background, .people = {}, .accuracy = {}, .among = {}, .others = {}};
        Share right;
        Share among;
        Share others;
        for (std::size_t j = 0; j < sources.size(); ++j) {
            if (votes.backgrounds[j] != background) continue;
            const std::vector<int>& said = sources[j].labels;
            line.people.push_back(sources[j].name);
            line.answered += std::ranges::count_if(said, [](int label) { return label != signals::kAbstain; });
            for (std::size_t a = 0; a < votes.question.anchors.items.size(); ++a)
                right.add(said[votes.question.anchors.items[a]], votes.question.anchors.truth[a]);
            for (std::size_t k = 0; k < sources.size(); ++k) {
                const bool isOneOfThem = votes.backgrounds[k] == background;
                if (isOneOfThem && k <= j) continue; // each pair once
                for (std::size_t i = 0; i < said.size(); ++i)
                    (isOneOfThem ? among : others).add(said[i], sources[k].labels[i]);
            }
        }
        line.accuracy = right.estimate();
        line.among = among.estimate();
        line.others = others.estimate();
        lines.push_back(std::move(line));
    }
    return lines;
}

Result<RunSources> runSources(const store::StoreReader& reader, const store::RunDetail& detail,
                              std::optional<int> generation)
{
    const auto counts = reader.voteCounts(detail.run.id);
    if (!counts) return counts.error();
    std::set<int> generations;
    for (const store::VoteCount& count : *counts)
        if (count.source != spec::kAnchorsName) generations.insert(count.generation);
    const std::string name = "Run " + visible(detail.run.uuid.substr(0, 8));
    if (generations.empty())
        return badInput(name + " keeps no votes of sources: one predecessor labelled alone, or no generation was "
                               "labelled yet; name a run with two [[signals.source]] or more.");
    if (generation && !generations.contains(*generation))
        return badInput(name + " keeps no votes for generation " + std::to_string(*generation) +
                        "; sources labelled for generation " + generationsText(generations) + ".");
    RunSources sources;
    sources.generation = generation.value_or(*generations.rbegin());
    const auto records = reader.votes(detail.run.id, sources.generation);
    if (!records) return records.error();
    const ComparedRun run = comparedRun(detail, {});
    sources.votes = keptVotes(*records, run.spec ? &*run.spec : nullptr);
    auto made = signals::sourceReport(sources.votes.table, sources.votes.question);
    if (!made) return made.error();
    sources.report = std::move(*made);
    return sources;
}

} // namespace gradus::compare
