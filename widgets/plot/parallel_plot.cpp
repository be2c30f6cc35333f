// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/parallel_plot.h"

#include "common/controls.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::plot {

namespace {

constexpr double kSide = 56;   // left and right: half of a name
constexpr double kTop = 40;    // names and upper ends
constexpr double kBottom = 22; // lower ends
constexpr double kReach = 14;  // of an axis, for the pointer
constexpr double kBrushWidth = 12;
constexpr double kNameHeight = 18;
constexpr double kSmallest = 0.01; // a shorter drag is a click
constexpr double kStep = 0.05;     // of the arrow keys
constexpr double kHit = 5;         // pixels from a line to the pointer that asks for its name

/// Away from a stretch of a line to a point.
double distance(const QPointF& a, const QPointF& b, const QPointF& at)
{
    const QPointF along = b - a;
    const double length = QPointF::dotProduct(along, along);
    const double share = length > 0 ? std::clamp(QPointF::dotProduct(at - a, along) / length, 0.0, 1.0) : 0;
    const QPointF away = at - (a + share * along);
    return std::hypot(away.x(), away.y());
}

} // namespace

namespace {

/// A brush is of values: where the axis now spans others, it covers the same ones. Words may stand in another order,
/// and a brush over some of them then means nothing.
std::optional<Brush> onAxis(const Brush& brush, const ParallelColumn& before, const ParallelColumn& now)
{
    if (before.words != now.words) return std::nullopt;
    if (!before.words.isEmpty() || (before.low == now.low && before.high == now.high)) return brush;
    if (!(now.high > now.low) || !(before.high > before.low)) return std::nullopt;
    const auto share = [&](double old) {
        return (before.low + old * (before.high - before.low) - now.low) / (now.high - now.low);
    };
    const Brush moved{std::clamp(share(brush.from), 0.0, 1.0), std::clamp(share(brush.to), 0.0, 1.0)};
    return moved.to > moved.from ? std::optional(moved) : std::nullopt;
}

} // namespace

ParallelPlot::ParallelPlot(const common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    connect(&theme, &common::ThemeController::changed, this, [this] {
        m_pictureIsOld = true;
        update();
    });
}

void ParallelPlot::setData(const QVector<ParallelColumn>& columns, const QVector<ParallelLine>& lines)
{
    // What the user arranged and brushed stays as far as it is still there.
    QVector<qsizetype> source;
    QVector<Column> arranged;
    const auto add = [&](qsizetype place, std::optional<Brush> brush) {
        source.append(place);
        arranged.append({columns[place], brush});
    };
    const auto placeOf = [&](const QString& id) {
        const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return one.id == id; });
        return found == columns.end() ? qsizetype{-1} : found - columns.begin();
    };
    for (const Column& old : std::as_const(m_columns))
        if (const qsizetype place = placeOf(old.what.id); place >= 0)
            add(place, old.brush ? onAxis(*old.brush, old.what, columns[place]) : std::nullopt);
    for (qsizetype place = 0; place < columns.size(); ++place)
        if (!source.contains(place)) add(place, std::nullopt);
    m_columns = arranged;
    m_lines = lines;
    for (ParallelLine& line : m_lines) {
        QVector<double> values;
        for (const qsizetype place : std::as_const(source))
            values.append(line.values.value(place, std::numeric_limits<double>::quiet_NaN()));
        line.values = values;
    }
    m_current = std::clamp<qsizetype>(m_current, 0, std::max<qsizetype>(0, m_columns.size() - 1));
    m_drag = Drag::None;
    choose();
}

QStringList ParallelPlot::order() const
{
    QStringList ids;
    for (const Column& column : m_columns)
        ids << column.what.id;
    return ids;
}

bool ParallelPlot::isBrushed() const
{
    return std::any_of(m_columns.begin(), m_columns.end(),
                       [](const Column& column) { return column.brush.has_value(); });
}

std::optional<Brush> ParallelPlot::brush(const QString& column) const
{
    const qsizetype place = order().indexOf(column);
    return place < 0 ? std::nullopt : m_columns[place].brush;
}

void ParallelPlot::clearBrushes()
{
    for (Column& column : m_columns)
        column.brush.reset();
    choose();
}

QRectF ParallelPlot::area() const
{
    return QRectF(rect()).adjusted(kSide, kTop, -kSide, -kBottom);
}

double ParallelPlot::xOf(qsizetype place) const
{
    const QRectF box = area();
    if (m_columns.size() < 2) return box.center().x();
    return box.left() + box.width() * double(place) / double(m_columns.size() - 1);
}

double ParallelPlot::shareOf(const Column& column, double value) const
{
    if (column.what.high <= column.what.low) return 0.5;
    return (value - column.what.low) / (column.what.high - column.what.low);
}

double ParallelPlot::shareAt(double y) const
{
    const QRectF box = area();
    return std::clamp((box.bottom() - y) / std::max(1.0, box.height()), 0.0, 1.0);
}

QPointF ParallelPlot::pointAt(const QString& column, double share) const
{
    return {xOf(order().indexOf(column)), area().bottom() - share * area().height()};
}

QRectF ParallelPlot::nameBox(const QString& column) const
{
    const double wide = m_columns.size() < 2 ? width() : area().width() / double(m_columns.size() - 1);
    return {xOf(order().indexOf(column)) - wide / 2, 2, wide, kNameHeight};
}

qsizetype ParallelPlot::columnNear(double x) const
{
    for (qsizetype place = 0; place < m_columns.size(); ++place)
        if (std::abs(xOf(place) - x) <= kReach) return place;
    return -1;
}

bool ParallelPlot::isChosen(const ParallelLine& line) const
{
    constexpr double kRounding = 1e-9; // an end of the axis belongs to a brush up to it
    for (qsizetype place = 0; place < m_columns.size(); ++place) {
        const std::optional<Brush>& brush = m_columns[place].brush;
        if (!brush) continue;
        const double share = shareOf(m_columns[place], line.values[place]);
        if (!(share >= brush->from - kRounding && share <= brush->to + kRounding)) return false; // NaN is outside
    }
    return true;
}

void ParallelPlot::choose()
{
    const QVector<std::int64_t> before = m_chosen;
    m_chosen.clear();
    m_isChosen.clear();
    for (const ParallelLine& line : std::as_const(m_lines)) {
        m_isChosen.append(isChosen(line));
        if (m_isChosen.last()) m_chosen.append(line.run);
    }
    setAccessibleDescription(tr("%1 of %2 runs chosen by brushes").arg(m_chosen.size()).arg(m_lines.size()));
    m_pictureIsOld = true;
    update();
    if (before != m_chosen) Q_EMIT chosenChanged();
}

void ParallelPlot::setBrush(qsizetype place, std::optional<Brush> brush)
{
    if (m_columns[place].brush == brush) return;
    m_columns[place].brush = brush;
    choose();
}

void ParallelPlot::moveColumn(qsizetype from, qsizetype to)
{
    if (from == to) return;
    m_columns.move(from, to);
    for (ParallelLine& line : m_lines)
        line.values.move(from, to);
    m_current = to;
    m_pictureIsOld = true;
    update();
}

QPolygonF ParallelPlot::polygonOf(const ParallelLine& line) const
{
    const QRectF box = area();
    QPolygonF polygon;
    polygon.reserve(m_columns.size());
    for (qsizetype place = 0; place < m_columns.size(); ++place)
        polygon << QPointF(xOf(place), box.bottom() - shareOf(m_columns[place], line.values[place]) * box.height());
    return polygon;
}

void ParallelPlot::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return QWidget::mousePressEvent(event);
    const qsizetype place = columnNear(event->position().x());
    m_drag = Drag::None;
    if (event->position().y() < kTop - kNameHeight) {
        for (qsizetype i = 0; i < m_columns.size(); ++i)
            if (nameBox(m_columns[i].what.id).contains(event->position())) m_held = i, m_drag = Drag::Axis;
        if (m_drag == Drag::Axis) m_current = m_held;
        return update();
    }
    if (place < 0) return;
    m_held = m_current = place;
    m_pressed = shareAt(event->position().y());
    const std::optional<Brush>& brush = m_columns[place].brush;
    const bool isInside = brush && m_pressed >= brush->from && m_pressed <= brush->to;
    m_drag = isInside ? Drag::MoveBrush : Drag::NewBrush;
    if (isInside) m_before = *brush;
    update();
}

void ParallelPlot::mouseMoveEvent(QMouseEvent* event)
{
    const double share = shareAt(event->position().y());
    switch (m_drag) {
    case Drag::None: {
        const bool isName = event->position().y() < kTop - kNameHeight;
        setCursor(isName                                   ? Qt::OpenHandCursor
                  : columnNear(event->position().x()) >= 0 ? Qt::SizeVerCursor
                                                           : Qt::ArrowCursor);
        return;
    }
    case Drag::NewBrush:
        if (std::abs(share - m_pressed) < kSmallest) return;
        return setBrush(m_held, Brush{std::min(share, m_pressed), std::max(share, m_pressed)});
    case Drag::MoveBrush: {
        const double by = std::clamp(share - m_pressed, -m_before.from, 1 - m_before.to);
        return setBrush(m_held, Brush{m_before.from + by, m_before.to + by});
    }
    case Drag::Axis: {
        qsizetype nearest = m_held;
        for (qsizetype place = 0; place < m_columns.size(); ++place)
            if (std::abs(xOf(place) - event->position().x()) < std::abs(xOf(nearest) - event->position().x()))
                nearest = place;
        moveColumn(m_held, nearest);
        m_held = nearest;
        return;
    }
    }
}

void ParallelPlot::mouseReleaseEvent(QMouseEvent* event)
{
    const bool isClick = std::abs(shareAt(event->position().y()) - m_pressed) < kSmallest;
    const bool isBrushing = m_drag == Drag::NewBrush || m_drag == Drag::MoveBrush;
    m_drag = Drag::None;
    if (isBrushing && isClick && m_held < m_columns.size()) setBrush(m_held, std::nullopt);
}

void ParallelPlot::keyPressEvent(QKeyEvent* event)
{
    if (m_columns.isEmpty()) return QWidget::keyPressEvent(event);
    const bool isShift = event->modifiers().testFlag(Qt::ShiftModifier);
    const int sign = event->key() == Qt::Key_Up || event->key() == Qt::Key_Right ? 1 : -1;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const qsizetype to = std::clamp<qsizetype>(m_current + sign, 0, m_columns.size() - 1);
        if (isShift) moveColumn(m_current, to);
        m_current = to;
        return update();
    }
    case Qt::Key_Up:
    case Qt::Key_Down: {
        Brush brush = m_columns[m_current].brush.value_or(Brush{0.5, 1});
        if (m_columns[m_current].brush && isShift)
            brush.to = std::clamp(brush.to + sign * kStep, brush.from + kStep, 1.0);
        else if (m_columns[m_current].brush) {
            const double by = std::clamp(sign * kStep, -brush.from, 1 - brush.to);
            brush = {brush.from + by, brush.to + by};
        }
        return setBrush(m_current, brush);
    }
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        return setBrush(m_current, std::nullopt);
    case Qt::Key_Escape:
        if (isBrushed()) return clearBrushes();
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void ParallelPlot::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void ParallelPlot::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

void ParallelPlot::paintLines(QPainter& painter) const
{
    const common::Tokens& tokens = m_theme.tokens();
    // Smooth lines of a thousand runs cost four times as much and look the same.
    painter.setRenderHint(QPainter::Antialiasing, m_lines.size() <= 300);
    const bool isBrushed = this->isBrushed();
    for (const bool chosen : {false, true})
        for (qsizetype i = 0; i < m_lines.size(); ++i) {
            if (m_isChosen[i] != chosen) continue;
            const QColor line = tokens.seriesAt(m_lines[i].style).line;
            painter.setPen(QPen(chosen ? line : common::blended(tokens.text2, tokens.surface, 0.15), 1));
            painter.setOpacity(chosen && !isBrushed && m_lines.size() > 100 ? 0.5 : 1);
            const QPolygonF polygon = polygonOf(m_lines[i]);
            for (qsizetype first = 0; first < polygon.size();) {
                qsizetype end = first;
                while (end < polygon.size() && std::isfinite(polygon[end].y()))
                    ++end;
                if (end - first > 1) painter.drawPolyline(polygon.constData() + first, int(end - first));
                first = end + 1;
            }
        }
    painter.setOpacity(1);
}

void ParallelPlot::paintAxis(QPainter& painter, qsizetype place) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const Column& column = m_columns[place];
    const QRectF box = area();
    const double x = xOf(place);
    painter.setPen(QPen(tokens.text2, 1));
    painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
    if (column.brush) {
        const QRectF shade(x - kBrushWidth / 2, box.bottom() - column.brush->to * box.height(), kBrushWidth,
                           std::max(2.0, (column.brush->to - column.brush->from) * box.height()));
        painter.setPen(QPen(tokens.accent, 1));
        painter.setBrush(common::blended(tokens.accent, tokens.surface, 0.35));
        painter.drawRect(shade);
        painter.setBrush(Qt::NoBrush);
    }
    const QRectF name = nameBox(column.what.id).adjusted(4, 0, -4, 0);
    const bool isCurrent = hasFocus() && place == m_current;
    painter.setFont(common::typeFont(common::Type::ChartStrong));
    painter.setPen(isCurrent ? tokens.accent : tokens.text);
    const QString shown = painter.fontMetrics().elidedText(column.what.name, Qt::ElideRight, int(name.width()));
    // A name wider than the margin stays inside the picture and leaves its axis a little.
    QRectF title(0, name.top(), painter.fontMetrics().horizontalAdvance(shown) + 1, name.height());
    title.moveLeft(std::clamp(x - title.width() / 2, 4.0, std::max(4.0, width() - 4 - title.width())));
    painter.drawText(title, Qt::AlignCenter, shown);
    painter.setFont(common::numericFont(common::Type::Chart));
    painter.setPen(tokens.text2);
    if (column.what.words.isEmpty()) {
        painter.drawText(QRectF(name.left(), box.top() - 17, name.width(), 14), Qt::AlignCenter, column.what.highText);
        painter.drawText(QRectF(name.left(), box.bottom() + 3, name.width(), 14), Qt::AlignCenter, column.what.lowText);
        return;
    }
    // Words stand beside the axis, on the side where there is room.
    const bool isLast = place + 1 == m_columns.size();
    for (qsizetype i = 0; i < column.what.words.size(); ++i) {
        const double y = box.bottom() - shareOf(column, double(i)) * box.height();
        const QString word = painter.fontMetrics().elidedText(column.what.words[i], Qt::ElideRight, int(kSide) + 40);
        QRectF at(x + 9, y - 8, painter.fontMetrics().horizontalAdvance(word) + 4, 15);
        if (isLast && place > 0) at.moveRight(x - 9);
        painter.fillRect(at, tokens.surface);
        painter.drawText(at, Qt::AlignCenter, word);
    }
}

bool ParallelPlot::paintNothing(QPainter& painter) const
{
    if (m_columns.size() >= 2 && !m_lines.isEmpty()) return false;
    painter.setFont(common::typeFont(common::Type::Small));
    painter.setPen(m_theme.tokens().text2);
    painter.drawText(rect(), Qt::AlignCenter, tr("Two axes on which runs differ make a picture"));
    return true;
}

void ParallelPlot::paintOn(QPainter& painter) const
{
    if (paintNothing(painter)) return;
    paintLines(painter);
    for (qsizetype place = 0; place < m_columns.size(); ++place)
        paintAxis(painter, place);
}

void ParallelPlot::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (paintNothing(painter)) return;
    const double ratio = devicePixelRatioF();
    const QSize pixels = (QSizeF(size()) * ratio).toSize();
    if (m_pictureIsOld || m_picture.size() != pixels || m_picture.devicePixelRatio() != ratio) {
        m_picture = QPixmap(pixels);
        m_picture.setDevicePixelRatio(ratio);
        m_picture.fill(Qt::transparent);
        QPainter lines(&m_picture);
        paintLines(lines);
        m_pictureIsOld = false;
    }
    painter.drawPixmap(0, 0, m_picture);
    for (qsizetype place = 0; place < m_columns.size(); ++place)
        paintAxis(painter, place);
}

QString ParallelPlot::lineAt(const QPointF& at) const
{
    QString nearest;
    double least = kHit;
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        if (!m_isChosen[i]) continue;
        const QPolygonF polygon = polygonOf(m_lines[i]);
        for (qsizetype j = 0; j + 1 < polygon.size(); ++j) {
            if (!std::isfinite(polygon[j].y()) || !std::isfinite(polygon[j + 1].y())) continue;
            const double away = distance(polygon[j], polygon[j + 1], at);
            if (away > least) continue;
            least = away;
            nearest = m_lines[i].name;
        }
    }
    return nearest;
}

bool ParallelPlot::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    common::showTip(*help, lineAt(QPointF(help->pos())), this);
    return true;
}

} // namespace gradus::plot
