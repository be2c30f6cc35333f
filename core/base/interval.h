// SPDX-License-Identifier: GPL-3.0-or-later
// A number with its interval: how Gradus states every measured figure.
#pragma once

#include <optional>

namespace gradus {

/// A point estimate with a 95 % interval unless said otherwise. low <= value <= high; n observations behind it.
struct Estimate
{
    double value = 0;
    double low = 0;
    double high = 0;
    long long n = 0;

    friend bool operator==(const Estimate&, const Estimate&) = default;
};

} // namespace gradus
