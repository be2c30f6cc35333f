// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/gates.h"
#include "spec/keys.h"
#include "spec/templates.h"

#include "base/files.h"
#include "base/rng.h"

#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::spec;

namespace {

const char* const kFull = "# every kind of value\n"
                          "[experiment]\n"
                          "name = \"é \\\"quoted\\\"\"\n"
                          "procedure = \"progressive\"\n"
                          "seeds = [3, 1]\n"
                          "[ladder]\n"
                          "generations = 3\n"
                          "rungs = [[16, 1], { width = 32, layers = 2 }, [48, 3], [64, 4]]\n"
                          "start = 0\n"
                          "[task]\n"
                          "test_items = 100\n"
                          "[gap]\n"
                          "controller = \"schedule\"\n"
                          "curve = { keys = [[0.0, 0.30], { x = 0.5, y = 1, interpolation = \"bezier\", right = [0.1, "
                          "0.2] }, [1, 0.9]], interpolation = \"linear\" }\n"
                          "value = 1\n"
                          "[training]\n"
                          "learning_rate = 1e-3\n"
                          "[sweep]\n"
                          "\"gap.value\" = [0.5, 1]\n"
                          "training.epochs = [1, 2]\n"
                          "[[sweep.condition]]\n"
                          "name = \"a\"\n"
                          "\"gap.controller\" = \"fixed\"\n";

std::string messageOf(const std::string& toml)
{
    const auto result = parseExperiment(toml, "f.toml");
    return result ? std::string("accepted") : result.error().message;
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

#define REFUSED(toml, part)                                                                                            \
    do {                                                                                                               \
        const std::string message = messageOf(toml);                                                                   \
        QVERIFY2(has(message, part), message.c_str());                                                                 \
    } while (false)

class ParseTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void emptyFile_isTheDefaultExperiment()
    {
        const auto result = parseExperiment("", "f");
        QVERIFY(result.ok());
        QCOMPARE(result->ladder.generations, 4);
        QCOMPARE(result->gap.curve.keys.size(), 2U);
        QCOMPARE(canonicalToml(*result), canonicalToml(Experiment{}));
    }
    void everyKindOfValue_isRead()
    {
        const auto result = parseExperiment(kFull, "f");
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        QCOMPARE(result->experiment.name, std::string("é \"quoted\""));
        QCOMPARE(result->experiment.seeds, (std::vector<std::int64_t>{3, 1}));
        QCOMPARE(result->ladder.rungs[1], (Rung{32, 2}));
        QCOMPARE(result->gap.curve.keys[1].interpolation, schedule::Interpolation::Bezier);
        QCOMPARE(result->gap.curve.keys[1].right, (schedule::Handle{0.1, 0.2}));
        QCOMPARE(result->gap.curve.keys[2].interpolation, schedule::Interpolation::Linear);
        QCOMPARE(result->gap.value, 1.0);
        QCOMPARE(result->training.learningRate, 1e-3);
        QCOMPARE(result->sweep[0].key, std::string("gap.value"));
        QCOMPARE(result->sweep[0].values, (std::vector<std::string>{"0.5", "1.0"}));
        QCOMPARE(result->conditions[0].settings[0].second, std::string("\"fixed\""));
    }
    void canonicalForm_readsBackToItself()
    {
        const auto first = parseExperiment(kFull, "f");
        const std::string canonical = canonicalToml(*first);
        const auto second = parseExperiment(canonical, "f");
        QVERIFY2(second.ok(), second.ok() ? "" : second.error().message.c_str());
        QCOMPARE(canonicalToml(*second), canonical);
        QCOMPARE(hashOf(*second), hashOf(*first));
        QCOMPARE(hashOf(*first).size(), 64U);
    }
    void hash_ignoresCommentsOrderAndSpellingButNoValue()
    {
        const auto hash = [](const std::string& toml) { return hashOf(parseExperiment(toml, "f").value()); };
        QCOMPARE(hash("[gap]\nvalue = 1\n[training]\nepochs = 2"),
                 hash("# c\n[training]\nepochs = 2\n[gap]\nvalue = 1.0"));
        QVERIFY(hash("[gap]\nvalue = 1") != hash("[gap]\nvalue = 1.5"));
    }
    void everyKey_hasADefaultThatItAcceptsAndAChangeThatTheHashSees()
    {
        for (const KeyInfo& key : knownKeys()) {
            const std::string toml =
                "[" + std::string(key.section) + "]\n" + std::string(key.key) + " = " + defaultText(key);
            const auto result = parseExperiment(toml, "f");
            QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
            QVERIFY(!key.help.empty() && key.help.back() == '.');
            QVERIFY(!acceptedText(key).empty());
            QCOMPARE(findKey(key.dotted()), &key);
        }
        QVERIFY(!findKey("gap.valu") && !findKey("gap") && !findKey("") && !findKey("gapxvalue"));
    }
    void unknownKey_namesPlaceAndNearest()
    {
        const auto result = parseExperiment("[gap]\n  controler = \"fixed\"\n", "f.toml");
        QVERIFY(!result);
        QCOMPARE(
            result.error().message,
            std::string("f.toml:2:3: unknown key \"controler\" in [gap]; the nearest known key is \"controller\"."));
        QCOMPARE(result.error().key, std::string("gap.controler"));
        QCOMPARE(result.error().line, 2);
        QCOMPARE(result.error().column, 3);
        QCOMPARE(result.error().kind, ErrorKind::BadInput);
        REFUSED("[trainning]\n", "nearest known section is [training]");
        REFUSED("epochs = 3\n", "put it below [training]");
        REFUSED("[gap]\ncurve = { kez = [] }", "nearest known name is \"keys\"");
    }
    void laterVersions_areRefusedByName()
    {
        REFUSED("[task]\nname = \"gsm8k\"", "f.toml:2:8: task.name = \"gsm8k\" is not available in this version");
        REFUSED("[experiment]\nprocedure = \"domains\"", "not available in this version");
        REFUSED("[gap]\ncontroller = \"fixd\"", "use \"fixed\"");
    }
    void controllersThatMeasure_askForAnchors()
    {
        for (const char* name : {"adaptive", "pi", "bandit"})
            REFUSED("[gap]\ncontroller = \"" + std::string(name) + "\"", "set it to 200");
    }
    void wrongTypes_sayWhatIsTaken()
    {
        REFUSED("[training]\nepochs = \"4\"",
                "f.toml:2:10: training.epochs is text; it takes a whole number from 1 to 1000.");
        REFUSED("[training]\nepochs = 1.5", "takes a whole number");
        REFUSED("[gap]\nvalue = true", "takes a number above 0 and at most 20");
        REFUSED("[experiment]\nname = 3", "takes text");
        REFUSED("[experiment]\nseeds = 3", "takes a list");
        REFUSED("[experiment]\nseeds = []", "at least one");
        REFUSED("[ladder]\nrungs = [[1]]", "[width, layers]");
        REFUSED("[task]\ncolumns = 3", "takes a table");
        REFUSED("gap = 3", "single brackets");
        REFUSED("[[gap]]\nvalue = 1", "single brackets");
        REFUSED("sweep = 1", "single brackets");
        REFUSED("[gap]\nvalue = 1979-05-27", "is a date");
    }
    void bounds_areKept()
    {
        REFUSED("[gap]\nvalue = 0", "out of bounds");
        REFUSED("[gap]\nvalue = 20.5", "out of bounds");
        REFUSED("[gap]\nvalue = nan", "out of bounds");
        REFUSED("[gap]\nvalue = inf", "out of bounds");
        REFUSED("[ladder]\ngenerations = 65", "out of bounds");
        REFUSED("[ladder]\ngenerations = 9223372036854775807", "out of bounds");
        REFUSED("[training]\nbatch = 0", "from 1 to 65536");
        REFUSED("[experiment]\nseeds = [-1]", "out of bounds");
        REFUSED("[experiment]\nseeds = [1, 2, 1]", "lists 1 twice");
        REFUSED("[experiment]\nname = \"a\\u0007\"", "control characters");
        REFUSED("[experiment]\nname = \"\"", "give the experiment a name");
        REFUSED("[ladder]\nrungs = [[12, 1]]", "multiple of 8");
    }
    void curves_areCheckedPointByPoint()
    {
        REFUSED("[gap]\ncurve = { keys = [] }", "at least one");
        REFUSED("[gap]\ncurve = { keys = [[0, 0.3], [1.5, 1]] }", "f.toml:2:29: gap.curve has a key at 1.5");
        REFUSED("[gap]\ncurve = { keys = [[0, -0.3]] }", "has the value -0.3");
        REFUSED("[gap]\ncurve = { keys = [[0.5, 1], [0.2, 1]] }", "increasing order");
        REFUSED("[gap]\ncurve = { keys = [[0, 1]], interpolation = \"cubic\" }", "not an interpolation");
        REFUSED("[gap]\ncurve = { keys = [{ x = 0 }] }", "give it x and y");
        REFUSED("[gap]\ncurve = { keys = [[0, 0.1], [1, 0.1]], interpolation = \"bezier\", keyz = 1 }", "keyz");
        REFUSED(
            "[gap]\ncurve = { keys = [{ x = 0, y = 0.1, right = [0.5, -2] }, [1, 0.1]], interpolation = \"bezier\" }",
            "swings to");
    }
    void malformedToml_isPlaced()
    {
        REFUSED("[gap]\nvalue = \n", "f.toml:2:");
        REFUSED("[gap\n", "f.toml:1:");
        REFUSED("[gap]\nvalue = 1\nvalue = 2", "f.toml:3:");
        REFUSED(std::string("a = \"\0\"", 7), "f.toml:1:");
        REFUSED("a = \"\xff\"", "not valid TOML");
        REFUSED("N1\xD0\x9A_1{ k =", "not valid TOML"); // a letter that toml++ promised would not come
        REFUSED(std::string(100000, '['), "not valid TOML");
        REFUSED("v = " + std::string(100000, '['), "not valid TOML");
    }
    void deepKeys_areRefusedBeforeTheyExhaustTheStack()
    {
        std::string dots = "a";
        for (int i = 0; i < 50000; ++i)
            dots += ".a";
        REFUSED(dots + " = 1", "f.toml:1:34: this key has more than 16 dots");
        REFUSED("[" + dots + "]", "more than 16 dots");
        REFUSED("[gap] # \"\nx = { " + dots + " = 1 }", "more than 16 dots");
        REFUSED("x = \"\"\"\n\"\\\"\"\"\"\"\n" + dots + " = 1", "more than 16 dots");
        REFUSED("x = 'c:\\'\n" + dots + " = 1", "more than 16 dots");
    }
    void dotsInText_areNoKeys()
    {
        const std::string dots(40, '.');
        for (const std::string quote : {"\"", "'", "\"\"\"", "'''"}) {
            const auto result =
                parseExperiment("# " + dots + "\n[experiment]\nname = " + quote + "a" + dots + quote, "f");
            QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        }
    }
    void keysThatDoNotFitTogether_areRefused()
    {
        REFUSED("[ladder]\nstart = 6", "f.toml:2:9: ladder.start = 6 is no rung");
        REFUSED("[ladder]\nfamily = \"scratch\"", "needs ladder.rungs");
        REFUSED("[ladder]\ngenerations = 6", "only 5 remain");
        REFUSED("[ladder]\nfamily = \"scratch\"\ngenerations = 2\nstart = 0\nrungs = [[32, 2], [32, 2]]",
                "weak to strong");
        REFUSED("[ladder]\nrungs = [[24, 1]]", "does not ship");
        REFUSED("[task]\nname = \"cosmosqa\"", "needs task.teacher_data");
        REFUSED("[task]\nname = \"cosmosqa\"\nteacher_data = \"a\"", "needs task.test_data");
        REFUSED("[task]\nname = \"cosmosqa\"\nteacher_data = \"a\"\ntest_data = \"a\"", "nothing would be held out");
        REFUSED("[task]\nname = \"cosmosqa\"\nteacher_data = \"a\"\ntest_data = \"b\"", "use family = \"scratch\"");
        REFUSED("[task]\nteacher_data = \"a\"", "makes its own items");
        REFUSED("[training]\nlabels = 0", "has no end");
        REFUSED("[training]\nadapter_rank = 4", "set it to 0");
        REFUSED("[ladder]\nfamily = [\"a\", \"b\"]\ngenerations = 2\nstart = 0", "which read text");
        REFUSED("[ladder]\nfamily = []", "name 1 to 64 folders");
        REFUSED("[ladder]\nfamily = [\"a\", 1]", "a list of model folders");
        REFUSED("[ladder]\nfamily = \"models\"", "not known");
        const std::string files = "[task]\nname = \"cosmosqa\"\nteacher_data = \"a\"\ntest_data = \"b\"\n";
        REFUSED(files + "[ladder]\nfamily = [\"a\", \"b\"]\ngenerations = 2\nstart = 0\nrungs = [[8, 1]]",
                "remove one of them");
        REFUSED(files + "[ladder]\nfamily = [\"a\", \"b\"]\ngenerations = 3\nstart = 0", "needs as many rungs");
        REFUSED(files + "[ladder]\nfamily = [\"a\"]\ngenerations = 2\nstart = 0", "name 2 to 64 folders");
    }
    void gatesThatNothingCanPass_areRefused()
    {
        const std::string console = "[task]\nname = \"builtin:registers/console\"\n[conformity]\n";
        QVERIFY(parseExperiment(console + "audit = 40", "f").ok()); // 3.7 of 80 would be .046
        REFUSED(console + "audit = 10", "conformity.harm_most = 0.05 cannot be passed");
        REFUSED(console + "harm_most = 0", "the upper bound is still 0.01; raise it.");
        REFUSED(console + "harm_most = 0.002", "set conformity.audit to 959 or more");
        QVERIFY(parseExperiment(console + "harm_most = 0.002\naudit = 959\nrefusal_most = 0.1", "f").ok());
        REFUSED(console + "harm_most = 0.002\naudit = 958", "cannot be passed");
        REFUSED(console + "refusal_most = 0.01", "conformity.refusal_most = 0.01 cannot be passed");
        QVERIFY(parseExperiment(console + "harm_most = 0\nepisodes = 0", "f").ok()); // nothing is gated
        QVERIFY(parseExperiment("[conformity]\nharm_most = 0", "f").ok());
        // Scenarios are gated as well: even asked twice, twenty questions are too few for the default.
        const std::string scenarios =
            "[task]\nname = \"preferences\"\nteacher_data = \"a\"\ntest_data = \"b\"\n[ladder]\nfamily = [\"a\", "
            "\"b\"]\n"
            "generations = 2\nstart = 0\n[conformity]\nscenarios = \"F5\"\nlevel = 2\nbody_scale = 1.0\n";
        REFUSED(scenarios + "audit = 20\nrefusal_most = 0.5",
                "conformity.harm_most = 0.05 cannot be passed: with nothing seen in 40 cases the upper bound is still "
                "0.088; raise it, or set conformity.audit to 37 or more.");
        const auto enough = parseExperiment(scenarios + "audit = 40\nrefusal_most = 0.5", "f");
        QVERIFY2(enough.ok(), enough ? "" : enough.error().message.c_str());
        // A scenario without paired cues gives one case a question, which whoever reads it tells.
        QVERIFY(!checkGateSizes(enough->conformity, 40));
        QVERIFY(checkGateSizes(enough->conformity, 74).ok());
    }
    void selfEnhancementOfAFolder_isRefusedByNameWhereSomethingIsMissing()
    {
        const std::string head =
            "[experiment]\nprocedure = \"self-enhancement\"\n[ladder]\nfamily = [\"a\"]\nstart = 0\n"
            "[task]\nteacher_data = \"a\"\ntest_data = \"b\"\n";
        QVERIFY(parseExperiment(head + "name = \"preferences\"", "f").ok());
        REFUSED(head + "name = \"cosmosqa\"", "has no answers to a prompt");
        REFUSED(head + "name = \"preferences\"\n[self]\nreward = \"majority\"", "compares the ends of answers");
        REFUSED(head + "name = \"preferences\"\n[self]\nreward = \"truth\"", "use \"likelihood\" or \"implicit\"");
        REFUSED(head + "name = \"preferences\"\n[training]\nadapter_rank = 4", "set it to 0");
        const std::string debate =
            "[experiment]\nprocedure = \"debate\"\n[ladder]\nfamily = [\"a\", \"b\"]\nstart = 0\ngenerations = 1\n"
            "[debate]\njudge = 0\ndebater = 1\nopponent = 1\n[task]\nteacher_data = \"a\"\ntest_data = \"b\"\n";
        QVERIFY(parseExperiment(debate + "name = \"cosmosqa-choices\"", "f").ok());
        REFUSED(debate + "name = \"preferences\"", "has no passages to quote");
        REFUSED("[experiment]\nprocedure = \"debate\"\n[ladder]\nfamily = [\"a\", \"b\"]\nstart = 0\ngenerations = 1\n"
                "[task]\nteacher_data = \"a\"\ntest_data = \"b\"\nname = \"cosmosqa-choices\"",
                "debate.judge = 2 is no rung of this ladder; use 0 to 1");
    }
    void oneFolder_isEnoughForOneGeneration()
    {
        const std::string head = "[task]\nname = \"cosmosqa\"\nteacher_data = \"a\"\ntest_data = \"b\"\n[ladder]\n"
                                 "family = [\"only\"]\nstart = 0\n";
        const std::string noise = "[experiment]\nprocedure = \"noise-sensitivity\"\n";
        const std::string source = "[[signals.source]]\nname = \"labels\"\nkind = \"synthetic\"\nrate = 0.2\n";
        const auto read = parseExperiment(noise + head + "generations = 1\n" + source, "f");
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message.c_str());
        REFUSED(head + "generations = 2", "lists one folder, and 2 generations need as many rungs");
    }
    void gatesPromptsAndCanaries_areRefusedWhereNothingReadsThem()
    {
        REFUSED("[gap]\ncontroller = \"fixed\"\ngate = \"anchors\"", "signals.anchors = 0 is fewer than 20");
        QVERIFY(parseExperiment("[gap]\ngate = \"anchors\"\n[signals]\nanchors = 20", "f").ok());
        REFUSED("[task]\nprompts = \"chat\"", "for model folders that debate or write");
        REFUSED("[experiment]\nprocedure = \"self-enhancement\"\n[training]\ncanaries = 5", "remove it");
        QVERIFY(judges(parseExperiment("[gap]\ncontroller = \"adaptive\"\n[signals]\nanchors = 20", "f")->gap));
        QVERIFY(!judges(parseExperiment("", "f")->gap));
    }
    void modelFolders_areAListAndStayOne()
    {
        const auto read = parseExperiment("[task]\nname = \"cosmosqa\"\nteacher_data = \"a\"\ntest_data = \"b\"\n"
                                          "[ladder]\nfamily = [\"weak\", \"strong\"]\ngenerations = 2\nstart = 0",
                                          "f.toml");
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message.c_str());
        QCOMPARE(read->ladder.models, (std::vector<FolderRung>{{.folder = "weak"}, {.folder = "strong"}}));
        QVERIFY(rungsOf(read->ladder).empty());
        const std::string canonical = canonicalToml(*read);
        QVERIFY(canonical.find("family = [\"weak\", \"strong\"]") != std::string::npos);
        QVERIFY(hashOf(parseExperiment(canonical, "again").value()) == hashOf(*read));
        REFUSED("[experiment]\nprocedure = \"weak-to-strong\"", "set it to 2");
    }
    void measuredTolerances_arePairsOfIncreasingSize()
    {
        const auto read = parseExperiment("[gap]\ntolerance = [[4.4, 0.25], [5, 0.1]]", "f");
        QVERIFY(read.ok());
        QCOMPARE(read->gap.tolerance, (std::vector<std::pair<double, double>>{{4.4, 0.25}, {5, 0.1}}));
        QVERIFY(canonicalToml(*read).find("tolerance = [[4.4, 0.25], [5.0, 0.1]]") != std::string::npos);
        QCOMPARE(hashOf(*parseExperiment(canonicalToml(*read), "c")), hashOf(*read));
        QVERIFY(parseExperiment("[gap]\ntolerance = []", "f")->gap.tolerance.empty());
        REFUSED("[gap]\ntolerance = 0.2", "it takes a list of [log10 parameters, share of wrong labels");
        REFUSED("[gap]\ntolerance = [[4.4, 1.5]]", "holds [4.4, 1.5]");
        REFUSED("[gap]\ntolerance = [[5, 0.1], [4.4, 0.2]]", "sizes increasing");
        REFUSED("[gap]\ntolerance = [[0, 0.1]]", "holds [0, 0.1]");
        REFUSED("[gap]\ntolerance = [[4.4, \"x\"]]", "it takes a list");
    }
    void noiseSensitivity_takesOneStudentAndOneSourceOfNoise()
    {
        const std::string head = "[experiment]\nprocedure = \"noise-sensitivity\"\n[ladder]\ngenerations = 1\n";
        const std::string noise = "[[signals.source]]\nname = \"labels\"\nkind = \"synthetic\"\nrate = 0.3\n";
        const std::string shaped = noise + "noise = \"teacher-lowest\"\nlike = \"teacher\"\n";
        const std::string teacher = "[[signals.source]]\nname = \"teacher\"\nweight = 0\n";
        QCOMPARE(messageOf(head + noise), std::string("accepted"));
        QCOMPARE(messageOf(head + shaped + teacher + "rung = 1"), std::string("accepted"));
        REFUSED("[experiment]\nprocedure = \"noise-sensitivity\"\n" + noise, "set it to 1 and sweep ladder.start");
        REFUSED(head, "add a [[signals.source]] of kind \"synthetic\"");
        REFUSED(head + noise + "weight = 0", "needs one source with a weight above 0");
        REFUSED(head + noise + "[[signals.source]]\nname = \"b\"\nkind = \"truth\"", "takes one source alone");
        REFUSED(head + "[[signals.source]]\nname = \"b\"\nkind = \"truth\"", "whose noise nobody sets");
        REFUSED(head + noise + teacher + "rung = 1", "labels nothing and shapes nothing");
        REFUSED(head + shaped + teacher, "asks a predecessor");
        REFUSED(head + shaped, "is shaped like \"teacher\"");
        REFUSED(head + noise + "noise = \"class-conditional\"", "add matrix, K x K");
        REFUSED(head + noise + "part = [0.0, 0.5]", "remove part");
        REFUSED(head + noise + "[training]\nteacher_labels = 10", "use training.labels");
        REFUSED(head + "[signals]\nanchors = 40\n" + noise, "sets the noise itself");
    }
    void selfEnhancement_needsRungsThatWriteAndNoLadderOfThem()
    {
        const std::string self = "[experiment]\nprocedure = \"self-enhancement\"\n";
        QVERIFY(parseExperiment(self + "[ladder]\ngenerations = 9\nstart = 5", "f").ok());
        REFUSED("[experiment]\nprocedure = \"progressive\"\n[ladder]\ngenerations = 9\nstart = 5", "as many rungs");
        REFUSED(self + "[task]\nname = \"builtin:registers/math\"", "no traces that can be checked");
        REFUSED(self + "[ladder]\nfamily = \"scratch\"\nrungs = [[8, 1], [16, 1]]\nstart = 0", "shipped rungs");
        REFUSED(self + "[ladder]\ngenerations = 1", "2 or more");
        REFUSED(self + "[[signals.source]]\nname = \"a\"\nkind = \"model\"", "takes no sources");
        REFUSED("[self]\nreward = \"likelyhood\"", "\"likelihood\"");
        REFUSED("[self]\ntop_p = 0", "above 0 and at most 1");
    }
    void architectures_areOfRungsThatAreBuiltHere()
    {
        QCOMPARE(parseExperiment("[ladder]\narchitecture = \"convolutional\"", "f").value().ladder.architecture,
                 std::string("convolutional"));
        REFUSED("[ladder]\narchitecture = \"transformer\"", "\"attention\"");
        const std::string files = "[task]\nname = \"preferences\"\nteacher_data = \"a.csv\"\ntest_data = \"b.csv\"\n"
                                  "[ladder]\nfamily = [\"m\", \"n\"]\ngenerations = 2\nstart = 0\n";
        REFUSED(files + "architecture = \"recurrent\"", "lists model folders; remove one of them");
        REFUSED(files + "[[signals.source]]\nname = \"a\"\nrung = 0\narchitecture = \"recurrent\"", "models' own");
        QVERIFY(parseExperiment(files, "f").ok());
    }
    void debate_trainsOneJudgeOnRungsThatThereAre()
    {
        const std::string debate = "[experiment]\nprocedure = \"debate\"\n";
        QVERIFY(parseExperiment(debate + "[ladder]\ngenerations = 1", "f").ok());
        REFUSED(debate, "set ladder.generations to 1");
        REFUSED(debate + "[ladder]\ngenerations = 1\n[debate]\njudge = 6", "use 0 to 5");
        REFUSED(debate + "[ladder]\ngenerations = 1\n[debate]\nturns = 7", "from 1 to 6");
        REFUSED(debate + "[ladder]\ngenerations = 1\n[debate]\nprotocol = \"duel\"", "\"consultancy\"");
    }
    void proceduresThatReadNoAnchors_promiseNoGate()
    {
        for (const std::string& head :
             {std::string("[experiment]\nprocedure = \"self-enhancement\"\n[ladder]\nstart = 4\n"),
              std::string("[experiment]\nprocedure = \"debate\"\n[ladder]\ngenerations = 1\n")}) {
            QVERIFY(parseExperiment(head + "[gap]\ncontroller = \"fixed\"", "f").ok()); // promises nothing
            REFUSED(head + "[signals]\nanchors = 200", "reads none; set it to 0");
            REFUSED(head + "[gap]\ngate = \"anchors\"\n[signals]\nanchors = 200", "has no such gate; remove it");
            for (const char* name : {"pi", "bandit", "adaptive"})
                REFUSED(head + "[gap]\ncontroller = \"" + name + "\"\n[signals]\nanchors = 200",
                        "takes the rungs that it is given; remove it");
        }
    }
    void templates_areCompleteAndValid()
    {
        QCOMPARE(templates().size(), 22U);
        for (const Template& each : templates()) {
            const auto result = parseExperiment(std::string(each.text), std::string(each.name));
            QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
            QVERIFY(each.summary.size() > 10 && each.summary.front() != '#');
            // A whole sentence, and no more than one.
            QVERIFY2(std::string(".?!").find(each.summary.back()) != std::string::npos, each.summary.c_str());
            QVERIFY2(each.summary.find(". ") == std::string::npos && each.summary.find('\n') == std::string::npos,
                     each.summary.c_str());
        }
        QCOMPARE(findTemplate("weak-to-strong")->name, std::string_view("weak-to-strong"));
        QVERIFY(!findTemplate("absent"));
        const auto annealing = parseExperiment(std::string(findTemplate("gap-annealing")->text), "t");
        const auto runs = expand(*annealing);
        QCOMPARE(runs->size(), 30U);
        QCOMPARE((*runs)[14].condition, std::string("drawn"));
        QCOMPARE((*runs)[29].condition, std::string("drawn, same compute"));
    }
    void load_resolvesDataBesideTheFileAndNothingElse()
    {
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString();
        const std::string toml =
            "[ladder]\nfamily = \"scratch\"\ngenerations = 2\nstart = 0\nrungs = [[8, 1], [16, 1]]\n"
            "[task]\nname = \"preferences\"\nteacher_data = \"t.jsonl\"\ntest_data = \"absent.jsonl\"\n";
        QVERIFY(writeFileAtomically(folder + "/e.toml", toml).ok());
        QVERIFY(writeFileAtomically(folder + "/t.jsonl", "{}").ok());
        const auto result = loadExperiment(folder + "/e.toml");
        QVERIFY(result.ok());
        QCOMPARE(result->task.teacherData, folder + "/t.jsonl");
        QCOMPARE(result->task.testData, std::string("absent.jsonl"));
        QVERIFY(has(loadExperiment(folder + "/no.toml").error().message, "no.toml"));
        QVERIFY(writeFileAtomically(folder + "/big.toml", std::string(2 << 20, '#')).ok());
        QVERIFY(!loadExperiment(folder + "/big.toml"));
    }
    void mutatedFiles_neverCrashAndAlwaysSayWhere()
    {
        Rng rng(tests::propertySeed(), "mutations");
        const std::string alphabet = "[]{}=\"'\\.,# \n\r\t0129-+eE_abxu\x80\xff";
        for (int i = 0; i < 2000; ++i) {
            std::string toml =
                i % 2 == 0 ? std::string(kFull) : std::string(templates()[rng.below(templates().size())].text);
            for (std::uint64_t n = 1 + rng.below(6); n > 0; --n) {
                const std::size_t at = rng.below(toml.size());
                switch (rng.below(4)) {
                case 0:
                    toml[at] = alphabet[rng.below(alphabet.size())];
                    break;
                case 1:
                    toml.erase(at, rng.below(30));
                    break;
                case 2:
                    toml.insert(at, 1 + rng.below(3), alphabet[rng.below(alphabet.size())]);
                    break;
                default:
                    toml.insert(at, toml.substr(rng.below(toml.size()), rng.below(60)));
                    break;
                }
                if (toml.empty()) toml = " ";
            }
            const auto result = parseExperiment(toml, "f");
            if (result) {
                QVERIFY(parseExperiment(canonicalToml(*result), "c").ok());
            } else {
                const Error& error = result.error();
                QVERIFY2(error.message.starts_with("f:" + std::to_string(error.line) + ":"), error.message.c_str());
                QVERIFY(error.line >= 1 && error.column >= 1 && error.message.back() == '.');
                QVERIFY(error.message.find('\n') == std::string::npos);
            }
        }
    }
};
GRADUS_SUITE(ParseTest)
#include "parse_test.moc"
