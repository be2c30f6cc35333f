// SPDX-License-Identifier: GPL-3.0-or-later
// Limits and cost of a mix: read and written beside the sources, held against the weights that are drawn, no part of
// what a run is.
#include "spec/mix_limits.h"

#include "spec/source_weights.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::spec;

namespace {

const std::string kText =
    "# mine\n[experiment]\nname = \"limits\"\n[ladder]\ngenerations = 4\n[training]\nlabels = 100\n"
    "[signals]\naggregate = \"majority\"\n"
    "[[signals.source]]\nname = \"past\" # first\nkind = \"model\"\n"
    "weight = { keys = [[0.0, 0.2], [1.0, 0.8]] }\n"
    "[[signals.source]]\nname = \"people\"\nkind = \"truth\"\nshare = 0.5\nweight = 0.2\n"
    "least_share = 0.3\ncost = 2\n";

Experiment parsed(const std::string& text)
{
    const auto experiment = parseExperiment(text, "x");
    if (!experiment) qFatal("%s", experiment.error().message.c_str());
    return *experiment;
}

} // namespace

class MixLimitsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void limits_areNoPartOfTheRun()
    {
        const std::string plain = kText.substr(0, kText.find("least_share"));
        QCOMPARE(hashOf(parsed(kText)), hashOf(parsed(plain)));
        const auto budgeted = withBudget(kText, 1000);
        QVERIFY(budgeted.ok());
        QCOMPARE(hashOf(parsed(*budgeted)), hashOf(parsed(plain)));
        QCOMPARE(mixLimits(*budgeted)->front().budget, 1000.0);
    }
    void edits_keepEveryOtherByte()
    {
        const auto set = withSourceLimits(kText, 0, 0, {.least = 0.1, .most = 0.6, .cost = 0.5});
        QVERIFY2(set, set ? "" : set.error().message.c_str());
        QVERIFY(set->find("name = \"past\" # first\n") != std::string::npos);
        QVERIFY((mixLimits(*set)->front().sources[0] == SourceLimits{.least = 0.1, .most = 0.6, .cost = 0.5}));
        QVERIFY((mixLimits(*set)->front().sources[1] == SourceLimits{.least = 0.3, .most = 1, .cost = 2}));
        const auto same = withSourceLimits(kText, 0, 1, {.least = 0.3, .most = 1, .cost = 2});
        QCOMPARE(*same, kText);
        const auto back = withBudget(*withBudget(kText, 5), 7);
        QVERIFY(back->find("budget = 7.0") != std::string::npos && back->find("budget = 5") == std::string::npos);
    }
    void badLimits_areRefusedInWords_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("words");
        QTest::newRow("above 1") << "most_share = 1.5"
                                 << "from 0 to 1";
        QTest::newRow("nan") << "cost = nan"
                             << "cost";
        QTest::newRow("text") << "least_share = \"much\""
                              << "least_share";
        QTest::newRow("crossed") << "most_share = 0.1"
                                 << "above its largest";
        QTest::newRow("slip") << "least_shar = 0.1"
                              << "least_share";
    }
    void badLimits_areRefusedInWords()
    {
        QFETCH(QString, line);
        QFETCH(QString, words);
        std::string text = kText + line.toStdString() + "\n";
        if (line.startsWith("least_share")) text.replace(text.find("least_share = 0.3\n"), 18, "");
        if (line.startsWith("cost")) text.replace(text.find("cost = 2\n"), 9, "");
        const auto read = parseExperiment(text, "x.toml");
        QVERIFY(!read);
        QVERIFY2(read.error().message.find(words.toStdString()) != std::string::npos, read.error().message.c_str());
        QVERIFY(read.error().line > 0);
        for (const SourceLimits& bad :
             {SourceLimits{.least = 0.9, .most = 0.1, .cost = 0}, SourceLimits{.least = -1, .most = 1, .cost = 0},
              SourceLimits{.least = 0, .most = 1, .cost = -2}})
            QVERIFY(!withSourceLimits(kText, 0, 0, bad));
        QVERIFY(!withSourceLimits(kText, 0, 5, {}));
        QVERIFY(!withBudget(kText, -1));
    }
    void labels_areCountedAsTheWeightsAskForThem()
    {
        const Experiment experiment = parsed(kText);
        const auto expected = expectedLabels(experiment, experiment.signals.sources);
        QVERIFY(expected.has_value());
        QCOMPARE(expected->at(0).asked, 300.0); // three generations learn from sources
        QCOMPARE(expected->at(1).asked, 150.0); // it speaks on half of the items
        // Shares 0.5, 0.5/0.7, 0.8: the rest is the other's.
        QVERIFY(std::abs(expected->at(0).effective - 100 * (0.5 + 0.5 / 0.7 + 0.8)) < 1e-9);
        QVERIFY(std::abs(expected->at(0).effective + expected->at(1).effective - 300) < 1e-9);
        QCOMPARE(costOf(*expected, mixLimits(kText)->front()), 300.0);
        Experiment all = experiment;
        all.training.labels = 0;
        QVERIFY(!expectedLabels(all, all.signals.sources)); // only the task knows
    }
    void whatIsNotKept_isNamedWithItsGenerations()
    {
        const std::string text = *withBudget(kText, 100);
        const Experiment experiment = parsed(text);
        const auto limits = mixLimits(text)->front();
        const auto violations = mixViolations(experiment, experiment.signals.sources, limits);
        QCOMPARE(violations.size(), std::size_t{2});
        QCOMPARE(violations[0].source, std::optional<std::size_t>(1));
        QCOMPARE(violations[0].generations, (std::vector{3, 4}));
        QVERIFY(std::abs(violations[0].found - 0.2) < 1e-9);
        QVERIFY2(violations[0].sentence.find("in generations 3 to 4") != std::string::npos,
                 violations[0].sentence.c_str());
        QVERIFY(!violations[1].source && violations[1].found == 300);
        QCOMPARE(labelsWithinBudget(experiment, experiment.signals.sources, limits), std::optional(33));
        QVERIFY(mixViolations(experiment, experiment.signals.sources, {.sources = {{}, {}}, .budget = 300}).empty());
    }
};
GRADUS_SUITE(MixLimitsTest)
#include "mix_limits_test.moc"
