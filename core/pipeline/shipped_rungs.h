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

const std::vector<ShippedRung>& shippedRungs(); ///< weak to strong
const ShippedRung* findShippedRung(int width, int layers); ///< nullptr if there is none
std::string shippedRungNames(); ///< "8,1 16,1 ..."

} // namespace gradus::pipeline
