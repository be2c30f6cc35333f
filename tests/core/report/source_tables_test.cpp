// SPDX-License-Identifier: GPL-3.0-or-later
// A report tells how alike the sources of each condition err; a noise sweep's how much each size bears is in
// noise_figures_test.
#include "report/source_tables.h"

#include "report_text.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::report;

namespace {

compare::SourceDiversity panelOf(double phi, std::optional<double> within = {}, std::optional<double> between = {})
{
    return {.sources = 3,
            .anchors = 400,
            .accuracy = .62,
            .phi = phi,
            .within = within,
            .between = between,
            .agreement = .8,
            .effective = 1.5};
}

const Table* tableOf(const Report& report)
{
    for (const Section& section : report.sections)
        for (const Block& block : section.blocks)
            if (const auto* table = std::get_if<Table>(&block);
                table != nullptr && table->title.starts_with("Sources:"))
                return table;
    return nullptr;
}

class SourceTablesTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Two conditions over five seeds: the second one's runs keep votes of three sources.
    void errorsAreAveragedOverRuns_ofTheConditionsThatHaveSources()
    {
        auto runs = tests::pairOf(0.05);
        std::vector<std::optional<compare::SourceDiversity>> sources(runs.size());
        double phi = .40;
        std::string condition;
        for (std::size_t i = 0; i < runs.size(); ++i)
            if (runs[i].detail.run.condition != runs[0].detail.run.condition) {
                condition = runs[i].detail.run.condition;
                phi += .02;
                sources[i] = panelOf(phi, phi + .1, phi - .1);
            }
        QVERIFY(!condition.empty());
        const auto report = experimentReport({.runs = std::move(runs), .sources = std::move(sources)});
        QVERIFY2(report.ok(), report ? "" : report.error().message.c_str());
        const Table* table = tableOf(*report);
        QVERIFY(table != nullptr);
        QCOMPARE(table->rows.size(), std::size_t(1));
        const auto& row = table->rows[0];
        QCOMPARE(row.size(), table->columns.size());
        QCOMPARE(row[1], std::string("5"));
        QCOMPARE(row[2], std::string("3"));
        QCOMPARE(row[3], std::string("400"));
        // .42, .44, .46, .48, .50: s = .0316, half = 2.776 s / sqrt 5 = .0393
        QCOMPARE(row[6], std::string("0.460 [0.421,\u00a00.499]"));
        QCOMPARE(row[9], std::string("+0.200 [+0.200,\u00a0+0.200]"));
        QCOMPARE(row[10], std::string("1.50 [1.50,\u00a01.50]"));
        QVERIFY(table->note.find("signals.anchors") == std::string::npos);
    }
    void withoutTruthAndFamilies_thereIsAgreementAlone()
    {
        auto runs = tests::pairOf(0.05);
        std::vector<std::optional<compare::SourceDiversity>> sources(runs.size());
        compare::SourceDiversity panel;
        panel.sources = 2;
        panel.agreement = .75;
        for (auto& one : sources)
            one = panel;
        const auto report = experimentReport({.runs = std::move(runs), .sources = std::move(sources)});
        QVERIFY(report.ok());
        const Table* table = tableOf(*report);
        QVERIFY(table != nullptr);
        QCOMPARE(table->columns.size(), std::size_t(8));
        QCOMPARE(table->rows[0][4], std::string("–"));
        QCOMPARE(table->rows[0][5], std::string("0.750 [0.750,\u00a00.750]"));
        QVERIFY(table->note.find("signals.anchors") != std::string::npos);
        QVERIFY(tableOf(*experimentReport({.runs = tests::pairOf(0.05)})) == nullptr);
    }
};

} // namespace

GRADUS_SUITE(SourceTablesTest)
#include "source_tables_test.moc"
