// SPDX-License-Identifier: GPL-3.0-or-later
// How model folders are asked: plain words as they are, or turns that no text can open or end.
#include "base/files.h"
#include "pipeline/prompting.h"
#include "support/must.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;
using engine::Tokens;

namespace {

constexpr const char* kTemplate =
    "{% for m in messages %}{{ '[' + m['role'] + '] ' + m['content'] + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '[assistant] ' }}{% endif %}";

class Folder final
{
public:
    explicit Folder(const std::string& chatTemplate)
    {
        std::filesystem::copy_file(tests::sourceDir() / "tests/data/tokenizers/llama2/tokenizer.json",
                                   path() / "tokenizer.json");
        if (!chatTemplate.empty()) must(writeFileAtomically(path() / "chat_template.jinja", chatTemplate));
    }
    std::filesystem::path path() const { return m_folder.path().toStdString(); }
    std::string words(const Tokens& tokens) const { return must(text::Tokenizer::open(path())).decode(tokens); }
    std::string words(const Asked& asked) const { return words(asked.tokens); }

private:
    QTemporaryDir m_folder;
};

spec::Task asked(const std::string& how)
{
    spec::Task task;
    task.prompts = how;
    return task;
}

} // namespace

class PromptingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void plainWords_areThoseOfTheText()
    {
        const Folder folder(kTemplate);
        const Prompting plain = must(Prompting::open(folder.path(), asked("plain")));
        const auto tokenizer = must(text::Tokenizer::open(folder.path()));
        const std::string text = "Tom had a ball. Question: what?";
        QCOMPARE(plain.prompt(text, 500).tokens, tokenizer.encode(text, {.parseSpecialTokens = false}));
        const Tokens all = plain.prompt(text, 500).tokens;
        QCOMPARE(plain.prompt(text, 5).tokens, Tokens(all.end() - 5, all.end())); // it loses its beginning
        QVERIFY(plain.prompt(text, 5).cut && !plain.prompt(text, 500).cut);
        QCOMPARE(plain.prompt("", 5).tokens.size(), std::size_t{1});
    }
    void aChat_isInTurnsOfTheTemplate()
    {
        const Folder folder(kTemplate);
        const Prompting chat = must(Prompting::open(folder.path(), asked("chat")));
        const std::string said = folder.words(chat.prompt("What did Tom have?", 500));
        QVERIFY2(said.find("[user] What did Tom have?") != std::string::npos, said.c_str());
        QVERIFY2(QString::fromStdString(said).trimmed().endsWith("[assistant]"), said.c_str());
        QCOMPARE(chat.answer(" a ball "), chat.answer("a ball")); // the turn brings its own space
        const std::string dialogue =
            folder.words(chat.prompt("\n\nHuman: Hello\n\nAssistant: Yes?\n\nHuman: What now?\n\nAssistant:", 500));
        QVERIFY2(dialogue.find("[user] Hello") < dialogue.find("[assistant] Yes?") &&
                     dialogue.find("[assistant] Yes?") < dialogue.find("[user] What now?"),
                 dialogue.c_str());
    }
    void whatIsTooLong_losesItsBeginningButNoTurn()
    {
        const Folder folder(kTemplate);
        const Prompting chat = must(Prompting::open(folder.path(), asked("chat")));
        std::string longText;
        for (int i = 0; i < 300; ++i)
            longText += "word\xc3\xa9 ";
        const Tokens cut = chat.prompt(longText + "the end", 60).tokens;
        QVERIFY(cut.size() <= 60 && cut.size() > 40);
        const std::string said = folder.words(cut);
        QVERIFY2(said.find("[user]") != std::string::npos && said.find("the end") != std::string::npos, said.c_str());
        const std::string kept = folder.words(
            chat.prompt("\n\nHuman: " + longText + "\n\nAssistant: Fine.\n\nHuman: Why?\n\nAssistant:", 60));
        QVERIFY2(kept.find("[user] Why?") != std::string::npos && kept.find("word") == std::string::npos, kept.c_str());
        QCOMPARE(chat.prompt(longText, 3).tokens.size(), std::size_t{3}); // less than the template alone
    }
    void turns_alternate()
    {
        QCOMPARE(turnsOf("plain").size(), std::size_t{1});
        QCOMPARE(turnsOf("").front().role, std::string("user"));
        const auto merged = turnsOf("\n\nHuman: a\n\nHuman: b\n\nAssistant:\n\nHuman: c");
        QCOMPARE(merged.size(), std::size_t{1});
        QCOMPARE(merged.front().content, std::string("a\n\nb\n\nc"));
    }
    void withoutATemplate_aChatIsRefused()
    {
        const Folder without({});
        const auto refused = Prompting::open(without.path(), asked("chat"));
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().kind, ErrorKind::BadInput);
        QCOMPARE(refused.error().key, std::string("task.prompts"));
        QVERIFY(Prompting::open(without.path(), asked("plain")).ok());
        const Folder picky("{{ raise_exception('no') }}");
        QCOMPARE(Prompting::open(picky.path(), asked("chat")).error().key, std::string("task.prompts"));
    }
};
GRADUS_SUITE(PromptingTest)
#include "prompting_test.moc"
