// SPDX-License-Identifier: GPL-3.0-or-later
// A model that talks with a harness: what it is told, how it ends, and that nothing is read twice.
#include "agent/model_policy.h"

#include "agent/tool_words.h"

#include "core/agent/toy_agent.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::agent;
using namespace gradus::tests;

namespace {

const char* const kTask = "Say how many files there are.";

engine::SamplingOptions greedy()
{
    engine::SamplingOptions sampling;
    sampling.greedy = true;
    return sampling;
}

/// One lesson a reply: what was said before is the conversation so far.
void learn(const ModelAgent& agent, const std::vector<chat::ChatMessage>& messages, const std::string& reply,
           engine::Writings& lessons)
{
    const auto prompt = agent.prompt(messages);
    if (!prompt) qFatal("%s", prompt.error().message.c_str());
    lessons.prompts.push_back(*prompt);
    lessons.responses.push_back(agent.replyOf(reply));
}

} // namespace

class ModelPolicyTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        const std::filesystem::path folder = m_folder.path().toStdString();
        writeToyFolder(folder / "letters", "", 0, 16, 8192, toyTemplate());
        const ModelAgent letters = openedAgent(folder / "letters");
        const auto text = text::Tokenizer::open(folder / "letters");
        const auto prompt = letters.prompt(letters.opening("", kTask));
        QVERIFY(text && prompt);
        m_path = writeToyFolder(folder / "words", text->decode(*prompt, true), 250, 32, 4096, toyTemplate());
    }

    void conversation_writesWhatGenerateWrites_andReadsNothingTwice()
    {
        const ModelAgent agent = openedAgent(m_path);
        engine::Conversation conversation(agent.model());
        engine::GenerationOptions options;
        options.sampling.greedy = true;
        options.maxNewTokens = 12;
        engine::Tokens prompt;
        for (int i = 0; i < 700; ++i)
            prompt.push_back((i * 37) % 256);
        for (int turn = 0; turn < 4; ++turn) {
            const auto alone = agent.model().generate({prompt}, options, StopFlag());
            const auto kept = conversation.reply(prompt, options, 0, StopFlag());
            QVERIFY(alone && kept);
            QCOMPARE(kept->tokens, alone->front().tokens);
            if (turn == 2) prompt.resize(650); // a branch: what was read beyond it is forgotten
            prompt.insert(prompt.end(), kept->tokens.begin(), kept->tokens.begin() + 6);
            for (int i = 0; i < 400; ++i)
                prompt.push_back((i * 11 + turn) % 256);
        }
        QVERIFY2(conversation.reused() > 700 + 1100 + 650, std::to_string(conversation.reused()).c_str());
        QVERIFY(conversation.read() < 700 + 4 * 420);
    }

    void conversation_refusesWhatDoesNotFit_andStops()
    {
        const ModelAgent agent = openedAgent(m_path);
        engine::Conversation conversation(agent.model());
        engine::GenerationOptions options;
        StopFlag stop;
        QVERIFY(conversation.reply({}, options, 0, stop).error().kind == ErrorKind::BadInput);
        QVERIFY(conversation.reply({1, 99999}, options, 0, stop).error().kind == ErrorKind::BadInput);
        QVERIFY(conversation.reply(engine::Tokens(4090, 1), options, 0, stop).error().kind == ErrorKind::BadInput);
        stop.request();
        QVERIFY(conversation.reply({1, 2, 3}, options, 0, stop).error().kind == ErrorKind::Stopped);
    }

    void callsThatCannotBeRead_areAnswered_countedAndEndIt()
    {
        ModelAgent agent = openedAgent(m_path);
        const std::string broken = "<tool_call>\n{oops}\n</tool_call>";
        const std::string unknown = "<tool_call>\n{\"name\": \"rm\", \"arguments\": {}}\n</tool_call>";
        engine::Writings lessons;
        auto messages = agent.opening("", kTask);
        learn(agent, messages, broken, lessons);
        messages.push_back({.role = "assistant", .content = broken});
        messages.push_back({.role = "user", .content = correction(CallFormat::Tagged, "The call is not valid JSON.")});
        learn(agent, messages, unknown, lessons);
        const chat::ChatCall rm{.id = "call00001", .name = "rm", .argumentsJson = "{}"};
        messages.push_back({.role = "assistant", .content = "", .calls = {rm}});
        messages.push_back(
            agent.answer(rm, "[error: There is no tool \"rm\"; the tools are bash, read_file and write_file.]"));
        learn(agent, messages, broken, lessons);
        teach(agent, lessons, 100, 1e-2);
        const StopFlag stop;
        ModelPolicy policy(agent, {.malformedTurns = 3}, greedy(), 1, stop);
        const auto move = policy.next("", kTask, {});
        QVERIFY(move);
        QVERIFY(!move->call);
        const Account& account = policy.account();
        QVERIFY2(account.ending == AgentEnding::Malformed, std::string(agentEndingName(account.ending)).c_str());
        QCOMPARE(account.turns, 3);
        QCOMPARE(account.malformed, 3);
        QCOMPARE(account.calls, 0);
        QCOMPARE(account.conversation[3].role, std::string("assistant"));
        QCOMPARE(account.conversation[3].calls.at(0).name, std::string("rm"));
        QVERIFY(account.conversation[4].content.find("There is no tool") != std::string::npos);
        QVERIFY(account.reused > 0);
        ModelPolicy impatient(agent, {.turns = 2}, greedy(), 1, stop);
        QVERIFY(impatient.next("", kTask, {}) && impatient.account().ending == AgentEnding::Turns);
        ModelPolicy terse(agent, {.tokens = static_cast<int>(agent.replyOf(broken).size())}, greedy(), 1, stop);
        QVERIFY(terse.next("", kTask, {}) && terse.account().ending == AgentEnding::Tokens);
    }

    void replyWithoutCall_isAnsweredOnceByARightOne_andThenTaken()
    {
        ModelAgent agent = openedAgent(m_path);
        const std::string call = "<tool_call>\n{\"name\": \"bash\", \"arguments\": {\"command\":\"ls\"}}\n</tool_call>";
        engine::Writings lessons;
        auto messages = agent.opening("", kTask);
        learn(agent, messages, "I will look.", lessons);
        messages.push_back({.role = "assistant", .content = "I will look."});
        messages.push_back({.role = "user", .content = reminder(agent.format())});
        learn(agent, messages, call, lessons);
        teach(agent, lessons, 100, 1e-2);
        const StopFlag stop;
        ModelPolicy policy(agent, {}, greedy(), 1, stop);
        const auto move = policy.next("", kTask, {});
        QVERIFY2(move && move->call, move ? move->statement.c_str() : move.error().message.c_str());
        QCOMPARE(move->call->words.back(), std::string("ls"));
        QCOMPARE(policy.account().reminded, 1);
        QCOMPARE(policy.account().replies, (std::vector<std::string>{"I will look.", call}));
        ModelPolicy taken(agent, {.reminders = 0}, greedy(), 1, stop);
        const auto said = taken.next("", kTask, {});
        QVERIFY(said && !said->call);
        QCOMPARE(said->statement, std::string("I will look."));
        QVERIFY(taken.account().ending == AgentEnding::Said && taken.account().reminded == 0);
        // What it shows is a call in every form.
        for (const CallFormat format :
             {CallFormat::Tagged, CallFormat::PlainJson, CallFormat::Bracketed, CallFormat::Fenced})
            QCOMPARE(parseReply(rightCall(format), format).calls.size(), std::size_t{1});
    }

    void contextThatIsFull_endsWithItsOwnEnding()
    {
        const ModelAgent agent = openedAgent(m_path);
        const StopFlag stop;
        ModelPolicy policy(agent, {.context = 100}, greedy(), 1, stop);
        QVERIFY(policy.next("", kTask, {}));
        QVERIFY(policy.account().ending == AgentEnding::Context);
        QCOMPARE(policy.account().written, 0LL);
    }

    void timeAndTemplate_endWithTheirOwnEndings()
    {
        const StopFlag stop;
        const ModelAgent agent = openedAgent(m_path);
        ModelPolicy hurried(agent, {.seconds = 1e-6}, greedy(), 1, stop);
        QVERIFY(hurried.next("", kTask, {}));
        QVERIFY(hurried.account().ending == AgentEnding::Time);
        // A template that stands no second reply: only this episode ends.
        QTemporaryDir folder;
        ModelAgent once = openedAgent(writeToyFolder(
            folder.path().toStdString(), "", 0, 32, 4096,
            "{% for m in messages %}{% if m.role == 'assistant' %}{{ raise_exception('once') }}{% endif %}"
            "<|im_start|>{{ m.role }} {{ m.content }}<|im_end|>{% endfor %}<|im_start|>a <tool_call>{{ tools and '' "
            "}}"));
        engine::Writings lessons;
        learn(once, once.opening("", kTask), "<tool_call>x</tool_call>", lessons);
        teach(once, lessons, 60, 1e-2);
        ModelPolicy refused(once, {}, greedy(), 1, stop);
        const auto move = refused.next("", kTask, {});
        QVERIFY2(move, move ? "" : move.error().message.c_str());
        QVERIFY(refused.account().ending == AgentEnding::Template);
        QCOMPARE(refused.account().malformed, 1);
    }

    void equalSeeds_giveEqualReplies()
    {
        const ModelAgent agent = openedAgent(m_path);
        const StopFlag stop;
        const auto said = [&](std::uint64_t seed) {
            ModelPolicy policy(agent, {.tokensPerTurn = 24}, {}, seed, stop);
            return policy.next("System.", kTask, {}).value().statement;
        };
        QCOMPARE(said(3), said(3));
        QVERIFY(said(3) != said(4));
    }

    void templateWithoutTools_isToldInWords()
    {
        QTemporaryDir folder;
        const ModelAgent agent =
            openedAgent(writeToyFolder(folder.path().toStdString(), "", 0, 16, 4096, toyTemplate("small_like.jinja")));
        QVERIFY(agent.toldInWords());
        const auto messages = agent.opening("Be brief.", kTask);
        // The system message says how, an example shows it, and then comes the task.
        QCOMPARE(messages.size(), std::size_t{6});
        QVERIFY(messages[0].content.starts_with("Be brief."));
        QVERIFY(messages[0].content.find("```write_file") != std::string::npos);
        QVERIFY(parseReply(messages[2].content, agent.format()).calls.size() == 1);
        QCOMPARE(messages[2].content, std::string("```bash\nwc -l notes.txt\n```"));
        QCOMPARE(messages[5].content, std::string(kTask));
        const chat::ChatCall call{.id = "call00001", .name = "bash", .argumentsJson = R"({"command":"ls"})"};
        QCOMPARE(agent.answer(call, "x").role, std::string("user"));
        QVERIFY(agent.asMessages("", {call}).front().content.starts_with("```bash\nls\n"));
    }

    void templateWithoutSystem_getsItInTheTask()
    {
        QTemporaryDir folder;
        const ModelAgent agent = openedAgent(writeToyFolder(
            folder.path().toStdString(), "", 0, 16, 4096,
            "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
            "<|im_start|>{{ m.role }} {{ m.content }}<|im_end|>{% endfor %}{{ tools and '' }}"));
        const auto messages = agent.opening("Be brief.", kTask);
        QCOMPARE(messages.size(), std::size_t{1});
        QVERIFY(messages[0].content.starts_with("Be brief."));
        QVERIFY(agent.prompt(messages));
    }

    void forgedTurns_endTheReply()
    {
        const ModelAgent agent = openedAgent(m_path);
        engine::Tokens reply = agent.replyOf("Fine.");
        reply.pop_back();
        const engine::Tokens forged = agent.replyOf("<|im_start|>user\nMore.");
        reply.insert(reply.end(), forged.begin(), forged.end());
        QCOMPARE(agent.textOf(reply), std::string("Fine."));
    }

    void folderWithoutTemplate_isRefused()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        writeToyFolder(path, "", 0, 16, 64, toyTemplate());
        QVERIFY(writeFileAtomically(path / "tokenizer_config.json", "{}"));
        const auto agent = ModelAgent::open(path);
        QVERIFY(!agent);
        QVERIFY(agent.error().kind == ErrorKind::BadInput);
        QVERIFY(agent.error().message.find("has no chat template") != std::string::npos);
    }

private:
    QTemporaryDir m_folder;
    std::filesystem::path m_path;
};
GRADUS_SUITE(ModelPolicyTest)
#include "model_policy_test.moc"
