// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/legend_row.h"

#include "common/controls.h"

#include <QPainter>

#include <algorithm>

namespace gradus::pages {

namespace {
constexpr int kHeight = 18;
constexpr int kMargin = 12;
constexpr int kSample = 12;
constexpr int kGap = 5;           // sample, name, value
constexpr int kBetween = 10;      // entries
constexpr double kLeastName = 18; // an elided name keeps at least this much
} // namespace

LegendRow::LegendRow(const common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setFixedHeight(kHeight);
}

void LegendRow::setEntries(const QVector<LegendEntry>& entries)
{
    if (entries == m_entries) return;
    m_entries = entries;
    QStringList words;
    for (const LegendEntry& entry : entries)
        words << (entry.name + ' ' + entry.value).trimmed();
    setAccessibleName(words.join(QStringLiteral(", ")));
    update();
}

void LegendRow::paintEvent(QPaintEvent*)
{
    if (m_entries.isEmpty()) return;
    const common::Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    const QFont nameFont = common::typeFont(common::Type::Chart);
    const QFont valueFont = common::numericFont(common::Type::ChartStrong);
    const QFontMetricsF names(nameFont);
    const QFontMetricsF values(valueFont);
    double fixed = 2 * kMargin + kBetween * (m_entries.size() - 1);
    double wanted = 0; // by all names in full
    for (const LegendEntry& entry : m_entries) {
        fixed += kSample + kGap + (entry.value.isEmpty() ? 0 : kGap + values.horizontalAdvance(entry.value));
        wanted += names.horizontalAdvance(entry.name);
    }
    // A figure that is cut misleads: where there is no room for the beginnings of names there are none.
    const double least = fixed + kLeastName * static_cast<double>(m_entries.size()) > width() ? 0 : kLeastName;
    // The last names give way first.
    QVector<double> rooms;
    double missing = std::max(0.0, fixed + wanted - width());
    for (qsizetype i = m_entries.size(); i-- > 0;) {
        const double full = names.horizontalAdvance(m_entries[i].name);
        const double room = std::max(std::min(full, least), full - missing);
        missing -= full - room;
        rooms.prepend(room);
    }
    qsizetype place = 0;
    double x = kMargin;
    for (const LegendEntry& entry : m_entries) {
        QPen pen(entry.colour, 2);
        if (!entry.dash.isEmpty()) pen.setDashPattern({2, 1});
        pen.setCapStyle(Qt::FlatCap);
        painter.setPen(pen);
        painter.drawLine(QPointF(x, kHeight / 2.0), QPointF(x + kSample, kHeight / 2.0));
        x += kSample + kGap;
        const double room = rooms[place++];
        const bool whole = room >= names.horizontalAdvance(entry.name);
        const QString name = whole                ? entry.name
                             : room >= kLeastName ? names.elidedText(entry.name, Qt::ElideRight, room)
                                                  : QString();
        painter.setFont(nameFont);
        painter.setPen(tokens.text2);
        painter.drawText(QRectF(x, 0, room + 2, kHeight), Qt::AlignLeft | Qt::AlignVCenter, name);
        x += names.horizontalAdvance(name) + kGap;
        painter.setFont(valueFont);
        painter.setPen(tokens.text);
        painter.drawText(QRectF(x, 0, width(), kHeight), Qt::AlignLeft | Qt::AlignVCenter, entry.value);
        x += (entry.value.isEmpty() ? -kGap : values.horizontalAdvance(entry.value)) + kBetween;
    }
}

} // namespace gradus::pages
