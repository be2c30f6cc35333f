// SPDX-License-Identifier: GPL-3.0-or-later
// A named place of a run that a schedule is drawn around: a phase's boundary, a planned audit. Nothing is computed by
// it.
#pragma once

#include <string>

namespace gradus::schedule {

struct Marker
{
    double x = 0;     ///< fraction of the run, 0..1
    std::string name; ///< one line of text; may be empty

    friend bool operator==(const Marker&, const Marker&) = default;
};

} // namespace gradus::schedule
