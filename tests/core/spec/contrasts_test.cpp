// SPDX-License-Identifier: GPL-3.0-or-later
// What a file's question holds against each other: read strictly, and no part of what is run.
#include "spec/contrasts.h"

#include "spec/experiment.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus::spec;

namespace {

const std::string kSweep = "[[sweep.condition]]\nname = \"A\"\n\"gap.value\" = 0.1\n"
                           "[[sweep.condition]]\nname = \"B\"\n\"gap.value\" = 0.2\n";

std::string messageOf(const std::string& toml)
{
    const auto result = parseExperiment(toml, "f.toml");
    return result ? "accepted" : result.error().message;
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

#define REFUSED(toml, part)                                                                                            \
    do {                                                                                                               \
        const std::string message = messageOf(toml);                                                                   \
        QVERIFY2(has(message, part), message.c_str());                                                                 \
        QVERIFY2(message.starts_with("f.toml:"), message.c_str());                                                     \
    } while (false)

} // namespace

class ContrastsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pairs_areReadAndNoPartOfWhatIsRun()
    {
        const std::string text = "[report]\ncontrasts = [[\"B\", \"A\"]]\n" + kSweep;
        const auto asked = parseExperiment(text, "f");
        QVERIFY2(asked.ok(), messageOf(text).c_str());
        QCOMPARE(contrastsOf(text), (std::vector<NamedContrast>{{"B", "A"}}));
        QCOMPARE(hashOf(*asked), hashOf(*parseExperiment(kSweep, "f")));
        QVERIFY(contrastsOf(canonicalToml(*asked)).empty());
        QVERIFY(contrastsOf("not = [toml").empty());
        QVERIFY(parseExperiment("[report]\ncontrasts = []\n", "f").ok());
    }
    void atThePointsOfAxes_namesOfConditionsHold()
    {
        const std::string axes = "[sweep]\n\"training.epochs\" = [1, 2]\n" + kSweep;
        for (const char* pair : {"[\"B\", \"A\"]", "[\"A, training.epochs = 1\", \"B, training.epochs = 1\"]",
                                 "[\"training.epochs = 2\", \"training.epochs = 1\"]"}) {
            const std::string text = std::string("[report]\ncontrasts = [") + pair + "]\n" + axes;
            QVERIFY2(parseExperiment(text, "f").ok(), messageOf(text).c_str());
        }
    }
    void conditionsWithoutNames_areCalledByTheirKeys()
    {
        const std::string sweep = "[sweep]\n\"gap.value\" = [0.1, 0.2]\n\"training.epochs\" = [1, 2]\n";
        QVERIFY2(
            parseExperiment("[report]\ncontrasts = [[\"gap.value = 0.2\", \"gap.value = 0.1\"]]\n" + sweep, "f").ok(),
            messageOf(sweep).c_str());
        const NamedContrast second{"training.epochs = 2", "training.epochs = 1"};
        QCOMPARE(heldAgainst("gap.value = 0.1, training.epochs = 2", second),
                 std::optional<std::string>("gap.value = 0.1, training.epochs = 1"));
        QVERIFY(!heldAgainst("gap.value = 0.1, training.epochs = 20", second)); // a part of its own, no beginning
        QVERIFY(!heldAgainst("my training.epochs = 2", second));
    }
    void whatNoPointHasBesideEachOther_isRefused()
    {
        const std::string axes = "[sweep]\n\"training.epochs\" = [1, 2]\n" + kSweep;
        REFUSED("[report]\ncontrasts = [[\"A, training.epochs = 1\", \"B\"]]\n" + axes,
                "holds \"A, training.epochs = 1\" against \"B\", and no two conditions differ in these alone");
        REFUSED("[report]\ncontrasts = [[\"A\", \"training.epochs = 1\"]]\n" + axes, "differ in these alone");
    }
    void whatIsNoPairOfConditions_isRefusedWithTheNames()
    {
        REFUSED("[report]\ncontrasts = [[\"B\", \"C\"]]\n" + kSweep,
                "names \"C\", which is no condition of this sweep; conditions are \"A\", \"B\".");
        REFUSED("[report]\ncontrasts = [[\"B\", \"A\"]]\n", "nothing to hold against each other");
        REFUSED("[report]\ncontrasts = [[\"B\"]]\n" + kSweep, "write pairs of conditions' names");
        REFUSED("[report]\ncontrasts = [\"B\", \"A\"]\n" + kSweep, "write pairs of conditions' names");
        REFUSED("[report]\ncontrasts = \"B\"\n" + kSweep, "is text; write pairs");
        REFUSED("[report]\ncontrasts = [[\"B\", \"B\"]]\n" + kSweep, "against itself");
        REFUSED("[report]\ncontrasts = [[\"B\", \"A\"], [\"B\", \"A\"]]\n" + kSweep, "twice");
        REFUSED("[report]\ncontrast = []\n" + kSweep, "the nearest known key is \"contrasts\"");
        REFUSED("report = 3\n", "[report] is a section");
        REFUSED("[reprt]\n", "nearest known section is [report]");
        std::string many = "[report]\ncontrasts = [";
        for (std::size_t i = 0; i <= kMostContrasts; ++i)
            many += "[\"A\", \"c" + std::to_string(i) + "\"],";
        REFUSED(many + "]\n" + kSweep, "more than 64 pairs");
    }
};

GRADUS_SUITE(ContrastsTest)

#include "contrasts_test.moc"
