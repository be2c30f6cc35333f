// SPDX-License-Identifier: GPL-3.0-or-later
// A result's value, where a test is not about its error.
#pragma once

#include "base/result.h"

#include <stdexcept>
#include <utility>

namespace gradus::tests {

/// The value, or an exception with the sentence, which Qt Test reports as a failure.
template <typename Value>
Value must(Result<Value> result)
{
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(result).value();
}
inline void must(const Result<void>& result)
{
    if (!result) throw std::runtime_error(result.error().message);
}

} // namespace gradus::tests
