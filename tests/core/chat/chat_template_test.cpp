// SPDX-License-Identifier: GPL-3.0-or-later
// Against Jinja2 (tests/data/chat, written by tests/bench/make_golden_chat.py; random templates where Jinja2 is
// installed), what is refused and by which name, and that a hostile template ends.
#include "chat/chat_template.h"

#include "base/files.h"
#include "base/rng.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <filesystem>

using namespace gradus;
using namespace gradus::chat;
using Json = nlohmann::ordered_json;

namespace {

const std::filesystem::path kSource = tests::sourceDir();
const std::filesystem::path kFolder = kSource / "tests/data/chat";

Result<std::string> rendered(const std::string& source, const Json& variables = Json::object())
{
    const auto made = ChatTemplate::parse(source, "t");
    return made ? made->renderJson(variables.dump()) : Result<std::string>(made.error());
}

std::string refusal(const std::string& source)
{
    const auto made = rendered(source);
    return made ? "rendered: " + *made : made.error().message;
}

/// Templates of nested blocks over expressions, of which some make no sense.
class RandomTemplate final
{
public:
    explicit RandomTemplate(Rng& rng) : m_rng(rng) {}
    std::string make() { return block(2); }

private:
    std::string one(const std::vector<std::string>& of) { return of[m_rng.below(of.size())]; }

    std::string expression(int depth)
    {
        if (depth == 0)
            return one({"a",
                        "b",
                        "xs",
                        "m",
                        "m.k",
                        "m['n']",
                        "xs[0]",
                        "xs[-1]",
                        "xs[9]",
                        "none",
                        "true",
                        "0",
                        "-2",
                        "7",
                        "1.5",
                        "'t'",
                        "'  中 x\\n'",
                        "[]",
                        "[1, 'a', none]",
                        "{'q': [1], 'r': {}}",
                        "nothing",
                        "s"});
        const std::string inner = expression(depth - 1);
        switch (m_rng.below(9)) {
        case 0:
            return "(" + inner + " " +
                   one({"+", "-", "*", "//", "%", "~", "==", "!=", "<", "in", "not in", "and", "or"}) + " " +
                   expression(depth - 1) + ")";
        case 1:
            return inner + "|" +
                   one({"trim",
                        "upper",
                        "lower",
                        "length",
                        "tojson",
                        "tojson(indent=2)",
                        "list",
                        "string",
                        "first",
                        "last",
                        "default('d')",
                        "default('d', true)",
                        "join('-')",
                        "reverse|list",
                        "title",
                        "capitalize",
                        "int",
                        "items|list",
                        "unique|list",
                        "map('string')|list",
                        "replace('a', 'bb')",
                        "select|list"});
        case 2:
            return "(" + inner + " if " + expression(depth - 1) + " else " + expression(depth - 1) + ")";
        case 3:
            return "(" + inner + " is " + one({"", "not "}) +
                   one({"defined", "none", "string", "mapping", "iterable", "number", "boolean", "odd", "sequence"}) +
                   ")";
        case 4:
            return "(not " + inner + ")";
        case 5:
            return "(" + inner + ")" +
                   one({".upper()", ".strip()", ".split('a')", ".startswith('t')", ".items()|list", ".keys()|list",
                        ".get('q')", "[1:]", "[:-1]", "[::-1]", "[0]", ".q"});
        case 6:
            return "[" + inner + ", " + expression(depth - 1) + "]";
        case 7:
            return "{'z': " + inner + "}";
        default:
            return "(" + inner + ")";
        }
    }

    std::string sign() { return one({"", "", "-"}); }
    std::string block(int depth)
    {
        std::string made;
        for (std::uint64_t i = 0, count = 1 + m_rng.below(2); i < count; ++i)
            made += statement(depth) + one({"", "\n", "  \n  ", " text ", "\n\n"});
        return made;
    }
    std::string tag(const std::string& words) { return "{%" + sign() + " " + words + " " + sign() + "%}"; }

    std::string statement(int depth)
    {
        const auto kind = depth > 0 ? m_rng.below(5) : 0;
        if (kind == 1)
            return tag("if " + expression(1)) + block(depth - 1) + tag("else") + block(depth - 1) + tag("endif");
        if (kind == 2)
            return tag("for s in " + expression(1)) + "{{ loop.index }}{{ loop.last }}" + block(depth - 1) +
                   tag("endfor");
        if (kind == 3) return tag("set a = " + expression(2)) + block(depth - 1);
        if (kind == 4) return one({"{# c #}", "  {# c #}\n", "{%- set b = 'B' -%}"}) + block(depth - 1);
        return "{{" + sign() + " " + expression(2) + " " + sign() + "}}";
    }

    Rng& m_rng;
};

QString pythonWithJinja()
{
    const QString named = qEnvironmentVariable("GRADUS_PYTHON");
    for (const QString& python :
         {named, QDir::homePath() + "/.cache/gradus/deps/venv/bin/python", QString("python3")}) {
        if (python.isEmpty()) continue;
        QProcess process;
        process.start(python, {"-c", "import jinja2"});
        if (process.waitForFinished() && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0)
            return python;
    }
    return {};
}

void write(const std::filesystem::path& file, const std::string& text)
{
    QVERIFY(writeFileAtomically(file, text));
}

} // namespace

class ChatTemplateTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void renderings_equalJinja2()
    {
        const Json golden = Json::parse(readFile(kFolder / "golden.json").value());
        QVERIFY(golden.size() > 100);
        for (const Json& row : golden) {
            const std::string source = row.contains("file") ? readFile(kFolder / row["file"].get<std::string>()).value()
                                                            : row["template"].get<std::string>();
            const auto made = rendered(source, row["variables"]);
            const std::string name = row["name"].get<std::string>();
            if (row["expected"].is_null()) {
                QVERIFY2(!made, name.c_str());
                QVERIFY2(made.error().kind == ErrorKind::BadInput && made.error().line > 0, name.c_str());
                continue;
            }
            QVERIFY2(made, (name + ": " + (made ? "" : made.error().message)).c_str());
            QVERIFY2(*made == row["expected"].get<std::string>(),
                     (name + "\nours:   " + Json(*made).dump() + "\nJinja2: " + row["expected"].dump()).c_str());
        }
    }

    void randomTemplates_renderAsInJinja2_orFailInBoth()
    {
        const QString python = pythonWithJinja();
        if (python.isEmpty()) QSKIP("No Python with Jinja2 here; name one in GRADUS_PYTHON.");
        Rng rng(tests::propertySeed(), "chat templates");
        const Json variables = {
            {"a", 3}, {"b", "b中"}, {"xs", {1, "two", 3.5, nullptr}}, {"m", {{"k", "v"}, {"n", {1}}}}};
        Json rows = Json::array();
        for (int i = 0; i < 1500; ++i)
            rows.push_back({{"template", RandomTemplate(rng).make()}, {"variables", variables}});
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        write(path / "in.json", rows.dump());
        const QString script = QString::fromStdString((kSource / "tests/bench/make_golden_chat.py").string());
        QCOMPARE(QProcess::execute(python, {script, folder.filePath("in.json"), folder.filePath("out.json")}), 0);
        const Json answers = Json::parse(readFile(path / "out.json").value());
        int texts = 0;
        int onlyOne = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::string source = rows[i]["template"].get<std::string>();
            const auto made = rendered(source, variables);
            // Jinja2 folds some nonsense at compile time ("not" of a list has items then) and we do not.
            if (made.ok() == answers[i].is_null()) ++onlyOne;
            if (!made || answers[i].is_null()) continue;
            ++texts;
            QVERIFY2(*made == answers[i].get<std::string>(),
                     (source + "\nours:   " + Json(*made).dump() + "\nJinja2: " + answers[i].dump()).c_str());
        }
        QVERIFY2(onlyOne < 60, std::to_string(onlyOne).c_str()); // of 1,500
        QVERIFY2(texts > 300, std::to_string(texts).c_str());
    }

    void whatIsBeyond_isRefusedByItsNameAndLine()
    {
        QCOMPARE(refusal("a\n{% include 'x' %}"),
                 std::string("t, line 2 of the chat template: {% include %} is not supported."));
        QVERIFY(refusal("{% import os %}").find("{% import %}") != std::string::npos);
        QVERIFY(refusal("\n\n{{ 1 | pprint }}").find("line 3 of the chat template: the filter \"pprint\"") !=
                std::string::npos);
        QVERIFY(refusal("{{ 1 is prime }}").find("\"is prime\"") != std::string::npos);
        QVERIFY(refusal("{{ 'a'.encode() }}").find("str.encode()") != std::string::npos);
        QVERIFY(refusal("{{ ''.__class__.__mro__ }}").find("__class__") != std::string::npos);
        QVERIFY(refusal("{% set xs = [] %}{% set y = xs.append(1) %}").find("list.append()") != std::string::npos);
        for (const char* broken : {"{{", "{% if 1 %}", "{{ 'a }}", "{{ (1 }}", "{% endif %}", "{{ 1 +}}", "{# ",
                                   "{{ ) }}", "{% for %}", "{{ 1 2 }}", "{% break %}", "{{ \xFF }}", "{{ '\\ud800' }}"})
            QVERIFY2(refusal(broken).find("of the chat template") != std::string::npos, broken);
    }

    void hostileTemplates_end_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addRow("loops in loops") << "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in "
                                           "range(99999) %}{% endfor %}{% endfor %}{% "
                                           "endfor %}";
        QTest::addRow("doubled text")
            << "{% set n = namespace(x='aaaaaaaa') %}{% for a in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}";
        QTest::addRow("doubled list")
            << "{% set n = namespace(x=[1]) %}{% for a in range(99) %}{% set n.x = n.x + n.x %}{% "
               "endfor %}";
        QTest::addRow("list of itself twice")
            << "{% set n = namespace(x=[1]) %}{% for a in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}";
        QTest::addRow("compared with itself") << "{% set n = namespace(x=[1], y=[1]) %}{% for a in range(60) %}{% set "
                                                 "n.x = [n.x, n.x] %}{% set n.y = [n.y, "
                                                 "n.y] %}{% endfor %}{{ n.x == n.y }}";
        QTest::addRow("deeper and deeper")
            << "{% set n = namespace(x=[1]) %}{% for a in range(99999) %}{% set n.x = [n.x] %}{% endfor %}";
        QTest::addRow("a macro that calls itself") << "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}";
        QTest::addRow("a namespace in itself") << "{% set n = namespace() %}{% set n.x = [n] %}{{ n.x }}";
        QTest::addRow("a long range") << "{{ range(9999999999) }}";
        QTest::addRow("much of a text") << "{{ 'aaaaaaaaaaaaaaaa' * 99999999999 }}";
        QTest::addRow("parentheses") << "{{ " + QString(5000, '(') + "1" + QString(5000, ')') + " }}";
        QTest::addRow("negations") << "{{ " + QString("not ").repeated(5000) + "1 }}";
        QTest::addRow("minus signs") << "{{ " + QString("- ").repeated(5000) + "1 }}";
        QTest::addRow("a long sum") << "{{ 1" + QString("+1").repeated(20000) + " }}";
        QTest::addRow("a long path") << "{{ a" + QString(".a").repeated(20000) + " }}";
        QTest::addRow("blocks in blocks")
            << QString("{% if 1 %}").repeated(5000) + QString("{% endif %}").repeated(5000);
        QTest::addRow("elif after elif") << "{% if 0 %}" + QString("{% elif 0 %}").repeated(5000) + "{% endif %}";
        QTest::addRow("overflow") << "{{ 9223372036854775807 + 1 }}";
        QTest::addRow("least number") << "{{ (-999999999999999999 * 999999999) // -1 }}";
        QTest::addRow("refusal with an escape") << "{{ raise_exception('\\x1b[2J') }}";
    }
    void hostileTemplates_end()
    {
        QFETCH(QString, source);
        QElapsedTimer timer;
        timer.start();
        const auto made = rendered(source.toStdString());
        QVERIFY2(!made, made ? made->substr(0, 80).c_str() : "");
        QVERIFY(made.error().message.size() < 400);
        QVERIFY(made.error().message.find('\x1b') == std::string::npos);
        QVERIFY2(timer.elapsed() < 5000 * tests::kPatience, std::to_string(timer.elapsed()).c_str());
    }

    void damagedTemplates_neverCrash()
    {
        Rng rng(tests::propertySeed(), "damaged templates");
        const Json golden = Json::parse(readFile(kFolder / "golden.json").value());
        for (int i = 0; i < 2000; ++i) {
            const Json& row = golden[rng.below(golden.size())];
            std::string source = row.contains("file") ? readFile(kFolder / row["file"].get<std::string>()).value()
                                                      : row["template"].get<std::string>();
            for (int damage = 0; damage < 3 && !source.empty(); ++damage) {
                static const std::string letters = "{}%#-()[]'\"|.~ \n\xC3";
                const std::size_t at = rng.below(source.size());
                if (rng.below(2) == 0)
                    source.erase(at, 1 + rng.below(8));
                else
                    source.insert(at, 1, letters[rng.below(letters.size())]);
            }
            (void)rendered(source, row["variables"]).ok();
        }
    }

    void request_isRenderedWithCallsAndTools()
    {
        const auto made = ChatTemplate::open(kFolder / "none", true);
        QVERIFY(!made);
        const auto qwen = ChatTemplate::parse(readFile(kFolder / "qwen_like.jinja").value(), "q");
        QVERIFY(qwen);
        ChatRequest request{
            .messages = {{.role = "user", .content = "Go"},
                         {.role = "assistant",
                          .content = "",
                          .calls = {{.id = "call00001", .name = "bash", .argumentsJson = R"({"command":"ls"})"}}},
                         {.role = "tool", .content = "a", .tool = "bash", .callId = "call00001"}},
            .tools = {{.name = "bash", .description = "d", .parametersJson = R"({"type":"object"})"}}};
        const auto text = qwen->render(request);
        QVERIFY(text);
        QVERIFY(
            text->find(
                "{\"type\": \"function\", \"function\": {\"name\": \"bash\", \"description\": \"d\", \"parameters\": "
                "{\"type\": \"object\"}}}") != std::string::npos);
        QVERIFY(text->ends_with("<|im_start|>assistant\n<tool_call>\n{\"name\": \"bash\", \"arguments\": {\"command\": "
                                "\"ls\"}}\n</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>\na\n</"
                                "tool_response><|im_end|>\n<|im_start|>assistant\n"));
        request.messages[1].calls[0].argumentsJson = "[1]";
        QCOMPARE(qwen->render(request).error().kind, ErrorKind::BadInput);
    }

    void folder_isOpenedInEachForm()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        QVERIFY(ChatTemplate::open(path, false).error().message.find("has no chat template") != std::string::npos);
        const auto said = [&](bool tools) { return ChatTemplate::open(path, tools)->renderJson("{}").value(); };
        write(path / "tokenizer_config.json", R"json({"chat_template": "one {{ 1 }}"})json");
        QCOMPARE(said(true), std::string("one 1"));
        write(path / "tokenizer_config.json", R"json({"chat_template": [{"name": "default", "template": "D"},
                                               {"name": "tool_use", "template": "T"}, {"name": 1}, 2]})json");
        QCOMPARE(said(true), std::string("T"));
        QCOMPARE(said(false), std::string("D"));
        write(path / "chat_template.jinja", "beside");
        QCOMPARE(said(true), std::string("beside"));
        std::filesystem::remove(path / "chat_template.jinja");
        for (const char* bad : {"[]", "{", R"({"chat_template": 3})", R"({"chat_template": []})"}) {
            write(path / "tokenizer_config.json", bad);
            QCOMPARE(ChatTemplate::open(path, true).error().kind, ErrorKind::BadInput);
        }
    }
};
GRADUS_SUITE(ChatTemplateTest)
#include "chat_template_test.moc"
