// SPDX-License-Identifier: GPL-3.0-or-later
// What a question asks for stands in its report: from the file, from whoever asks, and what these runs cannot tell.
#include "report/experiment_report.h"
#include "report/html.h"

#include "support/compared_runs.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::report;

namespace {

ReportRequest request()
{
    ReportRequest made;
    for (const std::int64_t seed : {1, 2, 3}) {
        const double step = 0.01 * static_cast<double>(seed);
        made.runs.push_back(tests::comparedRun("fixed", seed, 0.60 + step, 0.5));
        made.runs.push_back(tests::comparedRun("schedule", seed, 0.70 + step, 0.5));
        made.runs.push_back(tests::comparedRun("jump", seed, 0.64 + 1.1 * step, 0.5));
    }
    for (compare::ComparedRun& run : made.runs)
        run.detail.run.condition = run.detail.run.condition.substr(17); // the controller alone
    return made;
}

const std::string kFile = "[report]\ncontrasts = [[\"schedule\", \"jump\"], [\"pi\", \"jump\"]]\n"
                          "[[sweep.condition]]\nname = \"schedule\"\n[[sweep.condition]]\nname = \"jump\"\n"
                          "[[sweep.condition]]\nname = \"pi\"\n";

class ContrastTablesTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theFilesContrasts_areAnsweredFirst()
    {
        ReportRequest asked = request();
        asked.again.files = {{"f.toml", kFile}};
        const auto report = experimentReport(std::move(asked));
        QVERIFY2(report.ok(), report.ok() ? "" : report.error().message.c_str());
        const QString html = QString::fromStdString(htmlOf(*report));
        QVERIFY(html.contains("Contrasts that the question asks for"));
        QVERIFY(html.contains("schedule minus jump: competence +0.058"));
        QVERIFY(html.contains("Not among these runs: pi minus jump."));
        QVERIFY(html.indexOf("schedule minus jump: competence") < html.indexOf("Figures"));
    }
    void nobodyAsks_nothingStands()
    {
        const auto report = experimentReport(request());
        QVERIFY(report.ok());
        QVERIFY(htmlOf(*report).find("Contrasts that") == std::string::npos);
    }
    void whoeverAsks_isAnswered_orToldTheNames()
    {
        ReportRequest asked = request();
        asked.against = {"jump=schedule"};
        const auto report = experimentReport(std::move(asked));
        QVERIFY(report.ok());
        QVERIFY(htmlOf(*report).find("jump minus schedule: competence") != std::string::npos);
        ReportRequest wrong = request();
        wrong.against = {"jump=nobody"};
        const auto refused = experimentReport(std::move(wrong));
        QVERIFY(!refused && refused.error().kind == ErrorKind::BadInput);
        QVERIFY(refused.error().message.find("\"schedule\"") != std::string::npos);
    }
};

} // namespace

GRADUS_SUITE(ContrastTablesTest)

#include "contrast_tables_test.moc"
