// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/decimate.h"

#include <algorithm>
#include <cmath>

namespace gradus::plot {

namespace {

void flush(const QVector<QPointF>& points, const common::Extremes::Found& found, QVector<QPointF>& out)
{
    std::ptrdiff_t order[] = {found.low, found.high, found.gap};
    std::sort(std::begin(order), std::end(order));
    std::ptrdiff_t before = -1;
    for (const std::ptrdiff_t i : order)
        if (i >= 0 && i != before) out.append(points[before = i]);
}

} // namespace

QVector<QPointF> decimated(const QVector<QPointF>& points, double first, double last, int columns,
                           const common::Extremes* extremes)
{
    const auto before = [](const QPointF& point, double x) { return point.x() < x; };
    const auto after = [](double x, const QPointF& point) { return x < point.x(); };
    auto begin = std::lower_bound(points.begin(), points.end(), first, before) - points.begin();
    auto end = std::upper_bound(points.begin(), points.end(), last, after) - points.begin();
    begin = std::max<qsizetype>(begin - 1, 0); // the neighbours, so that lines run to the edges
    end = std::min<qsizetype>(end + 1, points.size());
    if (end - begin <= 2 * qsizetype(columns) || !(last > first)) return points.mid(begin, end - begin);

    QVector<QPointF> out;
    out.reserve(2 * columns + 4);
    const double perPixel = columns / (last - first);
    const auto placeOf = [&](qsizetype i) { return std::floor((points[i].x() - first) * perPixel); };
    const common::Extremes none;
    const common::Extremes& known = extremes == nullptr ? none : *extremes;
    const auto valueAt = [data = points.constData()](std::size_t i) { return data[i].y(); };
    for (auto i = begin; i < end;) {
        // The column's end is looked for by halving: the points of a column may be thousands.
        const double place = placeOf(i);
        qsizetype low = i + 1;
        qsizetype high = std::min(end, i + 2);
        for (qsizetype reach = 2; high < end && placeOf(high - 1) == place; reach *= 2) {
            low = high;
            high = std::min(end, high + reach);
        }
        while (low < high) {
            const qsizetype middle = low + (high - low) / 2;
            if (placeOf(middle) == place)
                low = middle + 1;
            else
                high = middle;
        }
        flush(points, known.find(static_cast<std::size_t>(i), static_cast<std::size_t>(low), valueAt), out);
        i = low;
    }
    return out;
}

} // namespace gradus::plot
