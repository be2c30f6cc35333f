// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/compare_export.h"

#include "base/files.h"
#include "base/text.h"
#include "compare/diff_text.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/compare_sheet.h"
#include "pages/compare/containment_tab.h"
#include "pages/compare/diff_tab.h"
#include "pages/compare/table_tab.h"
#include "viewmodels/curves_text.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <map>

namespace gradus::pages {

namespace {

using compare::TextFormat;

const std::map<QString, TextFormat> kTexts = {{QStringLiteral("csv"), TextFormat::Csv},
                                              {QStringLiteral("json"), TextFormat::Json},
                                              {QStringLiteral("md"), TextFormat::Markdown},
                                              {QStringLiteral("tex"), TextFormat::Latex}};

std::string diffText(const ComparePage& page, TextFormat format)
{
    compare::DiffTable table;
    for (const compare::RunGroup& group : page.comparison().data().grouping.groups)
        table.groups.push_back(group.label);
    const DiffTab& diff = *page.diff();
    table.keys = diff.keys().shownRows();
    table.origins = diff.origins().shownRows();
    return compare::textOf(table, format);
}

std::string textOf(const ComparePage& page, TextFormat format)
{
    const viewmodels::ComparedData& compared = page.comparison().data();
    if (page.tab() == ComparePage::Diff) return diffText(page, format);
    if (page.tab() == ComparePage::Containment) return compare::textOf(page.containment()->waysTable(), format);
    if (page.tab() == ComparePage::Charts && format == TextFormat::Csv)
        return viewmodels::curvesCsv(compared, page.curves(), provenanceOf(page));
    if (page.tab() == ComparePage::Charts && format == TextFormat::Json)
        return viewmodels::curvesJson(compared, page.curves(), provenanceOf(page));
    return page.table()->text(format).toStdString();
}

} // namespace

std::string provenanceOf(const ComparePage& page)
{
    return viewmodels::provenanceOf(page.comparison().data(), page.shownOptions(),
                                    QCoreApplication::applicationVersion().toStdString());
}

Result<void> exportComparison(const ComparePage& page, const QString& file)
{
    if (page.comparison().data().runs.empty())
        return badInput("Nothing is compared yet; open the eyes of some runs first.");
    if (page.tab() == ComparePage::Containment && page.containment()->parts().isEmpty())
        return badInput("None of these runs keeps a containment study; gradus sandbox study --store makes one.");
    const QString ending = QFileInfo(file).suffix().toLower();
    if (ending == QLatin1String("png") || ending == QLatin1String("svg") || ending == QLatin1String("pdf"))
        return plot::writeSheet(sheetOf(page), file);
    const auto format = kTexts.find(ending);
    if (format == kTexts.end())
        return badInput("A comparison is written as png, svg, pdf, csv, json, md or tex, not '" +
                        visible(ending.toStdString()) + "'.");
    return writeFileAtomically(QFile::encodeName(file).toStdString(), textOf(page, format->second));
}

} // namespace gradus::pages
