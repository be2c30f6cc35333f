// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/plot_view.h"

#include "plot/plot_parts_p.h"

#include <QAccessible>
#include <QFocusEvent>
#include <QPainter>

namespace gradus::plot {

namespace {

constexpr int kFrameMilliseconds = 33; // at most 30 replots a second

FormatTicker& tickerOf(QCPAxis* axis)
{
    return *static_cast<FormatTicker*>(axis->ticker().data());
}

} // namespace

PlotView::PlotView(common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_plot(new QCustomPlot(this))
{
    setLayoutDirection(Qt::LeftToRight); // time runs that way whatever the window's order of reading is
    m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->setNoAntialiasingOnDrag(true);
    m_plot->setPlottingHint(QCP::phFastPolylines, true);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis, m_plot->yAxis2}) {
        axis->setTicker(QSharedPointer<FormatTicker>::create());
        axis->setTicks(true);
        axis->setSubTicks(false);
        axis->setTickLength(0, 0);
        axis->setTickLabelPadding(6);
    }
    m_plot->xAxis->ticker()->setTickCount(6);
    m_plot->yAxis->ticker()->setTickCount(4);
    m_plot->yAxis2->ticker()->setTickCount(4);
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->yAxis->grid()->setZeroLinePen(Qt::NoPen);
    m_plot->xAxis->grid()->setZeroLinePen(Qt::NoPen);
    buildLayers();
    setMargins(m_margins);
    addPainted("overlay", [this](QPainter& painter) { paintEmpty(painter); });

    m_throttle.setSingleShot(true);
    connect(&m_throttle, &QTimer::timeout, this, [this] {
        if (m_dirty && isVisible()) replotNow();
    });
    connect(m_plot, &QCustomPlot::afterReplot, this, [this] { ++m_replots; });
    connect(&theme, &common::ThemeController::changed, this, [this] {
        restyle();
        scheduleReplot();
    });
}

PlotView::~PlotView() = default;

void PlotView::buildLayers()
{
    // QCustomPlot has background, grid, main, axes, legend, overlay (buffered already).
    m_plot->addLayer(QStringLiteral("bands"), m_plot->layer(QStringLiteral("background")));
    m_plot->addLayer(QStringLiteral("events"), m_plot->layer(QStringLiteral("grid")));
    m_plot->addLayer(QStringLiteral("marks"), m_plot->layer(QStringLiteral("axes")));
    m_plot->layer(QStringLiteral("overlay"))->setMode(QCPLayer::lmBuffered);
}

void PlotView::addPainted(const char* layer, std::function<void(QPainter&)> paint)
{
    new Painted(m_plot, QLatin1String(layer), std::move(paint)); // its layer owns it
}

void PlotView::setMargins(const Margins& margins)
{
    m_margins = margins;
    QCPAxisRect* rect = m_plot->axisRect();
    rect->setAutoMargins(QCP::msNone);
    rect->setMargins({margins.left, margins.top, margins.right, margins.bottom});
    m_plot->plotLayout()->setMargins({0, 0, 0, 0});
    scheduleReplot();
}

void PlotView::setXFormatter(Formatter formatter)
{
    tickerOf(m_plot->xAxis).formatter = std::move(formatter);
    scheduleReplot();
}

void PlotView::setYFormatter(Formatter formatter)
{
    tickerOf(m_plot->yAxis).formatter = std::move(formatter);
    scheduleReplot();
}

void PlotView::setXTickCount(int count)
{
    m_plot->xAxis->ticker()->setTickCount(count);
    scheduleReplot();
}

void PlotView::setYTickCount(int count)
{
    m_plot->yAxis->ticker()->setTickCount(count);
    scheduleReplot();
}

void PlotView::setVerticalGrid(bool visible)
{
    m_plot->xAxis->grid()->setVisible(visible);
    scheduleReplot();
}

void PlotView::setEmptyText(const QString& text)
{
    if (m_emptyText == text) return;
    m_emptyText = text;
    scheduleReplot();
}

void PlotView::setSummary(const QString& summary)
{
    if (accessibleDescription() == summary) return;
    setAccessibleDescription(summary);
}

QPointF PlotView::toPixel(const QPointF& coordinate) const
{
    return {m_plot->xAxis->coordToPixel(coordinate.x()), m_plot->yAxis->coordToPixel(coordinate.y())};
}

QPointF PlotView::toCoordinate(const QPointF& pixel) const
{
    return {m_plot->xAxis->pixelToCoord(pixel.x()), m_plot->yAxis->pixelToCoord(pixel.y())};
}

QRectF PlotView::plotArea() const
{
    return QRectF(rect()).adjusted(m_margins.left, m_margins.top, -m_margins.right, -m_margins.bottom);
}

double PlotView::xLow() const
{
    return m_plot->xAxis->range().lower;
}
double PlotView::xHigh() const
{
    return m_plot->xAxis->range().upper;
}
double PlotView::yLow() const
{
    return m_plot->yAxis->range().lower;
}
double PlotView::yHigh() const
{
    return m_plot->yAxis->range().upper;
}

QSize PlotView::sizeHint() const
{
    return {320, 160};
}

QSize PlotView::minimumSizeHint() const
{
    return {140, 84};
}

void PlotView::scheduleReplot()
{
    m_dirty = true;
    if (isVisible() && !m_throttle.isActive()) m_throttle.start(kFrameMilliseconds);
}

void PlotView::replotNow()
{
    m_dirty = false;
    prepare();
    m_plot->replot(QCustomPlot::rpImmediateRefresh);
}

void PlotView::paintVectors(QCPPainter& painter, const QPointF& at)
{
    prepare();
    painter.save();
    painter.translate(at);
    m_plot->toPainter(&painter, width(), height());
    painter.restore();
}

void PlotView::replotOverlay()
{
    if (!isVisible() || m_dirty) return scheduleReplot();
    m_plot->layer(QStringLiteral("overlay"))->replot();
}

void PlotView::restyle()
{
    const common::Tokens& t = tokens();
    m_plot->setBackground(QBrush(t.surface));
    m_plot->xAxis->setBasePen(linePen(t.border));
    m_plot->yAxis->setBasePen(Qt::NoPen);
    m_plot->yAxis2->setBasePen(Qt::NoPen);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis, m_plot->yAxis2}) {
        axis->setTickPen(Qt::NoPen);
        axis->setTickLabelColor(t.text2);
        axis->setTickLabelFont(common::numericFont(common::Type::Chart));
        axis->grid()->setPen(linePen(t.grid));
    }
}

void PlotView::paintEmpty(QPainter& painter) const
{
    if (m_ring) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(tokens().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
    if (m_emptyText.isEmpty() || !isEmpty()) return;
    painter.setFont(common::typeFont(common::Type::Small));
    painter.setPen(tokens().text2);
    painter.drawText(plotArea().adjusted(4, 0, -4, 0), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

void PlotView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_plot->setGeometry(rect());
    scheduleReplot();
}

void PlotView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_dirty) replotNow();
}

void PlotView::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    m_ring = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
             event->reason() == Qt::ShortcutFocusReason;
    replotOverlay();
}

void PlotView::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    m_ring = false;
    replotOverlay();
}

} // namespace gradus::plot
