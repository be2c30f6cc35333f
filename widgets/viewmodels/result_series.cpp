// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/result_series.h"

#include "base/text.h"

#include <QHash>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace gradus::viewmodels {

namespace {

constexpr std::size_t kLongestName = 60; // bytes of each text in a line's name

std::optional<double> numberIn(const store::SqlRow& row, int column)
{
    const store::SqlValue& value = row[static_cast<std::size_t>(column)];
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
    if (const auto* real = std::get_if<double>(&value)) return *real;
    return std::nullopt;
}

QString nameOf(const store::SqlRow& row, const QVector<int>& texts)
{
    QString name;
    for (const int column : texts) {
        const auto* text = std::get_if<std::string>(&row[static_cast<std::size_t>(column)]);
        const QString part =
            text == nullptr ? QStringLiteral("–") : QString::fromStdString(visible(*text, kLongestName));
        name += (name.isEmpty() ? QString() : QStringLiteral(", ")) + part;
    }
    return name;
}

/// What nameOf cuts, whole.
QByteArray keyOf(const store::SqlRow& row, const QVector<int>& texts)
{
    QByteArray key;
    for (const int column : texts) {
        const auto* text = std::get_if<std::string>(&row[static_cast<std::size_t>(column)]);
        key += text == nullptr ? QByteArray("-;")
                               : QByteArray::number(qint64(text->size())) + ':' + QByteArray::fromStdString(*text);
    }
    return key;
}

bool repeatsX(const QVector<QPointF>& points)
{
    std::optional<double> last;
    for (const QPointF& point : points) {
        if (std::isnan(point.y())) continue;
        if (last == point.x()) return true;
        last = point.x();
    }
    return false;
}

} // namespace

ResultColumns columnsOf(const store::QueryResult& result)
{
    ResultColumns columns;
    for (std::size_t i = 0; i < result.columns.size(); ++i) {
        bool hasNumber = false;
        bool hasText = false;
        bool isOther = false;
        for (const store::SqlRow& row : result.rows) {
            const store::SqlValue& value = row[i];
            hasNumber =
                hasNumber || std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
            hasText = hasText || std::holds_alternative<std::string>(value);
            isOther = isOther || std::holds_alternative<store::SqlBlob>(value);
        }
        if (isOther || (hasNumber && hasText)) continue;
        if (hasNumber) columns.numbers.append(static_cast<int>(i));
        if (hasText) columns.texts.append(static_cast<int>(i));
    }
    return columns;
}

ResultLines linesOf(const store::QueryResult& result, int x, int y)
{
    ResultLines made;
    const QVector<int> texts = columnsOf(result).texts;
    QHash<QByteArray, qsizetype> places; // -1: left out
    qsizetype points = 0;
    for (const store::SqlRow& row : result.rows) {
        const auto across = numberIn(row, x);
        const auto up = numberIn(row, y);
        if (!across || !std::isfinite(*across) || !up || points >= kMostResultPoints) {
            ++made.rowsLeftOut;
            continue;
        }
        const QByteArray whole = keyOf(row, texts); // names are cut, and two may look alike
        auto place = places.find(whole);
        if (place == places.end()) {
            const bool fits = static_cast<int>(made.lines.size()) < kMostResultLines;
            place = places.insert(whole, fits ? static_cast<qsizetype>(made.lines.size()) : -1);
            if (fits)
                made.lines.push_back({.name = nameOf(row, texts), .points = {}});
            else
                ++made.linesLeftOut;
        }
        if (*place < 0) {
            ++made.rowsLeftOut;
            continue;
        }
        ++points;
        const double height = std::isfinite(*up) ? *up : std::numeric_limits<double>::quiet_NaN();
        made.lines[static_cast<std::size_t>(*place)].points.append({*across, height});
    }
    for (ResultLine& line : made.lines) {
        std::stable_sort(line.points.begin(), line.points.end(),
                         [](const QPointF& a, const QPointF& b) { return a.x() < b.x(); });
        line.repeatsX = repeatsX(line.points);
    }
    return made;
}

} // namespace gradus::viewmodels
