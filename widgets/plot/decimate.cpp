// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/decimate.h"

#include <algorithm>
#include <cmath>

namespace gradus::plot {

namespace {

/// One pixel column while it is being filled.
struct Column
{
    qsizetype lowest = -1;
    qsizetype highest = -1;
    qsizetype gap = -1;

    void add(const QVector<QPointF>& points, qsizetype i)
    {
        const double y = points[i].y();
        if (std::isnan(y)) {
            gap = i;
            return;
        }
        if (lowest < 0 || y < points[lowest].y()) lowest = i;
        if (highest < 0 || y > points[highest].y()) highest = i;
    }
    void flush(const QVector<QPointF>& points, QVector<QPointF>& out)
    {
        qsizetype order[] = {lowest, highest, gap};
        std::sort(std::begin(order), std::end(order));
        qsizetype before = -1;
        for (const qsizetype i : order)
            if (i >= 0 && i != before) out.append(points[before = i]);
        *this = Column{};
    }
};

} // namespace

QVector<QPointF> decimated(const QVector<QPointF>& points, double first, double last, int columns)
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
    Column column;
    auto current = std::floor((points[begin].x() - first) * perPixel);
    for (auto i = begin; i < end; ++i) {
        const double place = std::floor((points[i].x() - first) * perPixel);
        if (place != current) {
            column.flush(points, out);
            current = place;
        }
        column.add(points, i);
    }
    column.flush(points, out);
    return out;
}

} // namespace gradus::plot
