// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/store/size_bars.h"

#include "base/text.h"
#include "common/controls.h"
#include "viewmodels/store_acts.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr std::size_t kLargest = 7;
constexpr int kRow = 22;
constexpr int kBar = 14;
constexpr int kKey = 24;
constexpr int kMargin = 12;
constexpr int kNameWidth = 124;
constexpr int kValueWidth = 58;
constexpr int kSeriesOfPart[] = {0, 1, 3}; ///< points s1, labels s2, transcripts s4

} // namespace

SizeBars::SizeBars(common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("sizeBars"));
    setAccessibleName(tr("Size by run"));
    setFont(common::numericFont(common::Type::Chart));
    connect(&theme, &common::ThemeController::changed, this, qOverload<>(&QWidget::update));
}

void SizeBars::setRuns(const std::vector<store::RunSize>& runs)
{
    m_bars.clear();
    Bar rest;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const store::RunSize& run = runs[i];
        // One more than the largest is shown by itself rather than as "1 other".
        if (i < kLargest || runs.size() == kLargest + 1) {
            m_bars.append({QString::fromStdString(visible(run.name, 80)), run.points, run.labels, run.transcripts});
            continue;
        }
        rest.points += run.points;
        rest.labels += run.labels;
        rest.transcripts += run.transcripts;
    }
    if (runs.size() > kLargest + 1) {
        rest.name = tr("%1 others").arg(runs.size() - kLargest);
        m_bars.append(rest);
    }
    updateGeometry();
    update();
}

QSize SizeBars::sizeHint() const
{
    return {240, m_bars.isEmpty() ? kRow : kKey + kRow * static_cast<int>(m_bars.size()) + 8};
}

void SizeBars::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    const common::Tokens& t = m_theme.tokens();
    painter.setPen(t.text2);
    if (m_bars.isEmpty()) {
        painter.drawText(rect().adjusted(kMargin, 0, -kMargin, 0), Qt::AlignVCenter, tr("0 runs"));
        return;
    }
    int x = kMargin;
    const QString names[] = {tr("points"), tr("labels"), tr("transcripts")};
    for (int part = 0; part < 3; ++part) {
        const QColor line = t.seriesAt(kSeriesOfPart[part]).line;
        painter.fillRect(x, 8, 9, 9, common::blended(line, t.surface, 0.55));
        painter.setPen(line);
        painter.drawRect(x, 8, 9, 9);
        painter.setPen(t.text2);
        painter.drawText(QRect(x + 14, 0, 120, kKey), Qt::AlignVCenter, names[part]);
        x += 14 + fontMetrics().horizontalAdvance(names[part]) + 16;
    }
    double most = 1;
    for (const Bar& bar : m_bars)
        most = std::max(most, bar.total());
    const int left = kMargin + kNameWidth + 8;
    const double scale = std::max(10, width() - left - kValueWidth - kMargin) / most;
    for (qsizetype i = 0; i < m_bars.size(); ++i) {
        const Bar& bar = m_bars[i];
        const int top = kKey + kRow * static_cast<int>(i);
        painter.setPen(t.text);
        painter.drawText(QRect(kMargin, top, kNameWidth, kRow), Qt::AlignRight | Qt::AlignVCenter,
                         fontMetrics().elidedText(bar.name, Qt::ElideRight, kNameWidth));
        double at = left;
        const double parts[] = {bar.points, bar.labels, bar.transcripts};
        for (int part = 0; part < 3; ++part) {
            if (parts[part] <= 0) continue;
            const QColor line = t.seriesAt(kSeriesOfPart[part]).line;
            const QRectF box(at, top + (kRow - kBar) / 2.0 + 0.5, std::max(1.0, parts[part] * scale), kBar - 1);
            painter.fillRect(box, common::blended(line, t.surface, 0.55));
            painter.setPen(line);
            painter.drawRect(box);
            at += box.width();
        }
        painter.setPen(t.text2);
        painter.drawText(QRectF(at + 6, top, kValueWidth, kRow), Qt::AlignVCenter, viewmodels::sizeText(bar.total()));
    }
}

bool SizeBars::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const qsizetype row = (help->pos().y() - kKey) / kRow;
        if (help->pos().y() < kKey || row < 0 || row >= m_bars.size()) {
            QToolTip::hideText();
        } else {
            const Bar& bar = m_bars[row];
            QToolTip::showText(help->globalPos(),
                               common::plainTooltip(
                                   tr("%1: points %2, labels %3, transcripts %4, by their share of rows")
                                       .arg(bar.name, viewmodels::sizeText(bar.points),
                                            viewmodels::sizeText(bar.labels), viewmodels::sizeText(bar.transcripts))));
        }
        return true;
    }
    return QWidget::event(event);
}

} // namespace gradus::pages
