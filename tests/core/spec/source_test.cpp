// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/experiment.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::spec;

namespace {

/// One of every kind.
const char* const kAll = "[ladder]\ngenerations = 4\nstart = 1\n"
                         "[signals]\nanchors = 50\naggregate = \"dawid-skene\"\n"
                         "[[signals.source]]\nname = \"predecessor\"\nkind = \"model\"\n"
                         "weight = { keys = [[0, 0.7], [1, 0.4]], interpolation = \"linear\" }\n"
                         "[[signals.source]]\nname = \"own\"\nrung = 1\narchitecture = \"recurrent\"\n"
                         "[[signals.source]]\nname = \"elders\"\nkind = \"ensemble\"\n"
                         "[[signals.source]]\nname = \"cautious\"\nkind = \"persona\"\nlean = [0.5, -0.5]\n"
                         "unsure_below = 0.6\nweight = 0.2\nfamily = \"role\"\n"
                         "[[signals.source]]\nname = \"ann\"\nkind = \"human\"\nfile = \"labels.csv\"\n"
                         "[[signals.source]]\nname = \"oracle\"\nkind = \"truth\"\nshare = 0.1\n"
                         "[[signals.source]]\nname = \"noisy\"\nkind = \"synthetic\"\nnoise = \"wrong-only\"\n"
                         "rate = 0.3\nstream = \"shared\"\n"
                         "[[signals.source]]\nname = \"shaped\"\nkind = \"synthetic\"\n"
                         "noise = \"teacher-lowest\"\nlike = \"own\"\nrate = 0.2\n"
                         "[[signals.source]]\nname = \"skewed\"\nkind = \"synthetic\"\n"
                         "noise = \"class-conditional\"\nrate = 1\nmatrix = [0.9, 0.1, 0.3, 0.7]\n";

std::string sourceError(const std::string& body)
{
    const auto result = parseExperiment("[[signals.source]]\n" + body, "f.toml");
    return result ? std::string("accepted") : result.error().message;
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

#define REFUSED(body, part)                                                                                            \
    do {                                                                                                               \
        const std::string message = sourceError(body);                                                                 \
        QVERIFY2(has(message, part), message.c_str());                                                                 \
        QVERIFY2(message.starts_with("f.toml:"), message.c_str());                                                     \
    } while (false)

} // namespace

class SourceTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyKind_isReadAndWrittenBack()
    {
        const auto first = parseExperiment(kAll, "f");
        QVERIFY2(first.ok(), first ? "" : first.error().message.c_str());
        const auto& sources = first->signals.sources;
        QCOMPARE(sources.size(), std::size_t{9});
        QCOMPARE(sources[0].weight.keys.size(), std::size_t{2});
        QCOMPARE(sources[1].rung, 1);
        QCOMPARE(sources[1].architecture, std::string("recurrent"));
        QCOMPARE(sources[2].back, 3); // an ensemble's own default
        QCOMPARE(sources[3].lean, (std::vector<double>{0.5, -0.5}));
        QCOMPARE(sources[7].like, std::string("own"));
        const std::string canonical = canonicalToml(*first);
        const auto second = parseExperiment(canonical, "f");
        QVERIFY2(second.ok(), second ? "" : second.error().message.c_str());
        QVERIFY(second->signals.sources == sources);
        QCOMPARE(canonicalToml(*second), canonical);
    }
    void aFolderOutsideTheLadder_isReadAndWrittenBack()
    {
        const std::string text =
            "[[signals.source]]\nname = \"out\"\nfolder = \"m/one\"\nanswers = [\" no\", \" yes\"]\n";
        const auto first = parseExperiment(text, "f");
        QVERIFY2(first.ok(), first ? "" : first.error().message.c_str());
        const SignalSource& source = first->signals.sources.front();
        QVERIFY(source.folder == "m/one" && !looksBack(source) && familyOf(source) == "m/one");
        QCOMPARE(source.answers, (std::vector<std::string>{" no", " yes"}));
        const auto second = parseExperiment(canonicalToml(*first), "f");
        QVERIFY2(second.ok(), second ? "" : second.error().message.c_str());
        QVERIFY(second->signals.sources == first->signals.sources && hashOf(*second) == hashOf(*first));
    }
    void weights_areReadAlongTheLadder()
    {
        const auto experiment = parseExperiment(kAll, "f").value();
        const SignalSource& drawn = experiment.signals.sources[0];
        QCOMPARE(weightAt(drawn, 2, 4), 0.7);
        QCOMPARE(weightAt(drawn, 3, 4), 0.55);
        QCOMPARE(weightAt(drawn, 4, 4), 0.4);
        QCOMPARE(weightAt(drawn, 2, 2), 0.7);
    }
    void faults_nameTheSourceAndTheCure()
    {
        REFUSED("kind = \"model\"\n", "needs a name");
        REFUSED("name = \"a\"\nkind = \"oracle\"\n", "use \"model\", \"ensemble\"");
        REFUSED("name = \"a\"\npart = [0.5, 0.5]\n", "the first below the second");
        REFUSED("name = \"a\"\npart = [0.5]\n", "not from and to");
        REFUSED("name = \"a\"\npart = [0.0, 2.0]\n", "a list of numbers from 0 to 1");
        REFUSED("name = \"a\"\nrate = 0.2\n", "which kind = \"model\" does not take; remove it");
        REFUSED("name = \"a\"\nweigth = 1\n", "the nearest known key is \"weight\"");
        REFUSED("name = \"a\"\nweight = 1.5\n", "a number from 0 to 1, or a curve");
        REFUSED("name = \"a\"\nweight = { keys = [[0, 2]] }\n", "has the value 2");
        REFUSED("name = \"a\"\nweight = 0\n", "no source has a weight above 0 for generation 2");
        REFUSED("name = \"a\"\nback = 0\n", "a whole number from 1 to 64");
        REFUSED("name = \"a\"\nrung = 1\nback = 2\n", "remove rung or back");
        for (const char* other : {"rung = 1", "back = 2", "architecture = \"recurrent\""})
            REFUSED(std::string("name = \"a\"\nfolder = \"m\"\n") + other, "places a model on the ladder; remove one");
        REFUSED("name = \"a\"\nkind = \"persona\"\nfolder = \"m\"\n", "does not take; remove it");
        REFUSED("name = \"a\"\nanswers = [\"no\", \"yes\"]\n", "and no folder; add folder");
        REFUSED("name = \"a\"\nfolder = \"m\"\nanswers = [\"no\"]\n", "a list of two texts or more");
        REFUSED("name = \"a\"\nfolder = \"m\"\nanswers = [\"no\", \"\"]\n", "none of them empty");
        REFUSED("name = \"a\"\nfolder = \"m\"\nanswers = [\"no\", \"no\"]\n", "give every class its own text");
        REFUSED("name = \"a\"\narchitecture = \"recurrent\"\n", "no rung of its own; add rung");
        REFUSED("name = \"a\"\nrung = 1\narchitecture = \"recursive\"\n", "\"recurrent\" or \"convolutional\"");
        REFUSED("name = \"a\"\nrung = 6\n", "which this ladder lacks; use 0 to 5");
        REFUSED("name = \"a\"\nkind = \"persona\"\n", "persona without a profile");
        REFUSED("name = \"a\"\nkind = \"persona\"\nprompt = \"You are careful.\"\n", "only a ladder of model folders");
        REFUSED("name = \"a\"\nkind = \"human\"\n", "names no file");
        REFUSED("name = \"a\"\nkind = \"truth\"\nshare = 0\n", "above 0 and at most 1");
        REFUSED("name = \"a\"\nkind = \"synthetic\"\nnoise = \"teacher-errors\"\n", "name another source with like");
        REFUSED("name = \"a\"\nkind = \"synthetic\"\nnoise = \"teacher-errors\"\nlike = \"b\"\n",
                "no source that gives");
        REFUSED("name = \"a\"\nkind = \"synthetic\"\nnoise = \"class-conditional\"\n", "no matrix");
        REFUSED("name = \"a\"\nkind = \"synthetic\"\nmatrix = [1]\n", "remove it");
        REFUSED("name = \"anchors\"\n", "under which anchors are kept");
        REFUSED("name = \"a\"\n[[signals.source]]\nname = \"a\"\n", "two sources are named \"a\"");
        QVERIFY(has(parseExperiment("[signals.source]\nname = \"a\"\n", "f").error().message, "double brackets"));
    }
    void sources_canBeSwept()
    {
        const auto experiment = parseExperiment("[sweep]\n\"signals.source\" = [[{ name = \"a\" }], "
                                                "[{ name = \"a\" }, { name = \"b\", back = 2 }]]\n",
                                                "f");
        QVERIFY2(experiment.ok(), experiment ? "" : experiment.error().message.c_str());
        const auto runs = expand(*experiment).value();
        QCOMPARE(runs.size(), std::size_t{2});
        QCOMPARE(runs[1].experiment.signals.sources[1].back, 2);
    }
};

GRADUS_SUITE(SourceTest)
#include "source_test.moc"
