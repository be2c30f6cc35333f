// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/chart_sheet.h"

#include "base/text.h"
#include "common/tokens.h"
#include "plot/plot_view.h"

#include <QBuffer>
#include <QFileInfo>
#include <QImage>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <qcustomplot.h>

namespace gradus::plot {

namespace {

constexpr int kDotsPerInch = 96;
constexpr double kPixelRatio = 2;

void paint(QCPPainter& painter, const Sheet& sheet)
{
    painter.fillRect(QRectF({0, 0}, sheet.size), sheet.background);
    for (const SheetChart& one : sheet.charts)
        one.chart->paintVectors(painter, one.at);
    for (const SheetDrawing& one : sheet.drawings) {
        painter.save();
        painter.translate(one.at);
        one.paint(painter);
        painter.restore();
    }
    for (const SheetText& text : sheet.texts) {
        painter.setFont(common::typeFont(text.strong ? common::Type::SmallStrong : common::Type::Chart));
        painter.setPen(text.colour);
        painter.drawText(text.place, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, text.text);
    }
}

QByteArray asPng(const Sheet& sheet)
{
    QImage image((sheet.size * kPixelRatio).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(kPixelRatio);
    QCPPainter painter;
    painter.begin(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    paint(painter, sheet);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QByteArray asSvg(const Sheet& sheet)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(kDotsPerInch);
    generator.setSize(sheet.size.toSize());
    generator.setViewBox(QRectF({0, 0}, sheet.size));
    generator.setTitle(QStringLiteral("Gradus comparison"));
    generator.setDescription(sheet.description);
    QCPPainter painter;
    painter.begin(&generator);
    painter.setMode(QCPPainter::pmVectorized);
    paint(painter, sheet);
    painter.end();
    return bytes;
}

QByteArray asPdf(const Sheet& sheet)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kDotsPerInch);
    writer.setPageMargins({0, 0, 0, 0});
    writer.setPageSize(QPageSize(sheet.size * 72 / kDotsPerInch, QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setTitle(sheet.description);
    QCPPainter painter;
    painter.begin(&writer);
    painter.setMode(QCPPainter::pmVectorized);
    paint(painter, sheet);
    painter.end();
    return bytes;
}

} // namespace

Result<void> writeSheet(const Sheet& sheet, const QString& file)
{
    const QString ending = QFileInfo(file).suffix().toLower();
    QByteArray bytes;
    if (ending == QLatin1String("png"))
        bytes = asPng(sheet);
    else if (ending == QLatin1String("svg"))
        bytes = asSvg(sheet);
    else if (ending == QLatin1String("pdf"))
        bytes = asPdf(sheet);
    else
        return badInput("A picture ends in .png, .svg or .pdf, not '" + visible(ending.toStdString()) + "'.");
    QSaveFile out(file);
    if (bytes.isEmpty() || !out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size() || !out.commit())
        return failed("The picture could not be written to '" + visible(file.toStdString()) +
                      "'; check that its folder exists and may be written.");
    return {};
}

} // namespace gradus::plot
