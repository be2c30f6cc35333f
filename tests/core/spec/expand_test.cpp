// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/experiment.h"

#include "base/rng.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::spec;

namespace {

std::string messageOf(const std::string& toml)
{
    const auto result = parseExperiment(toml, "f");
    return result ? std::string("accepted") : result.error().message;
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class ExpandTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void withoutASweep_thereIsOneRunASeed()
    {
        Experiment experiment;
        experiment.experiment.seeds = {5, 2};
        const auto runs = expand(experiment);
        QCOMPARE(runs->size(), 2U);
        QCOMPARE((*runs)[0].seed, 5);
        QCOMPARE((*runs)[0].condition, std::string());
        QCOMPARE((*runs)[1].experiment.experiment.seeds, std::vector<std::int64_t>{2});
    }
    void axes_multiplyInFileOrder()
    {
        const auto experiment = parseExperiment("[experiment]\nseeds = [1, 2]\n[sweep]\n\"training.epochs\" = [1, 2]\n"
                                                "\"gap.controller\" = [\"fixed\", \"schedule\"]",
                                                "f");
        const auto runs = expand(*experiment);
        QCOMPARE(runs->size(), 8U);
        QCOMPARE((*runs)[0].condition, std::string("training.epochs = 1, gap.controller = fixed"));
        QCOMPARE((*runs)[1].seed, 2);
        QCOMPARE((*runs)[2].condition, std::string("training.epochs = 1, gap.controller = schedule"));
        QCOMPARE((*runs)[7].experiment.training.epochs, 2);
        QVERIFY((*runs)[7].experiment.sweep.empty());
    }
    void conditions_setKeysTogetherAndMultiplyWithAxes()
    {
        const auto experiment =
            parseExperiment("[sweep]\ntraining.epochs = [1, 2]\n"
                            "[[sweep.condition]]\nname = \"small\"\ngap.controller = \"fixed\"\ngap.value = 0.4\n"
                            "[[sweep.condition]]\nname = \"drawn\"\n\"gap.controller\" = \"schedule\"\n",
                            "f");
        QVERIFY2(experiment.ok(), experiment.ok() ? "" : experiment.error().message.c_str());
        const auto runs = expand(*experiment);
        QCOMPARE(runs->size(), 4U);
        QCOMPARE((*runs)[0].condition, std::string("small, training.epochs = 1"));
        QCOMPARE((*runs)[1].experiment.gap.value, 0.4);
        QCOMPARE((*runs)[1].experiment.gap.controller, std::string("fixed"));
        QCOMPARE((*runs)[3].experiment.gap.controller, std::string("schedule"));
        QVERIFY((*runs)[3].experiment.conditions.empty());
    }
    void differentConditions_haveDifferentHashes()
    {
        const auto runs = expand(parseExperiment("[sweep]\ngap.value = [0.4, 0.5]", "f").value());
        QVERIFY(hashOf((*runs)[0].experiment) != hashOf((*runs)[1].experiment));
    }
    void curves_areNamedByNumber()
    {
        const auto runs =
            expand(parseExperiment("[sweep]\ngap.curve = [{ keys = [[0, 1]] }, { keys = [[0, 2]] }]", "f").value());
        QCOMPARE((*runs)[1].condition, std::string("gap.curve = #2"));
        QCOMPARE((*runs)[1].experiment.gap.curve.keys[0].y, 2.0);
    }
    void badSweeps_nameTheAxis()
    {
        QVERIFY(has(messageOf("[sweep]\n\"gap.value\" = [0.5, \"x\"]"), "f:2:21: gap.value is text"));
        QVERIFY(has(messageOf("[sweep]\n\"gap.valeu\" = [0.5]"), "nearest known key is \"gap.value\""));
        QVERIFY(has(messageOf("[sweep]\n\"gap.value\" = 0.5"), "list of values for gap.value"));
        QVERIFY(has(messageOf("[sweep]\n\"gap.value\" = []"), "list of values for gap.value"));
        QVERIFY(has(messageOf("[sweep]\n\"gap.value\" = [1, 1.0]"), "twice for gap.value"));
        QVERIFY(has(messageOf("[sweep]\n\"experiment.seeds\" = [[1]]"), "cannot be swept"));
        QVERIFY(has(messageOf("[sweep]\n\"ladder.start\" = [1, 9]"),
                    "f:2:18: in the condition \"ladder.start = 9\": ladder.start = 9 is no rung"));
        QVERIFY(has(messageOf("[[sweep.condition]]\n\"gap.value\" = 1"), "needs a name"));
        QVERIFY(has(messageOf("[[sweep.condition]]\nname = \"a\""), "sets no key"));
        QVERIFY(has(
            messageOf(
                "[[sweep.condition]]\nname = \"a\"\ngap.value = 1\n[[sweep.condition]]\nname = \"a\"\ngap.value = 2"),
            "two conditions"));
        QVERIFY(has(messageOf("[sweep]\ngap.value = [1]\n[[sweep.condition]]\nname = \"a\"\ngap.value = 2"),
                    "keep one of them"));
        QVERIFY(has(messageOf("[sweep]\n\"gap.value\" = [1]\ngap.value = [2]"), "stands twice"));
        QVERIFY(has(messageOf("[sweep]\ncondition = 3"), "double brackets"));
    }
    void tooManyRuns_areRefusedBeforeTheyAreMade()
    {
        std::string toml = "[sweep]\n";
        for (const char* key :
             {"training.epochs", "training.batch", "training.labels", "ladder.vocabulary", "task.test_items"}) {
            toml += std::string("\"") + key + "\" = [";
            for (int i = 1; i <= 50; ++i)
                toml += std::to_string(300 + i) + ",";
            toml += "]\n";
        }
        QVERIFY(has(messageOf(toml), "more than 10000 runs"));
    }
    void handMadeSweep_isCheckedToo()
    {
        Experiment experiment;
        experiment.sweep = {{"gap.value", {"0.5", "1\nname = 2"}}};
        QCOMPARE(expand(experiment).error().key, std::string("gap.value"));
        experiment.sweep = {{"no.key", {"0.5"}}};
        QCOMPARE(expand(experiment).error().key, std::string("no.key"));
        experiment.sweep = {{"gap.value", {}}};
        QVERIFY(!expand(experiment));
    }
};
GRADUS_SUITE(ExpandTest)
#include "expand_test.moc"
