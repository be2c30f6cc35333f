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

/// Of a built-in domain ("code", "console", "math"), weak to strong; empty if there is no such domain.
const std::vector<ShippedRung>& shippedRungs(std::string_view domain);
const ShippedRung* findShippedRung(std::string_view domain, int width, int layers); ///< nullptr if there is none
std::string shippedRungNames();                                                     ///< "8,1 16,1 ...", of every domain

} // namespace gradus::pipeline
