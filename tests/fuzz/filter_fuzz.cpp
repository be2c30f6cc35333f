// SPDX-License-Identifier: GPL-3.0-or-later
// Filter lines that somebody typed: they hold or do not, or a sentence says what is wrong.
#include "fuzz.h"

#include "filter/episode_filter.h"
#include "filter/run_filter.h"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const store::RunRow run = [] {
        store::RunRow row;
        row.experimentName = "Gap annealing";
        row.tags = {"healthy", "odd"};
        row.note = "\u00c4rger";
        return row;
    }();
    const std::string line(fuzz::textOf(data, size));
    const auto runs = filter::RunFilter::parse(line);
    if (fuzz::isRead(runs)) {
        const bool isOne = runs->matches(run);
        const auto again = filter::RunFilter::parse(" " + line);
        fuzz::expect(again.ok() && again->matches(run) == isOne, "a blank before a line changes nothing", line);
    }
    const auto episodes = filter::EpisodeFilter::parse(line);
    if (fuzz::isRead(episodes)) (void)episodes->matches(store::EpisodeRow{});
    return 0;
}
