// SPDX-License-Identifier: GPL-3.0-or-later
// Charts as a picture in a file: PNG in pixels, SVG and PDF in lines and text.
#pragma once

#include "base/result.h"

#include <QColor>
#include <QRectF>
#include <QSizeF>
#include <QString>
#include <QVector>

#include <functional>

class QPainter;

namespace gradus::plot {

class PlotView;

/// A chart at its own size and where its corner stands on the sheet, in pixels of 1/96 inch.
struct SheetChart
{
    PlotView* chart = nullptr;
    QPointF at;
};

/// Anything else that can be painted: a table, a grid. Its corner is the painter's origin.
struct SheetDrawing
{
    QPointF at;
    std::function<void(QPainter&)> paint;
};

/// A title, a line of the legend or a footnote; wrapped at the width of its place.
struct SheetText
{
    QRectF place;
    QString text;
    QColor colour;
    bool strong = false;
};

struct Sheet
{
    QSizeF size;
    QColor background;
    QVector<SheetChart> charts;
    QVector<SheetDrawing> drawings;
    QVector<SheetText> texts;
    QString description; ///< goes into the file's own description where it has one
};

/// By the file's ending: png (twice the resolution), svg or pdf; written to a temporary file first, so that an old
/// picture is replaced whole or stays. Bad input: another ending; failed: it cannot be written. GUI thread.
Result<void> writeSheet(const Sheet& sheet, const QString& file);

} // namespace gradus::plot
