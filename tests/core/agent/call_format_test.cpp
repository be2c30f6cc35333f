// SPDX-License-Identifier: GPL-3.0-or-later
// What a reply says, in each family's form, however broken.
#include "agent/call_format.h"

#include "base/files.h"
#include "base/rng.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QTest>

#include <filesystem>

using namespace gradus;
using namespace gradus::agent;

namespace {

std::string shape(const Reply& reply)
{
    std::string text = reply.words + "|";
    for (const chat::ChatCall& call : reply.calls)
        text += call.name + call.argumentsJson + ";";
    text += "|" + std::to_string(reply.faults.size());
    return reply.later == 0 ? text : text + "+" + std::to_string(reply.later);
}

} // namespace

class CallFormatTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void format_isReadOffTheTemplate()
    {
        const std::filesystem::path folder = tests::sourceDir() / "tests/data/chat";
        const auto of = [&](const char* name) { return callFormatOf(readFile(folder / name).value()); };
        QVERIFY(of("qwen_like.jinja") == CallFormat::Tagged);
        QVERIFY(of("thinking_like.jinja") == CallFormat::Tagged);
        QVERIFY(of("llama_like.jinja") == CallFormat::PlainJson);
        QVERIFY(of("mistral_like.jinja") == CallFormat::Bracketed);
        QVERIFY(of("small_like.jinja") == CallFormat::Fenced); // it knows no tools
        QVERIFY(callFormatOf("{{ tools }}") == CallFormat::Tagged);
        QVERIFY(!describesTools(readFile(folder / "small_like.jinja").value()));
        QVERIFY(describesTools(readFile(folder / "qwen_like.jinja").value()));
    }

    void replies_areRead_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto tagged = static_cast<int>(CallFormat::Tagged);
        const auto plain = static_cast<int>(CallFormat::PlainJson);
        const auto bracketed = static_cast<int>(CallFormat::Bracketed);
        const auto fenced = static_cast<int>(CallFormat::Fenced);
        QTest::addRow("fenced") << fenced << "I look.\n```bash\nls -l\n```\nIt shows files."
                                << "I look.|bash{\"command\":\"ls -l\"};|0";
        QTest::addRow("fenced, two lines") << fenced << "```sh\ncd a\nls\n```"
                                           << "|bash{\"command\":\"cd a\\nls\"};|0";
        QTest::addRow("fenced, a file is read") << fenced << "```read_file\n notes.txt \n```"
                                                << "|read_file{\"path\":\"notes.txt\"};|0";
        QTest::addRow("fenced, a file is written")
            << fenced << "````write_file a b.md\n```\ncode\n```\n````"
            << "|write_file{\"path\":\"a b.md\",\"content\":\"```\\ncode\\n```\\n\"};|0";
        QTest::addRow("fenced, an object")
            << fenced << "```json\n{\"name\": \"bash\", \"arguments\": {\"command\": \"ls\"}}\n```"
            << "|bash{\"command\":\"ls\"};|0";
        QTest::addRow("fenced, data and another language") << fenced << "```json\n{\"a\": 1}\n```\n```python\nx\n```"
                                                           << "```json\n{\"a\": 1}\n```\n```python\nx\n```||0";
        QTest::addRow("fenced, the first alone is done")
            << fenced << "```bash\nls\n```\nOutput: a\n```bash\nrm a\n```\n```bash\nrm b\n```"
            << "|bash{\"command\":\"ls\"};|0+2";
        QTest::addRow("fenced, without an end") << fenced << "Now:\n```bash\nrm -r a\n"
                                                << "Now:\n```bash\nrm -r a||1";
        QTest::addRow("fenced, empty") << fenced << "```bash\n```"
                                       << "```bash\n```||1";
        QTest::addRow("fenced, in a line") << fenced << "Use ```bash ls``` to look."
                                           << "Use ```bash ls``` to look.||0";
        QTest::addRow("fenced, but tagged") << fenced << "<tool_call>[{\"name\":\"a\"},{\"name\":\"b\"}]</tool_call>"
                                            << "|a{};|0+1";
        QTest::addRow("words") << tagged << " Done. "
                               << "Done.||0";
        QTest::addRow("nothing") << tagged << ""
                                 << "||0";
        QTest::addRow("one")
            << tagged
            << "I look.\n<tool_call>\n{\"name\": \"bash\", \"arguments\": {\"command\": \"ls\"}}\n</tool_call>"
            << "I look.|bash{\"command\":\"ls\"};|0";
        QTest::addRow("two")
            << tagged
            << "<tool_call>{\"name\":\"a\",\"arguments\":{}}</tool_call>\n<tool_call>{\"name\":\"b\"}</tool_call>"
            << "|a{};b{};|0";
        QTest::addRow("not closed") << tagged << "<tool_call>{\"name\":\"a\",\"arguments\":{}}"
                                    << "|a{};|0";
        QTest::addRow("closed by the next") << tagged << "<tool_call>{\"name\":\"a\"}<tool_call>{\"name\":\"b\"}"
                                            << "|a{};b{};|0";
        QTest::addRow("a list") << tagged << "<tool_call>[{\"name\":\"a\"},{\"name\":\"b\"}]</tool_call>"
                                << "|a{};b{};|0";
        QTest::addRow("arguments as text")
            << tagged << "<tool_call>{\"name\":\"a\",\"arguments\":\"{\\\"x\\\":1}\"}</tool_call>"
            << "|a{\"x\":1};|0";
        QTest::addRow("broken JSON") << tagged << "w<tool_call>{\"name\": \"a\", }</tool_call>"
                                     << "w||1";
        QTest::addRow("no name") << tagged << "<tool_call>{\"arguments\": {}}</tool_call>"
                                 << "||1";
        QTest::addRow("no object") << tagged << "<tool_call>{\"name\":\"a\",\"arguments\":[1]}</tool_call>"
                                   << "||1";
        QTest::addRow("one of two is broken")
            << tagged << "<tool_call>{\"name\":\"a\"}</tool_call><tool_call>x</tool_call>"
            << "|a{};|1";
        QTest::addRow("thought of, not made") << tagged << "<think><tool_call>{\"name\":\"a\"}</tool_call></think>No."
                                              << "<think><tool_call>{\"name\":\"a\"}</tool_call></think>No.||0";
        QTest::addRow("plain") << plain << " {\"name\": \"bash\", \"parameters\": {\"command\": \"}{\"}}"
                               << "|bash{\"command\":\"}{\"};|0";
        QTest::addRow("plain, tagged as code") << plain << "<|python_tag|>{\"name\":\"a\",\"parameters\":{}}"
                                               << "|a{};|0";
        QTest::addRow("plain, two") << plain << "{\"name\":\"a\"}; {\"name\":\"b\"}"
                                    << "|a{};b{};|0";
        QTest::addRow("plain, broken") << plain << "{\"name\": \"a\""
                                       << "||1";
        QTest::addRow("an answer in JSON") << plain << "{\"total\": 3}"
                                           << "{\"total\": 3}||0";
        QTest::addRow("plain words") << plain << "It is {done}."
                                     << "It is {done}.||0";
        QTest::addRow("bracketed") << bracketed
                                   << "[TOOL_CALLS][{\"name\":\"a\",\"arguments\":{\"x\":1},\"id\":\"123456789\"}]"
                                   << "|a{\"x\":1};|0";
        QTest::addRow("bracketed, newer") << bracketed << "[TOOL_CALLS]bash[ARGS]{\"command\":\"ls\"}[TOOL_CALLS]a{}"
                                          << "|bash{\"command\":\"ls\"};a{};|0";
        QTest::addRow("bracketed, broken") << bracketed << "[TOOL_CALLS]bash ls"
                                           << "||1";
    }
    void replies_areRead()
    {
        QFETCH(int, format);
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(shape(parseReply(text.toStdString(), static_cast<CallFormat>(format)))),
                 expected);
    }

    void nameOfBytesThatAreNoText_isAFault()
    {
        const Reply reply = parseReply("[TOOL_CALLS]read\xff_file[ARGS]{\"path\":\"a\"}", CallFormat::Bracketed);
        QVERIFY(reply.calls.empty());
        QCOMPARE(reply.faults, std::vector<std::string>{"The name of a call is text in UTF-8."});
    }
    void writtenCalls_areReadAgain()
    {
        const std::vector<chat::ChatCall> calls = {
            {.id = {}, .name = "bash", .argumentsJson = "{\"command\":\"echo '</tool'\"}"},
            {.id = {}, .name = "read_file", .argumentsJson = "{\"path\":\"a\"}"}};
        for (const CallFormat format : {CallFormat::Tagged, CallFormat::PlainJson, CallFormat::Bracketed}) {
            const Reply reply = parseReply(writtenCalls(calls, format), format);
            QVERIFY2(reply.calls.size() == 2 && reply.faults.empty(), std::string(callFormatName(format)).c_str());
            QCOMPARE(reply.calls[0].argumentsJson, calls[0].argumentsJson);
            QCOMPARE(reply.calls[1].name, calls[1].name);
        }
    }

    void fencedCalls_areReadAgainWhateverTheyHold()
    {
        const auto again = [](const std::string& name, const std::string& arguments) {
            const std::string written =
                writtenCalls({{.id = {}, .name = name, .argumentsJson = arguments}}, CallFormat::Fenced);
            const Reply reply = parseReply(written, CallFormat::Fenced);
            return reply.faults.empty() && reply.later == 0 && reply.calls.size() == 1 && reply.calls[0].name == name &&
                   reply.calls[0].argumentsJson == arguments;
        };
        QVERIFY(again("bash", R"({"command":"ls -l"})"));
        QVERIFY(again("bash", R"({"command":"cat <<E\n```\n````\nE\n\n"})"));
        QVERIFY(again("bash", R"({"command":""})"));
        QVERIFY(again("bash", R"({"command":"ls","timeout":3})"));
        QVERIFY(again("read_file", R"({"path":"a\nb"})"));
        QVERIFY(again("write_file", R"({"path":"a","content":"no end"})"));
        QVERIFY(again("write_file", R"({"path":" a ","content":"x\n"})"));
        QVERIFY(again("write_file", R"({"path":"a","content":"```bash\nrm x\n```\n"})"));
        QVERIFY(again("other", R"({})"));
        QVERIFY(writtenCalls({{.id = {}, .name = "bash", .argumentsJson = R"({"command":"ls"})"}},
                             CallFormat::Fenced) == "```bash\nls\n```");
    }

    void hostileReplies_areBounded()
    {
        std::string many;
        for (int i = 0; i < 500; ++i)
            many += "<tool_call>{\"name\":\"a\"}</tool_call>";
        QCOMPARE(parseReply(many, CallFormat::Tagged).calls.size(), std::size_t{32});
        const std::string deep = "<tool_call>{\"name\":\"a\",\"arguments\":" + std::string(200'000, '[');
        QCOMPARE(parseReply(deep, CallFormat::Tagged).faults.size(), std::size_t{1});
        const std::string nested =
            "<tool_call>{\"name\":\"a\",\"arguments\":{\"x\":" + std::string(25, '[') + std::string(25, ']') + "}}";
        QCOMPARE(parseReply(nested, CallFormat::Tagged).faults.size(), std::size_t{1}); // no template could hold it
        QVERIFY(parseReply(std::string(200'000, '{'), CallFormat::PlainJson).calls.empty());
        Rng rng(tests::propertySeed(), "hostile replies");
        static const std::string letters = "`{}[]\":,;<>/|tolcanrgu_ \n\\\xFF";
        for (int i = 0; i < 3000; ++i) {
            std::string text = rng.below(2) != 0 ? "<tool_call>" : "[TOOL_CALLS]";
            for (std::uint64_t at = 0; at < rng.below(60); ++at)
                text += letters[rng.below(letters.size())];
            for (const CallFormat format :
                 {CallFormat::Tagged, CallFormat::PlainJson, CallFormat::Bracketed, CallFormat::Fenced})
                (void)parseReply(text, format);
        }
    }
};
GRADUS_SUITE(CallFormatTest)
#include "call_format_test.moc"
