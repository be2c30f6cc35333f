// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/gap_pool.h"

#include "pipeline/attempt_journal.h"
#include "spec/experiment.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::run;

namespace {

/// A run whose one measured step lost: its region is half of that step.
store::RunDetail stumbled(const std::string& domain, double gap, const std::string& controller = "adaptive")
{
    spec::Experiment experiment;
    experiment.task.name = domain;
    experiment.gap.controller = controller;
    experiment.signals.anchors = 200;
    pipeline::JournalEntry entry;
    entry.attempt.generation = 2;
    entry.attempt.gap = gap;
    entry.attempt.gain = Estimate{-0.3, -0.34, -0.26, 200};
    entry.attempt.predicted = 0.05;
    const events::RunEvent event = pipeline::journalEvent(entry, "Generation 2 was measured.");
    store::RunDetail run;
    run.specToml = spec::canonicalToml(experiment);
    store::EventRow row;
    row.kind = event.kind;
    row.generation = 2;
    row.detailsJson = event.detailsJson;
    run.events = {row};
    return run;
}

bool near(double a, double b)
{
    return std::abs(a - b) < 1e-9;
}

} // namespace

class GapPoolTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyDomain_isDrawnToTheOthersAndNotToItself()
    {
        const auto pool = gapPool({stumbled("builtin:registers/code", 0.4), stumbled("builtin:registers/code", 1.6),
                                   stumbled("builtin:registers/math", 0.2)});
        QVERIFY(pool.ok());
        QCOMPARE(pool->domains.size(), std::size_t{2});
        QCOMPARE(pool->domains[0].runs, std::size_t{2});
        QVERIFY(near(pool->domains[0].own, 0.4)); // geometric mean of .2 and .8
        QVERIFY(near(pool->domains[1].own, 0.1));
        QVERIFY(near(pool->domains[0].pool, 0.1) && near(pool->domains[1].pool, 0.4));
        QVERIFY(near(pool->pool, 0.2));
        QVERIFY(near(pool->domains[0].shrunk, std::exp(std::log(0.1) + 0.2 * std::log(4.0)))); // one step of weight 4
        const std::string text = gapPoolText(*pool);
        QVERIFY2(text.find("pool = 0.1000   # builtin:registers/code") != std::string::npos, text.c_str());
        QVERIFY(text.find("pool = 0.2000   # any other domain") != std::string::npos);
    }
    void aSingleDomain_hasNobodyToBeDrawnTo()
    {
        const auto pool = gapPool({stumbled("builtin:registers/code", 0.4)});
        QVERIFY(pool.ok());
        QCOMPARE(pool->domains[0].pool, 0.0);
        QVERIFY(near(pool->domains[0].shrunk, 0.2));
    }
    void runsThatMeasuredNothing_areRefused()
    {
        QVERIFY(!gapPool({}).ok());
        QVERIFY(!gapPool({stumbled("builtin:registers/code", 0.4, "fixed")}).ok());
        store::RunDetail silent = stumbled("builtin:registers/code", 0.4);
        silent.events.front().detailsJson = "[1";
        const auto refused = gapPool({silent});
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().message.find("gap.controller") != std::string::npos);
    }
};
GRADUS_SUITE(GapPoolTest)
#include "gap_pool_test.moc"
