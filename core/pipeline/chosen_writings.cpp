// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/chosen_writings.h"

#include "evals/diversity.h"
#include "evals/statistics.h"
#include "pipeline/estimate_json.h"
#include "pipeline/supervision.h"

#include <cstdio>
#include <string>

namespace gradus::pipeline {

namespace {

std::string spelt(const Estimate& chosen, const Estimate& right, int digits)
{
    char text[120];
    std::snprintf(text, sizeof text, "%.*f (right ones %.*f)", digits, chosen.value, digits, right.value);
    return text;
}

nlohmann::ordered_json figuresOf(const ChosenVariety& variety)
{
    return {
        {"distinct2", jsonOf(variety.distinct2)}, {"vendi", jsonOf(variety.vendi)}, {"length", jsonOf(variety.length)}};
}

} // namespace

ChosenVariety varietyOf(const data::ItemSet& set, const std::vector<int>& choices, int briefTokens)
{
    std::vector<double> distinct;
    std::vector<double> vendi;
    std::vector<double> length;
    evals::Samples group;
    double tokens = 0;
    for (std::size_t i = 0; i < set.items.size(); ++i) {
        const auto& sequence = set.items[i].sequences[static_cast<std::size_t>(choices[i])];
        group.emplace_back(sequence.begin() + briefTokens, sequence.end());
        tokens += static_cast<double>(group.back().size());
        if (group.size() < kWritingsAtOnce) continue;
        distinct.push_back(evals::distinctN(group, 2).value_or(0));
        vendi.push_back(evals::vendiScore(group).value_or(0));
        length.push_back(tokens / kWritingsAtOnce);
        group.clear();
        tokens = 0;
    }
    if (distinct.size() < 2) return {};
    return {.distinct2 = evals::meanWithInterval(distinct),
            .vendi = evals::meanWithInterval(vendi),
            .length = evals::meanWithInterval(length)};
}

void reportChosenWritings(const StageContext& context, const std::vector<int>& choices, int generation,
                          std::int64_t step)
{
    const int brief = context.task.briefTokens();
    if (brief == 0) return;
    const data::ItemSet test = context.task.test();
    const ChosenVariety chosen = varietyOf(test, choices, brief);
    if (chosen.distinct2.n == 0) return;
    const ChosenVariety right = varietyOf(test, truthOf(test), brief);
    context.sink.estimate({"diversity/distinct2", step, chosen.distinct2});
    context.sink.estimate({"diversity/vendi", step, chosen.vendi});
    context.sink.estimate({"writing/length", step, chosen.length});
    const nlohmann::ordered_json details{
        {"at_once", kWritingsAtOnce}, {"chosen", figuresOf(chosen)}, {"right", figuresOf(right)}};
    context.sink.event({.kind = kWritingsEvent,
                        .generation = generation,
                        .step = step,
                        .sentence = "Of " + std::to_string(kWritingsAtOnce) + " chosen writings, distinct-2 is " +
                                    spelt(chosen.distinct2, right.distinct2, 3) + ", the effective number " +
                                    spelt(chosen.vendi, right.vendi, 2) + ", and a length " +
                                    spelt(chosen.length, right.length, 2) + " tokens.",
                        .detailsJson = details.dump()});
}

} // namespace gradus::pipeline
