// SPDX-License-Identifier: GPL-3.0-or-later
// Problems answered in a model's own words, and programs that are believed only as far as their tests ran.
#include "run/generated_eval.h"

#include "base/files.h"
#include "core/sandbox/holed_bubblewrap.h"
#include "engine/language_model.h"
#include "run/code_check.h"
#include "run/tune_model.h"
#include "sandbox/cell.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <filesystem>

using namespace gradus;
using namespace gradus::run;

namespace {

const std::filesystem::path kData = tests::sourceDir() / "tests/data";

data::CodeProblem doubling()
{
    return {.name = "double",
            .prompt = "def twice(n):\n    \"\"\"Twice n.\"\"\"\n",
            .entry = "twice",
            .test = "def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(-3) == -6\n"};
}

bool cellsCanBeHad()
{
    return sandbox::Cell::start({.level = sandbox::Level::Toolchain}).ok();
}

} // namespace

class GeneratedEvalTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;
    StopFlag m_never;

    std::filesystem::path path(const char* name) const { return m_scratch.filePath(name).toStdString(); }
    /// A model that answers every question with one text, because it was tuned to.
    std::filesystem::path answering(const char* name, const std::string& prompt, const std::string& answer) const
    {
        const auto base = path((std::string(name) + "-base").c_str());
        (void)engine::LanguageModel::initialise(models::rungShape(32, 1, 600, 128), 3).value().save(base);
        std::filesystem::copy_file(kData / "tokenizers/smollm/tokenizer.json", base / "tokenizer.json");
        (void)writeFileAtomically(base / "tokenizer_config.json", "{\"eos_token\": \"<|end|>\"}");
        std::string rows;
        for (int i = 0; i < 8; ++i)
            rows += nlohmann::json{{"prompt", prompt}, {"completion", answer}}.dump() + "\n";
        TuneRequest request;
        request.data.file.file = path((std::string(name) + ".jsonl").c_str());
        (void)writeFileAtomically(request.data.file.file, rows);
        request.data.heldShare = 0;
        request.job.folder = base;
        request.job.output = path(name);
        request.job.epochs = 120;
        request.job.learningRate = 1e-2;
        request.job.checkpointEvery = 0;
        if (const auto done = tuneModel(request, m_never, {}); !done) qFatal("%s", done.error().message.c_str());
        return path(name);
    }

private Q_SLOTS:
    void initTestCase() { engine::useThreads(1); }

    void finalNumber_isTheMarkedOneElseTheLast()
    {
        QCOMPARE(data::finalNumber("3 and 4 make 7"), std::string("7"));
        QCOMPARE(data::finalNumber("so 12.\n#### 1,234\nor 9"), std::string("1234"));
        QCOMPARE(data::finalNumber("#### none\n5"), std::string(""));
        QCOMPARE(data::finalNumber("nothing"), std::string(""));
    }
    void functionBody_endsWhereSomethingElseBegins()
    {
        QCOMPARE(data::functionBody("    return 1\n\ndef other():\n    pass"), std::string("    return 1\n"));
        QCOMPARE(data::functionBody("    if x:\n        return 1\nprint(2)"),
                 std::string("    if x:\n        return 1"));
        QCOMPARE(data::functionBody("    return 1"), std::string("    return 1"));
    }
    void badProblems_areOneSentence()
    {
        (void)writeFileAtomically(path("words.jsonl"), "{\"question\": \"q\", \"answer\": \"none\"}\n");
        const auto words = data::readNumberProblems(path("words.jsonl"), 0);
        QVERIFY(!words.ok());
        QVERIFY2(words.error().message.find("line 1: the answer holds no number") != std::string::npos,
                 words.error().message.c_str());
        (void)writeFileAtomically(path("code.jsonl"), "{\"task_id\": \"1\", \"prompt\": \"p\", \"entry_point\": "
                                                      "\"f); import os #\", \"test\": \"t\"}\n");
        const auto code = data::readCodeProblems(path("code.jsonl"), 0);
        QVERIFY(!code.ok());
        QVERIFY2(code.error().message.find("is no name of a function") != std::string::npos,
                 code.error().message.c_str());
    }
    void mbppAsPublished_isAskedForAWholeProgram()
    {
        (void)writeFileAtomically(
            path("mbpp.jsonl"),
            R"({"task_id": 7, "text": "Twice a number.", "code": "def twice(n): return 2 * n", )"
            R"("test_list": ["assert twice(2) == 4", "assert twice(-3) == -6"], "test_setup_code": "import math"})"
            "\n");
        const auto read = data::readCodeProblems(path("mbpp.jsonl"), 0);
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        const data::CodeProblem& problem = read->front();
        QCOMPARE(problem.name, std::string("mbpp/7"));
        QVERIFY(problem.prompt.find("Twice a number.\nassert twice(2) == 4\n") != std::string::npos);
        QVERIFY(problem.test.starts_with("import math\nassert"));
        QCOMPARE(data::programPart(problem, "import math\n\ndef help(n):\n    return n\n\ndef twice(n):\n    return n\n"
                                            "assert twice(1)"),
                 std::string("import math\n\ndef help(n):\n    return n\n\ndef twice(n):\n    return n"));
        QCOMPARE(data::programPart(doubling(), "    return 1\n\ndef other():"), std::string("    return 1\n"));
        if (!cellsCanBeHad()) QSKIP("no cell can be had on this machine");
        const auto right =
            checkCode(problem, "def half(n):\n    return n\n\ndef twice(n):\n    return 2 * half(n)\n", 5);
        QVERIFY2(right.ok() && right->passed, right ? right->why.c_str() : right.error().message.c_str());
        const auto wrong = checkCode(problem, "def twice(n):\n    return n\n", 5);
        QVERIFY(wrong.ok() && !wrong->passed);
    }
    void programs_passByTheirTestsAlone_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<bool>("passes");
        QTest::newRow("right") << "    return 2 * n\n" << true;
        QTest::newRow("wrong") << "    return n\n" << false;
        QTest::newRow("no program") << "    return (\n" << false;
        QTest::newRow("ends early") << "    return 2 * n\nimport os\nos._exit(0)\n" << false;
        QTest::newRow("ends politely") << "    raise SystemExit(0)\n" << false;
        QTest::newRow("never ends") << "    while True: pass\n" << false;
        QTest::newRow("much to say") << "    while True: print('x' * 1000)\n" << false;
    }
    void programs_passByTheirTestsAlone()
    {
        if (!cellsCanBeHad()) QSKIP("no cell can be had on this machine");
        QFETCH(QString, body);
        QFETCH(bool, passes);
        const auto verdict = checkCode(doubling(), body.toStdString(), 3);
        QVERIFY2(verdict.ok(), verdict ? "" : verdict.error().message.c_str());
        QVERIFY2(verdict->passed == passes, verdict->why.c_str());
        QCOMPARE(verdict->why.empty(), passes);
    }
    void numbers_areReadOffWhatIsWritten()
    {
        const auto model = answering("seven", "Question: how many\nAnswer:", " three and four\n#### 7");
        const std::vector<data::NumberProblem> problems{{.question = "how many", .solution = "#### 7", .number = "7"},
                                                        {.question = "how many", .solution = "#### 8", .number = "8"}};
        GeneratedOptions options;
        options.maxNewTokens = 40;
        const auto result = evaluateNumbers(model, problems, options, m_never, {});
        QVERIFY2(result.ok(), result ? "" : result.error().message.c_str());
        QCOMPARE(result->accuracy.n, 2);
        QVERIFY2(result->answers[0].right, result->answers[0].text.c_str());
        QVERIFY(!result->answers[1].right);
        QCOMPARE(result->answers[1].said, std::string("7"));
        QCOMPARE(result->cut, std::size_t{0});
    }
    void programs_areWrittenAndRun()
    {
        if (!cellsCanBeHad()) QSKIP("no cell can be had on this machine");
        // Tabs: the tokens at the seam of prompt and answer are then the same whether both are read at once or not.
        data::CodeProblem problem = doubling();
        problem.prompt = "def twice(n):\n\t\"\"\"Twice n.\"\"\"\n";
        const auto model = answering("twice", problem.prompt, "\treturn n + n\n\ndef other");
        data::CodeProblem tripling = problem;
        tripling.test = "def check(candidate):\n    assert candidate(2) == 6\n";
        GeneratedOptions options;
        options.maxNewTokens = 30;
        const auto result = evaluatePrograms(model, {problem, tripling}, options, m_never, {});
        QVERIFY2(result.ok(), result ? "" : result.error().message.c_str());
        QVERIFY2(result->answers[0].right, (result->answers[0].text + "|" + result->answers[0].said).c_str());
        QVERIFY(!result->answers[1].right);
        QVERIFY2(result->answers[1].said.starts_with("AssertionError"), result->answers[1].said.c_str());
    }
    void sandboxWithAHole_isRefusedBeforeTheModelIsAsked()
    {
        if (!cellsCanBeHad()) QSKIP("no cell can be had on this machine");
        QTemporaryDir folder("/var/tmp/gradus-eval-XXXXXX");
        GeneratedOptions options;
        options.cell.bubblewrap = tests::holedBubblewrap(folder.path().toStdString());
        if (options.cell.bubblewrap.empty()) QSKIP("needs /usr/bin/python3");
        const auto result = evaluatePrograms(path("no such model"), {doubling()}, options, m_never, {});
        QVERIFY(!result.ok());
        QVERIFY2(result.error().kind == ErrorKind::Refused, result.error().message.c_str());
        QVERIFY2(result.error().message.find("masked /proc") != std::string::npos, result.error().message.c_str());
        const auto verdict = checkCode(doubling(), "    return 2 * n\n", 3, options.cell);
        QVERIFY(!verdict.ok() && verdict.error().kind == ErrorKind::Refused);
    }
    void problemsLongerThanTheModel_countAsWrong()
    {
        const auto model = answering("short", "Question: how many\nAnswer:", " #### 7");
        GeneratedOptions options;
        options.maxNewTokens = 120;
        const auto result = evaluateNumbers(
            model, {{.question = std::string(200, 'q'), .solution = "7", .number = "7"}}, options, m_never, {});
        QVERIFY2(result.ok(), result ? "" : result.error().message.c_str());
        QCOMPARE(result->tooLong, std::size_t{1});
        QCOMPARE(result->accuracy.value, 0.0);
        QCOMPARE(result->accuracy.n, 1);
    }
};

GRADUS_SUITE(GeneratedEvalTest)
#include "generated_eval_test.moc"
