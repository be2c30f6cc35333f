// SPDX-License-Identifier: GPL-3.0-or-later
// The lane editor's specification as a table: a row a gesture or key, with what it must do and leave behind.
#pragma once

#include "lane_bench.h"

#include <functional>
#include <vector>

namespace gradus::tests {

/// What a row must leave behind.
enum class Leaves
{
    OneStep, ///< one undo step, which brings the first bytes back
    Nothing, ///< the text as it was: selection, view and menus are no edits
};

/// done: empty where the gesture had its effect, else what was wrong.
struct Row
{
    const char* section; ///< of the specification
    const char* gesture;
    Leaves leaves;
    std::function<QString(LaneBench&)> done;
    bool gapAlone = false; ///< a drawn number has nothing like it
};

/// A drag up to the moment before its release.
struct Drag
{
    const char* gesture;
    std::function<void(LaneBench&)> begin;
    std::function<void(LaneBench&)> prepare = {}; ///< what must be there before
};

QString unless(bool good, const QString& otherwise);
bool near(double a, double b, double tolerance = 1e-9);
/// Where a handle of the transform box is drawn, found as the lane's own hit test finds it; null where there is no box.
QPoint boxHandle(LaneBench& b, int index);
QPoint rightHandle(LaneBench& b, int index); ///< of a key

std::vector<Row> mouseRows(); ///< 9.2
std::vector<Row> keyRows();   ///< 9.3 and 9.4
std::vector<Drag> drags();

} // namespace gradus::tests
