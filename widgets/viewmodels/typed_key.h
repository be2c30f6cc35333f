// SPDX-License-Identifier: GPL-3.0-or-later
// A key's numbers as they are typed: what a lane does not take is refused with the bound, never quietly moved to it.
#pragma once

#include "viewmodels/curve_edit.h"
#include "viewmodels/run_axis.h"

#include <QString>

#include <optional>

namespace gradus::viewmodels {

struct KeyRefusal
{
    bool isPlace = false; ///< the place along the run; else the value
    QString sentence;
    double nearest = 0;      ///< the bound it lies beyond: fraction of the run, or value
    QString nearestText;     ///< as people type it: in the run's unit, or value
    QString nearestShown;    ///< the same with its unit
    QString fixText() const; ///< of a button: "Use 4"
};

/// Why key index of curve cannot stand at (x, y); nothing where it can. A pinned key's x is not looked at. Rounding in
/// the last digits is no reason: keyPlaced() puts such a key on the bound.
std::optional<KeyRefusal> refusalOf(const schedule::Curve& curve, int index, double x, double y,
                                    const LaneBounds& bounds, const RunAxis& axis = {});

} // namespace gradus::viewmodels
