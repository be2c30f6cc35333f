// SPDX-License-Identifier: GPL-3.0-or-later
// The experiment templates of `gradus new`, built into the program from resources/templates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gradus::spec {

struct Template
{
    std::string_view name; ///< "progressive"
    std::string summary;   ///< one sentence: the first of the template's comment
    std::string_view text; ///< a complete experiment file
};

/// In the order in which they are offered.
const std::vector<Template>& templates();
/// nullptr if there is none of that name.
const Template* findTemplate(std::string_view name);

} // namespace gradus::spec
