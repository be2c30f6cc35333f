// SPDX-License-Identifier: GPL-3.0-or-later
// Runs over parallel axes: the keys that differ between groups, and the figures that runs ended with. Pure.
#pragma once

#include "viewmodels/comparison.h"

#include <QString>
#include <QStringList>
#include <QVector>

#include <cstdint>

namespace gradus::viewmodels {

struct ParallelAxis
{
    QString id;        ///< "gap.value", "utility/competence"
    QString name;      ///< as it is written over the axis
    QStringList words; ///< values of a key that is no number, bottom up; empty: the axis is one of numbers
    double low = 0;    ///< of numbers: the least value there is, and the largest; of words: 0 and their count - 1
    double high = 1;
    bool isFigure = false; ///< what runs ended with, not how they were made
    QString lowText;
    QString highText;
};

struct ParallelRun
{
    std::int64_t run = 0;
    int group = 0;
    QString name;           ///< "fixed, seed 3"
    QVector<double> values; ///< one an axis: a number or the place of a word; NaN: it has none
};

struct ParallelData
{
    QVector<ParallelAxis> axes; ///< keys in the canonical order, then figures in the table's order
    QVector<ParallelRun> runs;  ///< group by group, by seed; repeats of a run are left out
};

/// Axes on which no run has a value, or all have the same figure, are left out; keys differ by definition.
ParallelData parallelData(const ComparedData& data);

} // namespace gradus::viewmodels
