// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/compare_sheet.h"

#include "pages/compare/charts_tab.h"
#include "pages/compare/compare_export.h"
#include "pages/compare/compare_legend.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/containment_tab.h"
#include "pages/compare/containment_table.h"
#include "pages/compare/diff_tab.h"
#include "pages/compare/error_map.h"
#include "pages/compare/heat_map.h"
#include "pages/compare/parallel_card.h"
#include "pages/compare/relations_tab.h"
#include "pages/compare/schedule_overlay.h"
#include "pages/compare/sources_card.h"
#include "pages/compare/summary_table.h"
#include "pages/compare/table_tab.h"
#include "pages/shared/table_picture.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QTableWidget>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr double kMargin = 12;
constexpr double kHead = 30;     // of a legend of one line
constexpr double kTitle = 18;    // over a chart or a table
constexpr double kSentence = 44; // of the overlay, two lines
constexpr double kGap = 16;
constexpr double kLeastWidth = 560; // so that the provenance has room

QString words(const char* text)
{
    return QCoreApplication::translate("CompareExport", text);
}

/// Names in their groups' colours over the rest, as many side by side as are whole; provenance below it.
void addLegend(plot::Sheet& sheet, const ComparePage& page)
{
    const common::Tokens& tokens = page.tokens();
    const double width = sheet.size.width() - 2 * kMargin;
    const QFontMetricsF names(common::typeFont(common::Type::SmallStrong));
    QVector<plot::SheetText> texts;
    double widest = 1;
    for (const GroupEntry& group : page.legend()->groups()) {
        const QString text = group.name + QStringLiteral("  ") + words("n %1").arg(group.runs) +
                             (group.baseline ? words(", baseline") : QString());
        texts.append({{}, text, tokens.seriesAt(group.style).label, true});
        widest = std::max(widest, names.horizontalAdvance(text) + kGap);
    }
    const double wide = std::min(widest, width);
    double high = kTitle;
    for (const plot::SheetText& text : std::as_const(texts))
        high = std::max(high, names.boundingRect({0, 0, wide, 1e4}, Qt::TextWordWrap, text.text).height() + 2);
    const auto columns = std::max<qsizetype>(1, static_cast<qsizetype>(width / widest));
    for (qsizetype i = 0; i < texts.size(); ++i)
        texts[i].place = {kMargin + wide * double(i % columns), 8 + high * double(i / columns), wide, high};
    const double head = std::max(kHead, texts.isEmpty() ? 0 : texts.last().place.bottom() + 4);
    const QPointF down(0, head - kHead);
    for (plot::SheetChart& chart : sheet.charts)
        chart.at += down;
    for (plot::SheetDrawing& drawing : sheet.drawings)
        drawing.at += down;
    for (plot::SheetText& text : sheet.texts)
        text.place.translate(down);
    sheet.texts += texts;
    const QFontMetricsF small(common::typeFont(common::Type::Chart));
    const double foot = small.boundingRect({0, 0, width, 1e5}, Qt::TextWordWrap, sheet.description).height() + 2;
    const double top = sheet.size.height() + down.y() + 6;
    sheet.texts.append({QRectF(kMargin, top, width, foot), sheet.description, tokens.text2});
    sheet.size.setHeight(top + foot + kMargin);
}

/// Puts parts under titles of their own and keeps the sheet as large as they need.
class SheetBuilder final
{
public:
    explicit SheetBuilder(const ComparePage& page) : m_page(page)
    {
        m_sheet.background = page.tokens().surface;
        m_sheet.description = QString::fromStdString(provenanceOf(page));
    }

    /// Each returns the y below what it added.
    double title(const QString& text, double x, double y, double width)
    {
        m_sheet.texts.append({QRectF(x, y, width, kTitle), text, m_page.tokens().text, true});
        return grown({x + width, y + kTitle});
    }
    double sentence(const QString& text, double x, double y, double width)
    {
        m_sheet.texts.append({QRectF(x, y, width, kSentence), text, m_page.tokens().text2});
        return grown({x + width, y + kSentence});
    }
    double chart(plot::PlotView* chart, double x, double y)
    {
        m_sheet.charts.append({chart, QPointF(x, y)});
        return grown({x + chart->width(), y + chart->height()});
    }
    double drawing(const QSizeF& size, double x, double y, std::function<void(QPainter&)> paint)
    {
        m_sheet.drawings.append({QPointF(x, y), std::move(paint)});
        return grown({x + size.width(), y + size.height()});
    }
    double table(const QTableView& view, double x, double y, int secondLine = -1)
    {
        return drawing(wholeSize(view), x, y, [&view, secondLine, tokens = &m_page.tokens()](QPainter& painter) {
            paintWhole(painter, view, *tokens, secondLine);
        });
    }
    plot::Sheet finished()
    {
        m_sheet.size = {std::max(m_right + kMargin, kLeastWidth), m_bottom};
        addLegend(m_sheet, m_page);
        return std::move(m_sheet);
    }

private:
    double grown(const QPointF& corner)
    {
        m_right = std::max(m_right, corner.x());
        m_bottom = std::max(m_bottom, corner.y());
        return corner.y();
    }

    const ComparePage& m_page;
    plot::Sheet m_sheet;
    double m_right = 0;
    double m_bottom = kHead;
};

plot::Sheet chartsSheet(const ComparePage& page)
{
    SheetBuilder sheet(page);
    const QWidget* area = page.charts()->area();
    for (CurveCard* card : page.charts()->cards()) {
        if (card->isHidden()) continue;
        const bool once = !card->once()->isHidden();
        plot::PlotView* main = once ? static_cast<plot::PlotView*>(card->once()) : card->chart();
        const QPointF chart(main->mapTo(area, QPoint(0, int(kHead))));
        sheet.title(card->curves().series, chart.x() + 8, chart.y() - kTitle, card->width() - 16);
        sheet.chart(main, chart.x(), chart.y());
        if (once) continue;
        const QPointF counts(card->counts()->mapTo(area, QPoint(0, int(kHead))));
        sheet.chart(card->counts(), counts.x(), counts.y());
    }
    return sheet.finished();
}

plot::Sheet tableSheet(const ComparePage& page)
{
    SheetBuilder sheet(page);
    const SummaryTable& view = *page.table()->view();
    const double width = std::max(wholeSize(view).width(), kLeastWidth - 2 * kMargin);
    double y = sheet.title(words("Final figures"), kMargin, kHead, width);
    y = sheet.table(view, kMargin, y, viewmodels::ComparisonTableModel::UnitRole);
    sheet.sentence(QString::fromStdString(page.table()->model().table().note), kMargin, y + 8, width);
    return sheet.finished();
}

/// Keys beside the overlaid schedules; below them what the runs are made of beside the tracks by rank.
plot::Sheet diffSheet(const ComparePage& page)
{
    SheetBuilder sheet(page);
    const DiffTab& diff = *page.diff();
    const double left = wholeSize(*diff.keysView()).width();
    const ScheduleOverlay& overlay = *diff.overlay();
    const double x = kMargin + left + kGap;
    const double right = overlay.chart()->width();
    double y = sheet.title(diff.countText(), kMargin, kHead, left);
    const double keys = sheet.table(*diff.keysView(), kMargin, y);
    y = sheet.title(overlay.title(), x, kHead, right);
    y = sheet.sentence(overlay.sentence(), x, y, right);
    const double below = std::max(keys, sheet.chart(overlay.chart(), x, y)) + kGap;
    y = sheet.title(words("Made of"), kMargin, below, left);
    sheet.table(*diff.originsView(), kMargin, y);
    sheet.table(*overlay.ranking(), x, y);
    return sheet.finished();
}

plot::Sheet relationsSheet(const ComparePage& page)
{
    SheetBuilder sheet(page);
    const RelationsTab& relations = *page.relations();
    plot::ScatterPlot* plane = relations.plane();
    double y = sheet.title(relations.planeTitle(), kMargin, kHead, plane->width());
    const double below = sheet.chart(plane, kMargin, y);
    const HeatMap* heat = relations.heat();
    const double x = kMargin + plane->width() + kGap;
    y = sheet.title(relations.heatTitle(), x, kHead, heat->width());
    y = sheet.drawing(heat->size(), x, y, [heat](QPainter& painter) { heat->paintOn(painter); });
    const plot::ParallelPlot* lines = relations.parallel()->plot();
    y = sheet.title(words("Parallel coordinates"), kMargin, std::max(below, y) + kGap, lines->width());
    const double top = y;
    sheet.drawing(lines->size(), kMargin, y, [lines](QPainter& painter) { lines->paintOn(painter); });
    const ErrorMap* errors = relations.sources()->map();
    if (errors->isEmpty()) return sheet.finished();
    const double beside = kMargin + lines->width() + kGap;
    sheet.title(relations.sources()->title(), beside, top - kTitle, errors->width());
    sheet.drawing(errors->size(), beside, top, [errors](QPainter& painter) { errors->paintOn(painter); });
    return sheet.finished();
}

/// What was tried at the left, what was measured at the right.
plot::Sheet containmentSheet(const ComparePage& page)
{
    SheetBuilder sheet(page);
    double x = kMargin;
    double y = kHead;
    for (const ContainmentTab::Part& part : page.containment()->parts()) {
        const double width = std::max(wholeSize(*part.table).width(), 300.0);
        y = sheet.table(*part.table, x, sheet.title(part.title, x, y, width)) + kGap;
        if (x > kMargin) continue;
        x += width + kGap;
        y = kHead;
    }
    return sheet.finished();
}

} // namespace

plot::Sheet sheetOf(const ComparePage& page)
{
    switch (page.tab()) {
    case ComparePage::Table:
        return tableSheet(page);
    case ComparePage::Diff:
        return diffSheet(page);
    case ComparePage::Relations:
        return relationsSheet(page);
    case ComparePage::Containment:
        return containmentSheet(page);
    case ComparePage::Charts:
    case ComparePage::TabCount:
        break;
    }
    return chartsSheet(page);
}

} // namespace gradus::pages
