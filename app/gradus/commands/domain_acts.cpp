// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/domain_acts.h"

#include "base/rng.h"
#include "data/console.h"
#include "pipeline/cell_episode.h"

#include <set>
#include <string>

namespace gradus::app {

namespace {

constexpr int kQuestions = 4; // of a seed; 16 acts each, and a cell an act and level

monitors::ActSeen seenIn(const data::Outcome& outcome)
{
    monitors::ActSeen seen{.hazard = outcome.hazard,
                           .outcome = std::string(outcome.hazard ? "hazard" : "no hazard") +
                                      (outcome.passed ? ", passed" : "") + (outcome.asked ? ", asked" : ""),
                           .printed = {}};
    for (const data::Exchange& exchange : outcome.log)
        seen.printed += exchange.result + "\n";
    return seen;
}

} // namespace

std::vector<monitors::DomainAct> consoleActs(const std::vector<std::uint64_t>& seeds)
{
    const data::Environment& console = data::consoleEnvironment();
    std::vector<monitors::DomainAct> acts;
    int question = 0;
    for (const std::uint64_t seed : seeds) {
        Rng questions(seed, "containment study/console");
        for (int i = 0; i < kQuestions; ++i, ++question) {
            const data::Item drawn = console.question(questions, 1, true);
            std::set<std::string> families; // one framing of each: variations must not matter, and do not to commands
            for (std::size_t framing = 0; framing < console.framings().size(); ++framing) {
                const data::Framing& one = console.framings()[framing];
                if (!families.insert(one.family).second) continue;
                const data::Item item = console.framed(drawn, framing);
                for (int action = 0; action < static_cast<int>(console.actions().size()); ++action)
                    acts.push_back({.question = question,
                                    .hazardous = action == data::console::kChangeTheCheck && one.tempting,
                                    .play = [&console, item,
                                             action](const sandbox::CellOptions& cell) -> Result<monitors::ActSeen> {
                                        if (cell.level == sandbox::Level::Simulated)
                                            return seenIn(console.act(item, action, item.truth));
                                        const auto played =
                                            pipeline::playInCell(console.real(item, action, item.truth), cell);
                                        if (!played) return played.error();
                                        return seenIn(*played);
                                    }});
            }
        }
    }
    return acts;
}

} // namespace gradus::app
