// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/compare_export.h"

#include "base/files.h"
#include "base/text.h"
#include "pages/compare/charts_tab.h"
#include "pages/compare/compare_legend.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/relations_tab.h"
#include "pages/compare/table_tab.h"
#include "plot/chart_sheet.h"
#include "viewmodels/curves_text.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr double kMargin = 12;
constexpr double kHead = 30;  // of the legend
constexpr double kFoot = 64;  // of the provenance
constexpr double kTitle = 18; // over a chart

QString words(const char* text)
{
    return QCoreApplication::translate("CompareExport", text);
}

std::string provenance(const ComparePage& page)
{
    return viewmodels::provenanceOf(page.comparison().data(), page.shownOptions(),
                                    QCoreApplication::applicationVersion().toStdString());
}

/// Names in their groups' colours over the charts, provenance below them.
void addLegend(plot::Sheet& sheet, const ComparePage& page)
{
    const common::Tokens& tokens = page.tokens();
    const auto& groups = page.legend()->groups();
    const double wide = (sheet.size.width() - 2 * kMargin) / double(std::max<qsizetype>(1, groups.size()));
    for (qsizetype i = 0; i < groups.size(); ++i)
        sheet.texts.append({QRectF(kMargin + wide * double(i), 8, wide - 4, kHead - 8),
                            groups[i].name + QStringLiteral("  ") + words("n %1").arg(groups[i].runs) +
                                (groups[i].baseline ? words(", baseline") : QString()),
                            tokens.seriesAt(groups[i].style).label, true});
    sheet.texts.append({QRectF(kMargin, sheet.size.height() - kFoot + 6, sheet.size.width() - 2 * kMargin, kFoot - 8),
                        sheet.description, tokens.text2});
}

plot::Sheet chartsSheet(const ComparePage& page)
{
    plot::Sheet sheet;
    sheet.background = page.tokens().surface;
    sheet.description = QString::fromStdString(provenance(page));
    const QWidget* area = page.charts()->area();
    double bottom = 0;
    for (CurveCard* card : page.charts()->cards()) {
        if (card->isHidden()) continue;
        const QPointF chart = card->chart()->mapTo(area, QPoint());
        sheet.charts.append({card->chart(), chart + QPointF(0, kHead)});
        sheet.charts.append({card->counts(), QPointF(card->counts()->mapTo(area, QPoint())) + QPointF(0, kHead)});
        sheet.texts.append({QRectF(chart.x() + 8, chart.y() + kHead - kTitle, card->width() - 16, kTitle),
                            card->curves().series, page.tokens().text, true});
        bottom = std::max(bottom, double(card->geometry().bottom()));
    }
    sheet.size = {double(area->width()), bottom + kHead + kFoot};
    addLegend(sheet, page);
    return sheet;
}

plot::Sheet planeSheet(const ComparePage& page)
{
    plot::Sheet sheet;
    sheet.background = page.tokens().surface;
    sheet.description = QString::fromStdString(provenance(page));
    plot::ScatterPlot* plane = page.relations()->plane();
    sheet.size = {plane->width() + 2 * kMargin, plane->height() + kHead + kTitle + kFoot};
    sheet.charts.append({plane, QPointF(kMargin, kHead + kTitle)});
    sheet.texts.append(
        {QRectF(kMargin, kHead, sheet.size.width(), kTitle), page.relations()->planeTitle(), page.tokens().text, true});
    addLegend(sheet, page);
    return sheet;
}

} // namespace

Result<void> exportComparison(const ComparePage& page, const QString& file)
{
    const viewmodels::ComparedData& compared = page.comparison().data();
    if (compared.runs.empty()) return badInput("Nothing is compared yet; open the eyes of some runs first.");
    const QString ending = QFileInfo(file).suffix().toLower();
    if (ending == QLatin1String("png") || ending == QLatin1String("svg") || ending == QLatin1String("pdf"))
        return plot::writeSheet(page.tab() == ComparePage::Relations ? planeSheet(page) : chartsSheet(page), file);
    const bool curves = page.tab() == ComparePage::Charts;
    std::string text;
    if (ending == QLatin1String("csv"))
        text = curves ? viewmodels::curvesCsv(compared, page.curves(), provenance(page))
                      : page.table()->text(compare::TextFormat::Csv).toStdString();
    else if (ending == QLatin1String("json"))
        text = curves ? viewmodels::curvesJson(compared, page.curves(), provenance(page))
                      : page.table()->text(compare::TextFormat::Json).toStdString();
    else if (ending == QLatin1String("md"))
        text = page.table()->text(compare::TextFormat::Markdown).toStdString();
    else if (ending == QLatin1String("tex"))
        text = page.table()->text(compare::TextFormat::Latex).toStdString();
    else
        return badInput("A comparison is written as png, svg, pdf, csv, json, md or tex, not '" +
                        visible(ending.toStdString()) + "'.");
    return writeFileAtomically(QFile::encodeName(file).toStdString(), text);
}

} // namespace gradus::pages
