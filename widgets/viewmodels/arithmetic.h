// SPDX-License-Identifier: GPL-3.0-or-later
// The value of what people type into a field of numbers: "0.3*2", "(1 + 2) / 4", "1e-5". Pure.
#pragma once

#include <optional>
#include <string_view>

namespace gradus::viewmodels {

/// Numbers, + - * /, signs, brackets, spaces. Nothing where it is no such expression, is deeper than 50 brackets or has
/// no finite value.
std::optional<double> arithmetic(std::string_view text);

} // namespace gradus::viewmodels
