// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in ladder's pretrained bodies, inside the program. `gradus model pretrain` makes the same files again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gradus::pipeline {

struct ShippedRung
{
    int width = 0;
    int layers = 0;
    std::string_view safetensors; ///< a whole safetensors file
};

/// Of a built-in domain ("code", "console", "math", "writing") and an architecture ("attention", "recurrent",
/// "convolutional"), weak to strong; empty if nothing of them is shipped.
const std::vector<ShippedRung>& shippedRungs(std::string_view domain, std::string_view architecture);
/// nullptr if that one is not shipped.
const ShippedRung* findShippedRung(std::string_view domain, std::string_view architecture, int width, int layers);

} // namespace gradus::pipeline
