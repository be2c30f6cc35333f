// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/register_traces.h"

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
