// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of model folders as rungs of a file, and what a store keeps of files that would be refused today.
#include "spec/stored.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::spec;

namespace {

std::string messageOf(const std::string& toml)
{
    const auto result = parseExperiment(toml, "f.toml");
    return result ? std::string("accepted") : result.error().message;
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

#define REFUSED(toml, part)                                                                                            \
    do {                                                                                                               \
        const std::string message = messageOf(toml);                                                                   \
        QVERIFY2(has(message, part), message.c_str());                                                                 \
    } while (false)

} // namespace

class FolderRungsFileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void partsOfFolders_areTablesAndStayThem()
    {
        const std::string files = "[task]\nname = \"cosmosqa\"\nteacher_data = \"a\"\ntest_data = \"b\"\n"
                                  "[ladder]\ngenerations = 2\nstart = 0\nfamily = ";
        const auto read = parseExperiment(files + "[{ folder = \"m/big\", layers = 3 }, \"m/big\", "
                                                  "{ folder = \"m/huge/\", adapter_rank = 8 }] # weak to strong",
                                          "f.toml");
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message.c_str());
        const std::vector<FolderRung> rungs{
            {.folder = "m/big", .layers = 3}, {.folder = "m/big"}, {.folder = "m/huge/", .adapterRank = 8}};
        QCOMPARE(read->ladder.models, rungs);
        QCOMPARE(rungCount(read->ladder), 3);
        QCOMPARE(nameOf(rungs[0]), std::string("big, 3 layers"));
        QCOMPARE(nameOf(rungs[2]), std::string("huge, adapter of rank 8"));
        const auto again = parseExperiment(canonicalToml(*read), "again");
        QVERIFY(again.ok() && again->ladder.models == rungs && hashOf(*again) == hashOf(*read));
        QVERIFY(hashOf(*read) != hashOf(parseExperiment(files + "[\"m/big\", \"m/huge/\"]", "f").value()));

        const auto refused = [&](const std::string& entry, const std::string& more = {}) {
            const auto faulty = parseExperiment(files + "[\"m/small\", " + entry + "]\n" + more, "f.toml");
            return faulty ? std::string("accepted") : faulty.error().message;
        };
        const auto says = [](const std::string& sentence, const char* words) {
            return sentence.starts_with("f.toml:") && sentence.find(words) != std::string::npos;
        };
        const std::pair<const char*, const char*> faults[]{
            {"{ folder = \"m\", layers = 0 }", "layers = 0; use a whole number from 1"},
            {"{ folder = \"m\", layers = 2.5 }", "use a whole number from 1"},
            {"{ folder = \"m\", adapter_rank = 0 }", "adapter_rank = 0; use a whole number from 1"},
            {"{ folder = \"m\", layers = 2, adapter_rank = 2 }", "both layers and adapter_rank"},
            {"{ folder = \"m\" }", "neither layers nor adapter_rank"},
            {"{ layers = 2 }", "a table without a folder"},
            {"{ folder = \"m\", layer = 2 }", "the nearest known key is \"layers\""},
            {"{ folder = \"m\", layers = 2 }, { folder = \"m\", layers = 2 }", "lists m, 2 layers twice"},
            {"\"m/small\"", "lists small twice"},
            {"7", "a list of model folders"},
        };
        for (const auto& [entry, words] : faults) {
            const std::string sentence = refused(entry);
            QVERIFY2(says(sentence, words), sentence.c_str());
        }
        std::string sentence = refused("{ folder = \"m\", layers = 2 }", "[training]\nadapter_rank = 4");
        QVERIFY2(says(sentence, "set it to 0 and give single rungs an adapter_rank"), sentence.c_str());
        sentence = refused("{ folder = \"m\", adapter_rank = 2 }", "[training]\nbody_scale = 0");
        QVERIFY2(says(sentence, "would leave its adapter as it begins"), sentence.c_str());
        REFUSED("[experiment]\nprocedure = \"debate\"\n[ladder]\nfamily = [\"a\", { folder = \"b\", layers = 2 }]\n"
                "start = 0\ngenerations = 1\n[debate]\njudge = 0\ndebater = 1\nopponent = 1\n[task]\n"
                "name = \"cosmosqa-choices\"\nteacher_data = \"a\"\ntest_data = \"b\"\n",
                "asks whole models");
    }
    void whatAnEarlierVersionLeftAside_doesNotMakeAStoredRunUnreadable()
    {
        const std::string text = "[experiment]\nprocedure = \"self-enhancement\"\n[ladder]\nstart = 3\n"
                                 "[gap]\ncontroller = \"fixed\"\ngate = \"anchors\"\n[signals]\nanchors = 40\n";
        REFUSED(text, "gap.gate");
        const auto stored = parseStored(text, "f");
        QVERIFY2(stored.ok(), stored ? "" : stored.error().message.c_str());
        QVERIFY(stored->gap.gate == "anchors" && stored->signals.anchors == 40 && stored->ladder.start == 3);
        QCOMPARE(keysLeftAside(*stored), (std::vector<std::string>{"gap.gate", "signals.anchors"}));
        // What was wrong then is wrong still, and a file of today is what it was.
        QVERIFY(!parseStored(text + "[training]\nepochs = -1\n", "f").ok());
        QVERIFY(!parseStored("[gap]\ngate = \"anchors\"\n", "f").ok()); // of a ladder: it needs anchors
        const auto today = parseStored("[gap]\ngate = \"anchors\"\n[signals]\nanchors = 20", "f");
        QVERIFY(today.ok() && keysLeftAside(*today).empty());
    }
};
GRADUS_SUITE(FolderRungsFileTest)
#include "folder_rungs_file_test.moc"
