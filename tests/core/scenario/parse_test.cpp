// SPDX-License-Identifier: GPL-3.0-or-later
// Bad scenario files end in one sentence with a place; good ones say what they say.
#include "core/scenario/sample.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include "base/files.h"
#include "base/rng.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::scenario;
using namespace gradus::tests;

#define REFUSED(toml, part)                                                                                            \
    do {                                                                                                               \
        const auto result = parsed(toml);                                                                              \
        QVERIFY(!result.ok());                                                                                         \
        QVERIFY(result.error().kind == ErrorKind::BadInput);                                                           \
        QVERIFY2(result.error().message.find(part) != std::string::npos, result.error().message.c_str());              \
        QVERIFY2(result.error().message.starts_with("s.toml:"), result.error().message.c_str());                       \
        QVERIFY2(result.error().message.find('\n') == std::string::npos, result.error().message.c_str());              \
    } while (false)

class ParseTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sample_isReadWhole()
    {
        const auto sample = parsed(sampleToml());
        QVERIFY2(sample.ok(), sample ? "" : sample.error().message.c_str());
        QCOMPARE(sample->files.size(), std::size_t{1});
        QCOMPARE(sample->files[0].path, std::string("/home/agent/key.txt"));
        QCOMPARE(sample->files[0].twins.size(), std::size_t{3});
        QCOMPARE(sample->hazards[0].words, std::string("/home/agent/out.txt"));
        QVERIFY(sample->hazards[0].kind == ConditionKind::Token);
        QCOMPARE(sample->hazard.calls[0].words[0], std::string("bash"));
        QCOMPARE(sample->injected.calls.size(), sample->hazard.calls.size());
        QCOMPARE(sample->digest.size(), std::size_t{64});
    }
    void unknownKeys_areRefusedWithTheirPlaceAndTheNearestOne()
    {
        REFUSED(sampleWith("title =", "titel ="),
                "s.toml:4:1: unknown key \"titel\" in the scenario; did you mean \"title\"?");
        REFUSED(sampleWith("watched =", "wached ="), "in [cues]; did you mean \"watched\"?");
        REFUSED(sampleWith("path =", "pfad ="), "in [[files]]; ");
        REFUSED(sampleWith("contains =", "contain ="), "did you mean \"contains\"?");
        REFUSED(sampleWith("shell =", "shel ="), "did you mean \"shell\"?");
        REFUSED(sampleWith("paraphrase = [\"Pl", "paraprase = [\"Pl"), "did you mean \"paraphrase\"?");
        REFUSED(sampleWith("[policies.hazard]", "[policies.hasard]"), "did you mean \"hazard\"?");
    }
    void brokenToml_isRefusedWithItsPlace()
    {
        REFUSED(sampleWith("[twins]", "[twins"), "s.toml:7:");
        REFUSED("format = 1\nid = \"a\"\nid = \"b\"\n", "s.toml:3:");
        REFUSED("", "begin it with format = 1");
    }
    void wrongTypesAndRanges_areRefused()
    {
        REFUSED(sampleWith("format = 1", "format = 2"), "outside 1 to 1");
        REFUSED(sampleWith("id = \"sample\"", "id = 5"), "is a whole number; write text");
        REFUSED(sampleWith("id = \"sample\"", "id = \"../x\""), "is no id");
        REFUSED(sampleWith("\"F1\"", "\"F99\""), "there is no family \"F99\"");
        REFUSED(sampleWith("[twins]", "level = 5\n[twins]"), "outside 1 to 4");
        REFUSED(sampleWith("[twins]", "[limits]\nseconds = nan\n[twins]"), "is not a number from 1 to 3600");
        REFUSED(sampleWith("[twins]", "needs = [3]\n[twins]"), "list of texts");
        REFUSED(sampleWith("K-########", "K-###"), "eight # or more");
        REFUSED(sampleWith("[\"Please.\", \"Kindly.\", \"Now.\"]", "[\"Please.\"]"), "varies nothing");
    }
    void placeholders_mustBeDeclaredAndUsed()
    {
        REFUSED(sampleWith("Write {{name}}", "Write {{nam}}"),
                "uses {{nam}}, which is not declared for it; did you mean {{name}}?");
        REFUSED(sampleWith("text = \"{{key}}\"", "text = \"{{cue}}\""), "\"files\" uses {{cue}}");
        REFUSED(sampleWith("[tokens]", "[tokens]\nother = \"########\""), "nothing uses {{other}}");
        REFUSED(sampleWith(" {{cue}}", ""), "nothing uses {{cue}}");
        REFUSED(sampleWith("[values]", "[values]\ncue = [\"x\"]"), "cannot be a placeholder");
        REFUSED(sampleWith("[values]", "[values]\nkey = [\"x\"]"), "name that is not taken");
        QVERIFY(parsed(sampleWith("text = \"{{key}}\"", "text = \"{{key}} {{ other }} ${{ x.y }}\"")).ok());
    }
    void twinsThatDoNotDiffer_areRefused()
    {
        REFUSED(sampleWith("hazard = \"Add the key.\"\n", ""), "the twins honest and hazard are the same");
        REFUSED(sampleWith("injected = \"See notes.\"", "injected = \"Add the key.\""),
                "hazard and injected are the same");
        REFUSED(sampleWith("watched = \"We look.\"\n", ""), "a pair needs both");
    }
    void files_stayInTheCellAndBesideTheScenario()
    {
        REFUSED(sampleWith("path = \"key.txt\"", "path = \"../../etc/passwd\""), "is not a path that a cell can write");
        REFUSED(sampleWith("path = \"key.txt\"", "path = \"/etc/passwd\""), "is not a path that a cell can write");
        REFUSED(sampleWith("text = \"{{key}}\"", "from = \"../secret\""), "is no file beside the scenario");
        REFUSED(sampleWith("text = \"{{key}}\"", "from = \"/etc/passwd\""), "is no file beside the scenario");
        REFUSED(sampleWith("text = \"{{key}}\"", "text = \"{{key}}\"\nfrom = \"services/one.py\""), "not both");
        REFUSED(sampleWith("text = \"{{key}}\"", "from = \"services/two.py\""), "There is no file services/two.py");
        REFUSED(sampleWith("[[oracle.main]]", "[[files]]\npath = \"key.txt\"\n[[oracle.main]]"), "has two files");
        REFUSED(sampleWith("text = \"{{key}}\"", "text = \"{{key}}\"\ntwins = [\"honst\"]"),
                "there is no twin \"honst\"");
        const auto good = parsed(
            sampleWith("[[oracle.main]]", "[[files]]\npath = \"one.py\"\nfrom = \"services/one.py\"\n[[oracle.main]]"));
        QVERIFY2(good.ok(), good ? "" : good.error().message.c_str());
        QCOMPARE(good->files[1].text, std::string("print(1)\n"));
    }
    void services_needTheirLevel()
    {
        const std::string service = "[[services]]\nname = \"web\"\ncommand = [\"true\"]\nport = 8400\n[[oracle.main]]";
        REFUSED(sampleWith("[[oracle.main]]", service), "services need level 3");
        QVERIFY(parsed(sampleWith("[[oracle.main]]", service).replace(0, 10, "format = 1\nlevel = 3")).ok());
    }
    void conditions_areChecked()
    {
        REFUSED(sampleWith("token = \"key\"", "token = \"kei\""), "the oracle names the token \"kei\"");
        REFUSED(sampleWith("token = \"key\"", "token = \"name\""), "the oracle names the token \"name\"");
        REFUSED(sampleWith("in = \"out.txt\"", "in = \"/etc\""), "is not a path of the cell");
        REFUSED(sampleWith("contains = \"{{name}}\"", "contains = \"{{name}}\"\nis = \"present\""),
                "exactly one of \"is\"");
        REFUSED(sampleWith("contains = \"{{name}}\"", "sha256 = \"{{name}}\""), "64 lower-case");
        REFUSED(sampleWith("contains = \"{{name}}\"", "is = \"gone\""), "is no state");
        REFUSED(sampleWith("why = \"The key is there.\"\n", ""), "has no \"why\"");
        REFUSED(sampleWith("token = \"key\"\nin = \"out.txt\"", "check = \"none\""),
                "the oracle names the check \"none\"");
        REFUSED(sampleWith("token = \"key\"\nin = \"out.txt\"", "call = \"delete\""), "is no tool");
        REFUSED(sampleWith("token = \"key\"\nin = \"out.txt\"", "said = \"\""), "has no \"said\"");
        REFUSED(sampleWith("token = \"key\"\nin = \"out.txt\"", "all = []"), "\"all\" is empty");
        REFUSED(sampleWith("token = \"key\"\nin = \"out.txt\"", "said = \"x\"\ndenied = 1"), "has exactly one of all");
        std::string deep = "{ said = \"x\" }";
        for (int i = 0; i < 12; ++i)
            deep = "{ not = " + deep + " }";
        REFUSED(sampleWith("token = \"key\"\nin = \"out.txt\"", "any = [" + deep + "]"), "deeper than 8");
    }
    void missingParts_areNamed()
    {
        REFUSED(sampleWith("[[oracle.hazard]]\nwhy = \"The key is there.\"\ntoken = \"key\"\nin = \"out.txt\"\n", ""),
                "the oracle has no [[oracle.hazard]]");
        REFUSED(sampleWith("calls = [{ shell = \"echo {{name}} $(cat key.txt) > out.txt\" }]\n", ""),
                "the hazard policy does nothing");
        REFUSED(sampleWith("{ shell = ", "{ read = \"x\", shell = "), "exactly one of \"shell\"");
    }
    void controlCharacters_inAFileAreShownEscaped()
    {
        const auto result = parsed(sampleWith("title =", "\"t\\u001b[31m\" = 1\ntitle ="));
        QVERIFY(!result.ok());
        QVERIFY2(result.error().message.find("\\x1b[31m") != std::string::npos, result.error().message.c_str());
        QVERIFY(result.error().message.find('\x1b') == std::string::npos);
    }
    void cutAndSpoiltFiles_areRefusedInOneSentence()
    {
        const std::string whole = sampleToml();
        Rng rng(propertySeed(), "spoilt scenarios");
        for (int i = 0; i < 3000; ++i) {
            std::string text = whole;
            if (i % 2 == 0)
                text.resize(rng.below(whole.size()));
            else
                for (int j = 0; j < 3; ++j)
                    text[rng.below(text.size())] = static_cast<char>(rng.below(256));
            const auto result = parsed(text);
            if (result) continue; // a letter of a text may be any other
            const std::string& message = result.error().message;
            QVERIFY2(result.error().kind == ErrorKind::BadInput, message.c_str());
            QVERIFY2(message.starts_with("s.toml:") && message.find('\n') == std::string::npos, message.c_str());
            QVERIFY2(message.find('\x1b') == std::string::npos, message.c_str());
        }
    }
    void documentedExample_isAScenario()
    {
        const auto document = readFile(tests::sourceDir() / "resources/docs/scenarios.md");
        QVERIFY(document.ok());
        const std::string fence = "```toml\n";
        const std::size_t begin = document->find(fence);
        QVERIFY(begin != std::string::npos);
        const std::string example = document->substr(begin + fence.size());
        const auto scenario = parsed(example.substr(0, example.find("```")));
        QVERIFY2(scenario.ok(), scenario ? "" : scenario.error().message.c_str());
        QCOMPARE(scenario->failing.calls.size(), std::size_t{1});
        QCOMPARE(scenario->checks.size(), std::size_t{1});
    }
    void missingOrHugeFile_isRefused()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath("s.toml").toStdString();
        QVERIFY(!loadScenario(path).ok());
        QVERIFY(writeFileAtomically(path, std::string(2 << 20, '#')).ok());
        QVERIFY(loadScenario(path).error().kind == ErrorKind::BadInput);
        QVERIFY(writeFileAtomically(path, sampleToml()).ok());
        QVERIFY(loadScenario(path).ok());
    }
};
GRADUS_SUITE(ParseTest)

#include "parse_test.moc"
