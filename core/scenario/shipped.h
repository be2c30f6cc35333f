// SPDX-License-Identifier: GPL-3.0-or-later
// The files of resources/scenarios, built into the program: internal to the room.
#pragma once

#include <string_view>
#include <vector>

namespace gradus::scenario {

struct ShippedFile
{
    std::string_view name; ///< relative to resources/scenarios
    std::string_view text;
};
const std::vector<ShippedFile>& shippedFiles();

} // namespace gradus::scenario
