// SPDX-License-Identifier: GPL-3.0-or-later
// Parallel coordinates: an upright axis a column, a line a run, and brushes on axes that choose runs.
#pragma once

#include "common/theme.h"

#include <QPixmap>
#include <QPointF>
#include <QString>
#include <QStringList>
#include <QVector>
#include <QWidget>

#include <cstdint>
#include <optional>

namespace gradus::plot {

struct ParallelColumn
{
    QString id;
    QString name;
    QStringList words; ///< bottom up; empty: numbers from low to high
    double low = 0;
    double high = 1;
    QString lowText; ///< written under and over an axis of numbers
    QString highText;
};

struct ParallelLine
{
    std::int64_t run = 0;
    int style = 0;          ///< place in the colour cycle
    QString name;           ///< told when the pointer rests on it
    QVector<double> values; ///< one a column; NaN: a gap
};

/// A stretch of an axis, as shares of its length from the bottom.
struct Brush
{
    double from = 0;
    double to = 1;

    friend bool operator==(const Brush&, const Brush&) = default;
};

/// Dragging along an axis brushes it, dragging a brush moves it, a click clears it; dragging a name moves the axis.
/// Left and Right choose an axis, Up and Down move its brush (Shift: its upper end), Delete clears it, Escape all.
/// Lines inside every brush are chosen; those without a value on a brushed axis are not. GUI thread only.
class ParallelPlot final : public QWidget
{
    Q_OBJECT
public:
    explicit ParallelPlot(const common::ThemeController& theme, QWidget* parent = nullptr);

    /// Brushes and the order of axes that are still there stay.
    void setData(const QVector<ParallelColumn>& columns, const QVector<ParallelLine>& lines);
    void clearBrushes();
    std::optional<Brush> brush(const QString& column) const;
    QStringList order() const; ///< ids from left to right
    QVector<std::int64_t> chosen() const { return m_chosen; }
    bool isBrushed() const;
    int lines() const { return static_cast<int>(m_lines.size()); }

    /// Lines and axes at its own size as strokes and text, with its corner at the origin.
    void paintOn(QPainter& painter) const;
    QPointF pointAt(const QString& column, double share) const; ///< in this widget's pixels
    QRectF nameBox(const QString& column) const;

    QSize sizeHint() const override { return {640, 260}; }
    QSize minimumSizeHint() const override { return {240, 160}; }

Q_SIGNALS:
    void chosenChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    enum class Drag
    {
        None,
        NewBrush,
        MoveBrush,
        Axis,
    };
    struct Column
    {
        ParallelColumn what;
        std::optional<Brush> brush = {};
    };

    QRectF area() const;
    double xOf(qsizetype place) const;
    double shareOf(const Column& column, double value) const;
    double shareAt(double y) const;
    qsizetype columnNear(double x) const;
    QPolygonF polygonOf(const ParallelLine& line) const; ///< NaN y: a gap
    bool isChosen(const ParallelLine& line) const;
    void setBrush(qsizetype place, std::optional<Brush> brush);
    void choose();
    void moveColumn(qsizetype from, qsizetype to);
    bool paintNothing(QPainter& painter) const; ///< says so where there is no picture
    void paintLines(QPainter& painter) const;
    void paintAxis(QPainter& painter, qsizetype place) const;
    QString lineAt(const QPointF& at) const;

    const common::ThemeController& m_theme;
    QVector<Column> m_columns;      ///< from left to right
    QVector<ParallelLine> m_lines;  ///< values in the order of the columns now
    QVector<std::int64_t> m_chosen; ///< all of them without a brush
    QVector<bool> m_isChosen;
    QPixmap m_picture; ///< of the lines: hovering and dragging a name draw none of them anew
    bool m_pictureIsOld = true;
    Drag m_drag = Drag::None;
    qsizetype m_held = 0;    ///< column that is dragged
    qsizetype m_current = 0; ///< column of the keyboard
    double m_pressed = 0;    ///< share where the button went down
    Brush m_before;          ///< brush that is moved, as it was
};

} // namespace gradus::plot
