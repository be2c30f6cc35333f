// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/register_traces.h"

#include "base/rng.h"

#include <algorithm>

namespace gradus::data::traces {

std::vector<std::int32_t> demonstration(const registers::Program& program, int steps)
{
    const auto running = registers::states(program);
    std::vector<std::int32_t> response(running.begin(), running.begin() + std::clamp(steps, 0, registers::kOperations));
    response.push_back(kMark);
    response.push_back(running.back());
    return response;
}

bool isEnded(const std::vector<std::int32_t>& response)
{
    const auto mark = std::ranges::find(response, kMark);
    return mark != response.end() && mark + 1 != response.end();
}

Examples examples(int count, std::uint64_t seed)
{
    Rng rng(seed, "registers/traces");
    Examples drawn;
    while (drawn.programs.size() < static_cast<std::size_t>(std::max(count, 0))) {
        registers::Program program = registers::draw(rng);
        if (sideOf(program) != Side::Pretraining) continue;
        drawn.responses.push_back(demonstration(program, static_cast<int>(rng.below(registers::kOperations + 1))));
        drawn.programs.push_back(std::move(program));
    }
    return drawn;
}

Reading read(const registers::Program& program, const std::vector<std::int32_t>& response)
{
    const auto isState = [](std::int32_t token) { return token >= 0 && token < registers::kModulus; };
    Reading reading;
    if (response.size() < 2 || response[response.size() - 2] != kMark || !isState(response.back())) return reading;
    const auto working = response.end() - 2;
    if (!std::all_of(response.begin(), working, isState)) return reading;
    const auto running = registers::states(program);
    reading.parsed = true;
    reading.end = response.back();
    reading.endRight = reading.end == running.back();
    reading.steps = static_cast<int>(working - response.begin());
    reading.workingRight =
        reading.steps <= registers::kOperations && std::equal(response.begin(), working, running.begin());
    return reading;
}

} // namespace gradus::data::traces
