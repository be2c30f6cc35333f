// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/gap_pool.h"

#include "base/text.h"
#include "controller/gap_controller.h"
#include "pipeline/attempt_journal.h"
#include "run/text_table.h"
#include "spec/experiment.h"
#include "spec/stored.h"

#include <cmath>
#include <map>
#include <optional>

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace {

struct Learnt
{
    double logRadius = 0;
    double steps = 0;
};

/// Of a run that an adaptive controller led; a pool that led it is not counted as its own experience.
std::optional<Learnt> learntBy(const store::RunDetail& run, const spec::Experiment& experiment)
{
    if (experiment.gap.controller != "adaptive") return std::nullopt;
    std::vector<controller::Attempt> history;
    for (const store::EventRow& event : run.events)
        if (event.kind == pipeline::kAttemptEvent)
            if (auto entry = pipeline::fromJournal(event.detailsJson)) history.push_back(std::move(entry->attempt));
    const controller::OwnRegion own = controller::ownRegion(experiment.gap, history);
    if (own.steps == 0 || own.radius <= 0) return std::nullopt;
    return Learnt{std::log(own.radius), static_cast<double>(own.steps)};
}

} // namespace

Result<GapPool> gapPool(const std::vector<store::RunDetail>& runs)
{
    std::map<std::string, std::vector<Learnt>> byDomain;
    double weight = spec::Gap().poolWeight;
    for (const store::RunDetail& run : runs) {
        const auto experiment = spec::parseStored(run.specToml, "the store's frozen experiment");
        if (!experiment) continue; // imported: it has none
        if (const auto learnt = learntBy(run, *experiment)) {
            byDomain[experiment->task.name].push_back(*learnt);
            weight = experiment->gap.poolWeight;
        }
    }
    if (byDomain.empty())
        return badInput("None of these runs was led by gap.controller = \"adaptive\" and measured a step; a pool needs "
                        "one that was.");
    GapPool pool;
    double sum = 0;
    for (const auto& [domain, learnt] : byDomain) {
        DomainRegion region{.domain = domain, .runs = learnt.size()};
        double logs = 0;
        for (const Learnt& one : learnt) {
            logs += one.logRadius / static_cast<double>(learnt.size());
            region.steps += one.steps / static_cast<double>(learnt.size());
        }
        region.own = std::exp(logs);
        sum += logs;
        pool.domains.push_back(region);
    }
    const auto count = static_cast<double>(pool.domains.size());
    pool.pool = std::exp(sum / count);
    for (DomainRegion& region : pool.domains) {
        if (pool.domains.size() > 1) region.pool = std::exp((sum - std::log(region.own)) / (count - 1));
        region.shrunk =
            controller::shrunkRegion({region.own, static_cast<int>(std::lround(region.steps))}, region.pool, weight);
    }
    return pool;
}

std::string gapPoolText(const GapPool& pool)
{
    std::vector<std::vector<std::string>> lines{{"domain", "runs", "own region", "steps", "others", "drawn together"}};
    for (const DomainRegion& region : pool.domains)
        lines.push_back({visible(region.domain, 60), std::to_string(region.runs), fixedText(region.own, 2),
                         fixedText(region.steps, 1), region.pool > 0 ? fixedText(region.pool, 2) : "–",
                         fixedText(region.shrunk, 2)});
    std::string text =
        aligned(lines, 1) + "Trust regions in log10 parameters; means over runs are geometric. Below [gap]:\n";
    for (const DomainRegion& region : pool.domains)
        if (region.pool > 0)
            text +=
                "pool = " + fixedText(region.pool, 4) + "   # " + visible(region.domain, 60) + ", from the others\n";
    return text + "pool = " + fixedText(pool.pool, 4) + "   # any other domain\n";
}

std::string gapPoolJson(const GapPool& pool)
{
    nlohmann::ordered_json json{{"pool", pool.pool}, {"domains", nlohmann::ordered_json::array()}};
    for (const DomainRegion& region : pool.domains)
        json["domains"].push_back({{"domain", region.domain},
                                   {"runs", region.runs},
                                   {"own", region.own},
                                   {"steps", region.steps},
                                   {"others", region.pool},
                                   {"drawn_together", region.shrunk}});
    return json.dump(2) + "\n";
}

} // namespace gradus::run
