// SPDX-License-Identifier: GPL-3.0-or-later
// How the mix is drawn.
#include "pages/design/mix_area.h"

#include "plot/thin_line.h"

#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::pages {

namespace {

constexpr int kPixelsPerSample = 3;
constexpr int kNameHeight = 14;
constexpr int kKeySize = 10; ///< with room around it

} // namespace

void MixArea::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.fillRect(rect(), m_theme.tokens().surface);
    if (m_desk.isEmpty()) return;
    paintBands(painter);
    paintAxes(painter);
    paintBandNames(painter);
    paintKeys(painter);
    paintViolations(painter);
    paintPlayhead(painter);
}

void MixArea::paintBands(QPainter& painter) const
{
    const auto& tokens = m_theme.tokens();
    const QRectF area = plotArea();
    const int n = std::max(2, static_cast<int>(area.width()) / kPixelsPerSample);
    const std::size_t count = m_desk.count();
    const viewmodels::MixEvaluator evaluate(m_desk.mix());
    // edges[i] is the upper edge of band i; the last one is the lower edge of the stack.
    std::vector<QPolygonF> edges(count + 1);
    for (int s = 0; s < n; ++s) {
        const double x = schedule::samplePosition(0, 1, s, n);
        double above = 0;
        const auto shares = evaluate.sharesAt(x);
        for (std::size_t i = 0; i <= count; ++i) {
            edges[i].append({toPixel(x), area.top() + above * area.height()});
            if (i < count) above += shares[i];
        }
    }
    // Without smoothing, which costs six times as much: the lines over the edges have it.
    for (std::size_t i = 0; i < count; ++i) {
        const QColor line = tokens.seriesAt(static_cast<int>(i)).line;
        QPolygonF band = edges[i];
        for (auto point = edges[i + 1].crbegin(); point != edges[i + 1].crend(); ++point)
            band.append(*point);
        painter.setPen(Qt::NoPen);
        painter.setBrush(common::blended(line, tokens.surface, i == m_desk.selected() ? 0.45 : 0.28));
        painter.drawPolygon(band);
    }
    // Lines 1 px wide: wider ones cost many times as much.
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 1; i < count; ++i) {
        if (!m_desk.isOn(i)) continue;
        painter.setPen(QPen(tokens.seriesAt(static_cast<int>(i)).line, 1));
        plot::drawThinLine(painter, edges[i]);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void MixArea::paintAxes(QPainter& painter) const
{
    const auto& tokens = m_theme.tokens();
    const QRectF area = plotArea();
    painter.setFont(common::numericFont(common::Type::Chart));
    painter.setPen(tokens.text3);
    for (const int percent : {0, 50, 100}) {
        const double y = area.bottom() - area.height() * percent / 100;
        painter.drawText(QRectF(0, y - 8, area.left() - 8, 16), Qt::AlignRight | Qt::AlignVCenter,
                         QStringLiteral("%1 %").arg(percent));
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(hasFocus() ? tokens.accent : tokens.border);
    painter.drawRect(area);
    // Where the worker reads the weights: one place a generation from the second on.
    const int generations = m_desk.generations();
    const int steps = std::max(generations - 2, 1);
    const int every = std::max(1, static_cast<int>(std::ceil(34.0 * steps / std::max(area.width(), 1.0))));
    for (int generation = 2; generation <= std::max(generations, 2); ++generation) {
        const double pixel = std::round(toPixel(spec::weightPlace(generation, generations)));
        if ((generation - 2) % every != 0) continue;
        painter.setPen(QPen(tokens.text3, 1, Qt::DotLine));
        painter.drawLine(QPointF(pixel, area.top()), QPointF(pixel, area.bottom()));
        painter.setPen(tokens.text2);
        painter.drawText(QRectF(pixel - 30, area.bottom() + 3, 60, 16), Qt::AlignCenter,
                         QStringLiteral("G%1").arg(generation));
    }
}

void MixArea::paintBandNames(QPainter& painter) const
{
    const QRectF area = plotArea();
    const double left = area.left() + 8;
    painter.setFont(common::typeFont(common::Type::Chart));
    painter.setPen(m_theme.tokens().text);
    const QFontMetrics metrics(painter.font());
    const viewmodels::MixEvaluator evaluate(m_desk.mix());
    const auto first = evaluate.sharesAt(toX(left));
    double aboveFirst = 0;
    for (std::size_t i = 0; i < first.size(); ++i) {
        const QString name = metrics.elidedText(QString::fromStdString(m_desk.sources()[i].name), Qt::ElideRight,
                                                static_cast<int>(area.width() / 4));
        const double right = left + metrics.horizontalAdvance(name);
        // The name must fit between both edges at both of its ends: a line through it makes it unreadable.
        const auto last = evaluate.sharesAt(toX(right));
        const double aboveLast = std::accumulate(last.begin(), last.begin() + static_cast<std::ptrdiff_t>(i), 0.0);
        const double top = area.top() + area.height() * std::max(aboveFirst, aboveLast);
        const double bottom = area.top() + area.height() * std::min(aboveFirst + first[i], aboveLast + last[i]);
        if (bottom - top >= kNameHeight)
            painter.drawText(QRectF(left, top, right - left + 2, bottom - top),
                             Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, name);
        aboveFirst += first[i];
    }
}

void MixArea::paintKeys(QPainter& painter) const
{
    const auto& tokens = m_theme.tokens();
    const std::size_t selected = m_desk.selected();
    const auto& keys = m_desk.mix().weights[selected].keys;
    if (keys.size() < 2) return;
    const double ratio = devicePixelRatioF();
    QPixmap look(QSize(kKeySize, kKeySize) * ratio); // drawn once, stamped for each of hundreds
    look.setDevicePixelRatio(ratio);
    look.fill(Qt::transparent);
    {
        QPainter own(&look);
        own.setRenderHint(QPainter::Antialiasing);
        own.setPen(QPen(tokens.seriesAt(static_cast<int>(selected)).line, 1));
        own.setBrush(tokens.surface);
        own.drawEllipse(QPointF(kKeySize / 2.0, kKeySize / 2.0), 3.5, 3.5);
    }
    // The last source has no boundary below it; its upper one stands for it.
    const std::size_t edge = selected + 1 == m_desk.count() && selected > 0 ? selected - 1 : selected;
    const viewmodels::MixEvaluator evaluate(m_desk.mix());
    const QRectF area = plotArea();
    for (const schedule::Key& key : keys) {
        const auto shares = evaluate.sharesAt(key.x);
        const double above =
            std::accumulate(shares.begin(), shares.begin() + static_cast<std::ptrdiff_t>(edge) + 1, 0.0);
        const QPointF corner(toPixel(key.x) - kKeySize / 2.0, area.top() + above * area.height() - kKeySize / 2.0);
        painter.drawPixmap(QPointF(std::round(corner.x() * ratio), std::round(corner.y() * ratio)) / ratio, look);
    }
}

void MixArea::setViolations(const std::vector<spec::MixViolation>& violations)
{
    m_violations = violations;
    update();
}

/// A triangle in the band, with a line as high as the band: it tells how much there is where it is too much or too
/// little.
void MixArea::paintViolations(QPainter& painter) const
{
    constexpr double kSide = 5;
    const auto& tokens = m_theme.tokens();
    const viewmodels::MixEvaluator evaluate(m_desk.mix());
    painter.setRenderHint(QPainter::Antialiasing);
    for (const spec::MixViolation& violation : m_violations) {
        if (!violation.source || *violation.source >= m_desk.count()) continue;
        for (const int generation : violation.generations) {
            const double x = spec::weightPlace(generation, m_desk.generations());
            const auto shares = evaluate.sharesAt(x);
            const double below = boundaryAt(*violation.source, x).y();
            const double above = below - shares[*violation.source] * plotArea().height();
            const QPointF middle(toPixel(x), (above + below) / 2);
            painter.setPen(QPen(tokens.danger, 1));
            painter.drawLine(QPointF(middle.x(), above), QPointF(middle.x(), below));
            painter.setPen(Qt::NoPen);
            painter.setBrush(tokens.danger);
            painter.drawPolygon(QPolygonF({middle + QPointF(0, -kSide), middle + QPointF(kSide, kSide * 0.75),
                                           middle + QPointF(-kSide, kSide * 0.75)}));
        }
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void MixArea::paintPlayhead(QPainter& painter) const
{
    const auto& tokens = m_theme.tokens();
    const QRectF area = plotArea();
    const double pixel = std::round(toPixel(m_desk.playhead()));
    painter.setPen(QPen(tokens.accent, 1));
    painter.drawLine(QPointF(pixel, area.top()), QPointF(pixel, area.bottom()));
    const QString text = QStringLiteral("%1 %").arg(std::lround(100 * m_desk.playhead()));
    painter.setFont(common::numericFont(common::Type::ChartStrong));
    const double width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 12;
    const double left = std::clamp(pixel - width / 2, 0.0, std::max(this->width() - width, 0.0));
    const QRectF tag(left, area.top() - 18, width, 16);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.accent);
    painter.drawRoundedRect(tag, 3, 3);
    painter.setPen(tokens.onAccent);
    painter.drawText(tag, Qt::AlignCenter, text);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

} // namespace gradus::pages
