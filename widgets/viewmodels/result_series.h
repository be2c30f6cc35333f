// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of a statement's result as lines: one column across, one up, and a line for each text beside them. Pure.
#pragma once

#include "store/query.h"

#include <QPointF>
#include <QString>
#include <QVector>

#include <vector>

namespace gradus::viewmodels {

inline constexpr int kMostResultLines = 8;          ///< the colour cycle has no more
inline constexpr int kMostResultPoints = 1'000'000; ///< of all lines together

struct ResultLine
{
    QString name;            ///< the texts of its rows; empty: there are none
    QVector<QPointF> points; ///< by x; equal x in the order of the rows; an infinite y is a gap (NaN)
    bool repeatsX = false;   ///< several rows have a value at one x: nothing says in what order a line would join them
};

struct ResultLines
{
    std::vector<ResultLine> lines; ///< in the order in which they are met
    int linesLeftOut = 0;
    qsizetype rowsLeftOut = 0; ///< without a number in one of the two columns, or beyond the bounds
};

/// Columns whose values are numbers, NULL aside, with at least one; and columns of texts.
struct ResultColumns
{
    QVector<int> numbers;
    QVector<int> texts;
};
ResultColumns columnsOf(const store::QueryResult& result);

/// Rows by all columns of texts become lines. x and y are columns of numbers, and may be the same one.
ResultLines linesOf(const store::QueryResult& result, int x, int y);

} // namespace gradus::viewmodels
