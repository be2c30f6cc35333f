// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of a tuning, read again by the process that goes on from a checkpoint.
#include "run/tuning_metrics.h"

#include "base/files.h"

#include "support/must.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::run;
using tests::must;

class TuningMetricsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void evaluationThatIsNoNumber_isReadBackAsWhatItWas()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("metrics.jsonl").toStdString();
        TuningMetrics metrics(file, engine::TuningMethod::Classify);
        must(metrics.add(
            {.step = 0, .loss = {0.5, 0.4, 0.6, 10}, .accuracy = Estimate{0.7, 0.4, 0.9, 10}, .margin = {}}));
        must(metrics.add({.step = 4, .loss = {NAN, NAN, NAN, 10}, .accuracy = Estimate{0, 0, 0.3, 10}, .margin = {}}));
        must(metrics.add({.step = 8, .loss = {0.4, 0.3, 0.5, 10}, .accuracy = {}, .margin = {}}));
        const std::string whole = must(readFile(file));

        const auto earlier = must(TuningMetrics(file, engine::TuningMethod::Classify).resume(4));
        QCOMPARE(earlier.size(), std::size_t{2}); // what came after the checkpoint is written again
        QCOMPARE(earlier[0].loss.value, 0.5);
        QVERIFY(std::isnan(earlier[1].loss.value) && std::isnan(earlier[1].loss.high));
        QCOMPARE(earlier[1].accuracy->high, 0.3);
        const std::string kept = must(readFile(file));
        QVERIFY(whole.starts_with(kept) && kept.size() < whole.size());
    }
};
GRADUS_SUITE(TuningMetricsTest)
#include "tuning_metrics_test.moc"
