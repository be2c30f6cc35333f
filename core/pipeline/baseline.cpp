// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/baseline.h"

#include "data/bag_of_words.h"
#include "data/registers.h"
#include "evals/metrics.h"
#include "events/baseline_event.h"
#include "pipeline/run_items.h"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

namespace gradus::pipeline {

namespace {

struct Tally
{
    long long right = 0;
    long long tested = 0;
    long long fitted = 0;
};

void tell(const StageContext& context, const char* kind, const std::string& what, const char* items, const Tally& tally)
{
    const Estimate accuracy = evals::proportion(tally.right, tally.tested);
    char figures[160];
    std::snprintf(figures, sizeof figures, ": %.3f [%.3f, %.3f] of %lld held-out %s.", accuracy.value, accuracy.low,
                  accuracy.high, tally.tested, items);
    const nlohmann::json details{{"right", tally.right},       {"tested", tally.tested}, {"fitted", tally.fitted},
                                 {"accuracy", accuracy.value}, {"low", accuracy.low},    {"high", accuracy.high}};
    context.sink.event(
        {.kind = kind, .generation = 1, .step = 0, .sentence = what + figures, .detailsJson = details.dump()});
}

Tally majority(const data::ItemSet& fitted, const data::ItemSet& test, int classes)
{
    std::vector<long long> counts(static_cast<std::size_t>(classes), 0);
    for (const data::Item& item : fitted.items)
        ++counts[static_cast<std::size_t>(item.truth)];
    const auto commonest = static_cast<int>(std::max_element(counts.begin(), counts.end()) - counts.begin());
    Tally tally{.fitted = static_cast<long long>(fitted.items.size())};
    for (const data::Item& item : test.items)
        tally.right += item.truth == commonest ? 1 : 0;
    tally.tested = static_cast<long long>(test.items.size());
    return tally;
}

/// The same programs, asked for their final state.
data::ItemSet withEnds(data::ItemSet set)
{
    for (data::Item& item : set.items)
        item.truth = data::registers::states(item.sequences.front()).back();
    return set;
}

} // namespace

void reportEndBaseline(const StageContext& context)
{
    tell(context, events::kMajorityEvent, "Always writing the commonest end", "programs",
         majority(withEnds(poolOf(context, 1)), withEnds(context.task.test()), data::registers::kModulus));
}

Result<void> reportBaseline(const StageContext& context)
{
    const spec::Experiment& experiment = context.spec.experiment;
    if (context.task.read() == data::Read::Compare) {
        const auto line =
            data::bagOfWordsResult(experiment, labelsFor(experiment.training, 1), context.seedFor("pool"));
        if (!line) return line.error();
        if (!*line) return {};
        const data::BagOfWordsResult& result = **line;
        tell(context, events::kBagOfWordsEvent,
             "Bag-of-words logistic regression on the same " + std::to_string(result.pairs) + " pairs", "pairs",
             {result.right, result.tested, result.pairs});
        return {};
    }
    tell(context, events::kMajorityEvent, "Always answering the commonest class", "items",
         majority(poolOf(context, 1), context.task.test(), context.task.classes()));
    return {};
}

} // namespace gradus::pipeline
