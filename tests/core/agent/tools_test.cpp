// SPDX-License-Identifier: GPL-3.0-or-later
// Calls as acts in a cell, and what is told of them.
#include "agent/tools.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::agent;
using scenario::Tool;

class ToolsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void calls_becomeActs()
    {
        const auto bash = actOf({.id = {}, .name = "bash", .argumentsJson = R"({"command":"ls -l"})"});
        QVERIFY(bash);
        QCOMPARE(bash->words, (std::vector<std::string>{"bash", "-c", "ls -l"}));
        const auto write = actOf({.id = {}, .name = "write_file", .argumentsJson = R"({"path":"a","content":"b"})"});
        QVERIFY(write && write->tool == Tool::WriteFile && write->path == "a" && write->bytes == "b");
        const auto read = actOf({.id = {}, .name = "read_file", .argumentsJson = R"({"path":"../etc/passwd"})"});
        QVERIFY(read && read->path == "../etc/passwd"); // the cell is what keeps it in
    }

    void whatIsNoAct_isASentence()
    {
        const auto sentence = [](const char* name, const char* arguments) {
            const auto act = actOf({.id = {}, .name = name, .argumentsJson = arguments});
            return act ? std::string() : act.error().message;
        };
        QCOMPARE(sentence("rm", "{}"),
                 std::string("There is no tool \"rm\"; the tools are bash, read_file and write_file."));
        QCOMPARE(sentence("bash", "{}"), std::string("The tool bash needs \"command\", a text."));
        QCOMPARE(sentence("bash", R"({"command":["ls"]})"), std::string("The tool bash needs \"command\", a text."));
        QCOMPARE(sentence("write_file", R"({"path":"a"})"),
                 std::string("The tool write_file needs \"content\", a text."));
        QVERIFY(sentence("bash", R"({"command":"a\u0000b"})").find("null character") != std::string::npos);
        QVERIFY(sentence("x\x1b[2J", "{}").find('\x1b') == std::string::npos);
        QVERIFY(!sentence("bash", "[1]").empty());
    }

    void actsOfScripts_areCallsThatMeanTheSame()
    {
        for (const scenario::ToolCall& act : {scenario::ToolCall{Tool::Exec, {"bash", "-c", "a | b"}, {}, {}},
                                              scenario::ToolCall{Tool::ReadFile, {}, "x", {}},
                                              scenario::ToolCall{Tool::WriteFile, {}, "x", "y\n\"z\""}}) {
            const auto again = actOf(callOf(act));
            QVERIFY(again);
            QVERIFY(again->tool == act.tool && again->words == act.words && again->path == act.path &&
                    again->bytes == act.bytes);
        }
        const auto quoted = actOf(callOf({Tool::Exec, {"echo", "it's $HOME", ""}, {}, {}}));
        QCOMPARE(quoted->words[2], std::string("echo 'it'\\''s $HOME' ''"));
    }

    void answers_sayHowItEnded_andAreBounded()
    {
        scenario::Record record;
        QCOMPARE(answerOf(record, 100), std::string("[done]"));
        record.output = "out";
        record.errors = "err\n";
        record.exitCode = 3;
        QCOMPARE(answerOf(record, 100), std::string("out\nerr\n[exit code 3]"));
        record.error = sandbox::ToolError::Timeout;
        record.message = "It took too long.";
        QVERIFY(answerOf(record, 100).ends_with("[timeout: It took too long.]"));
        record.output.assign(100'000, 'x');
        record.output += "\xFF end";
        const std::string cut = answerOf(record, 1000);
        QVERIFY(cut.size() < 1200);
        QVERIFY(cut.find("bytes left out") != std::string::npos);
        QCOMPARE(callId(7), std::string("call00007"));
    }
};
GRADUS_SUITE(ToolsTest)
#include "tools_test.moc"
