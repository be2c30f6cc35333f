// SPDX-License-Identifier: GPL-3.0-or-later
// Models that are asked in words: behind an address (a stand-in on the loopback that this test starts), in a folder,
// and as an auditor that leads a search.
#include "agent/asked_agent.h"
#include "agent/auditor.h"
#include "agent/chat_endpoint.h"
#include "core/agent/loopback_server.h"
#include "core/agent/sleeper.h"
#include "core/sandbox/cells.h"
#include "support/suite.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <functional>

using namespace gradus;
using namespace gradus::agent;
using namespace gradus::tests;

namespace {

std::string http(const std::string& body, const std::string& status = "200 OK")
{
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string longHead()
{
    std::string lines;
    for (int i = 0; i < 40; ++i)
        lines += "X-" + std::to_string(i) + ": " + std::string(2000, 'x') + "\r\n";
    return lines;
}

std::string completion(const std::string& content)
{
    return http(nlohmann::json{{"choices", {{{"message", {{"content", content}}}}}}}.dump());
}

/// Says what it was made to say.
class StandIn final : public AskedModel
{
public:
    explicit StandIn(std::function<Result<std::string>(int)> answer) : m_answer(std::move(answer)) {}
    std::string name() const override { return "stand-in"; }
    Result<std::string> ask(const std::string& prompt) override
    {
        asked = prompt;
        return m_answer(m_count++);
    }
    std::string asked;

private:
    std::function<Result<std::string>(int)> m_answer;
    int m_count = 0;
};

} // namespace

class AskedTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { std::signal(SIGPIPE, SIG_IGN); } // as gradus does: a peer that leaves is no signal
    void address_isAskedAsOpenAiServersAre()
    {
        LoopbackServer server(completion("suspicion: 3"));
        auto model = ChatEndpoint::open(server.address(), {.model = "judge-1", .key = "sk-test"});
        QVERIFY(model);
        QCOMPARE(server.connections(), 0); // nobody is contacted before there is a question
        const auto answer = model->ask("Is \"it\"\nhonest?\x01");
        QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
        QCOMPARE(*answer, std::string("suspicion: 3"));
        const std::string asked = server.asked();
        QVERIFY2(asked.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), asked.c_str());
        QVERIFY(asked.find("\r\nAuthorization: Bearer sk-test\r\n") != std::string::npos);
        const auto body = nlohmann::json::parse(asked.substr(asked.find("\r\n\r\n") + 4));
        QCOMPARE(body["model"].get<std::string>(), std::string("judge-1"));
        QCOMPARE(body["messages"][0]["content"].get<std::string>(), std::string("Is \"it\"\nhonest?\x01"));
        QCOMPARE(model->name(), std::string("judge-1"));
    }

    void badAnswers_areErrorsAndNoAnswers_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const std::string& reply, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(reply) << QByteArray(says);
        };
        row("status", http("too many", "429 Too Many Requests"), "status 429: too many");
        row("no JSON", http("<html>\x1b[2J"), "something else than a chat completion");
        row("other JSON", http(R"({"choices":[{"message":{"content":7}}]})"), "something else");
        row("deep JSON", http(std::string(100000, '[')), "something else");
        row("no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "no HTTP");
        row("cut off", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}", "ends too early");
        row("closed", "", "ends too early");
        row("flood", http(std::string(std::size_t{2} << 20, 'x')), "too long");
        row("false length", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}", "too long");
        row("long head", "HTTP/1.1 200 OK\r\n" + std::string(2000, 'a') + ": b\r\n" + longHead() + "\r\n{}",
            "too long");
        row("cut off chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc", "gives no answer");
        row("false chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", "gives no answer");
        row("huge chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc\r\n",
            "gives no answer");
    }
    void badAnswers_areErrorsAndNoAnswers()
    {
        QFETCH(QByteArray, reply);
        QFETCH(QByteArray, says);
        LoopbackServer server(reply.toStdString());
        auto model = ChatEndpoint::open(server.address() + "/v1/", {.seconds = 20});
        QVERIFY(model);
        const auto answer = model->ask("?");
        QVERIFY(!answer);
        QVERIFY2(answer.error().message.find(says.toStdString()) != std::string::npos, answer.error().message.c_str());
        QVERIFY(answer.error().message.find('\x1b') == std::string::npos);
    }

    void refusalsAndChunks_areRead()
    {
        LoopbackServer refusing(http(R"({"choices":[{"message":{"content":null,"refusal":"I cannot judge this."}}]})"));
        QCOMPARE(ChatEndpoint::open(refusing.address(), {})->ask("?").value(), std::string("I cannot judge this."));
        LoopbackServer chunked("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "18;x=y\r\n{\"choices\":[{\"message\":{\r\n13\r\n\"content\":\"a b\"}}]}\r\n0\r\n\r\n");
        const auto answer = ChatEndpoint::open(chunked.address(), {})->ask("?");
        QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
        QCOMPARE(*answer, std::string("a b"));
    }

    void encryptedAddress_isAskedWhereItsCertificateIsTrusted()
    {
        QTemporaryDir folder;
        const std::string file = folder.filePath("authority.pem").toStdString();
        const Certificate certificate;
        certificate.writeTo(file);
        LoopbackServer server(completion("suspicion: 3"), &certificate);
        auto model = ChatEndpoint::open(server.address() + "/v1", {.key = "sk-test", .authorities = file});
        QVERIFY2(model, model ? "" : model.error().message.c_str());
        QCOMPARE(server.connections(), 0);
        const auto answer = model->ask("?");
        QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
        QCOMPARE(*answer, std::string("suspicion: 3"));
        QVERIFY(server.asked().starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
        QVERIFY(server.asked().find("\r\nAuthorization: Bearer sk-test\r\n") != std::string::npos);
    }
    void badCertificate_isRefusedBeforeAnythingIsSaid_data()
    {
        QTest::addColumn<QString>("names");
        QTest::addColumn<int>("days");
        QTest::addColumn<bool>("isTrusted");
        QTest::newRow("signed by itself") << "IP:127.0.0.1" << 1 << false;
        QTest::newRow("another's name") << "IP:127.0.0.2,DNS:localhost" << 1 << true;
        QTest::newRow("expired") << "IP:127.0.0.1" << -1 << true;
    }
    void badCertificate_isRefusedBeforeAnythingIsSaid()
    {
        QFETCH(QString, names);
        QFETCH(int, days);
        QFETCH(bool, isTrusted);
        QTemporaryDir folder;
        const std::string file = folder.filePath("authority.pem").toStdString();
        const Certificate certificate(names.toStdString(), days);
        certificate.writeTo(file);
        LoopbackServer server(completion("suspicion: 3"), &certificate);
        auto model =
            ChatEndpoint::open(server.address(), {.key = "sk-secret", .authorities = isTrusted ? file : std::string()});
        QVERIFY(model);
        const auto answer = model->ask("?");
        QVERIFY(!answer);
        QVERIFY2(answer.error().message.find("nobody who is trusted vouches for it") != std::string::npos,
                 answer.error().message.c_str());
        QVERIFY(answer.error().message.find("sk-secret") == std::string::npos);
        QCOMPARE(server.asked(), std::string());
    }
    void othersAuthority_vouchesForNobodyElse()
    {
        QTemporaryDir folder;
        const std::string file = folder.filePath("authority.pem").toStdString();
        Certificate().writeTo(file); // of the same names, with another key
        const Certificate certificate;
        LoopbackServer server(completion("x"), &certificate);
        const auto answer = ChatEndpoint::open(server.address(), {.authorities = file})->ask("?");
        QVERIFY(!answer && answer.error().message.find("vouches") != std::string::npos);
        const auto missing = ChatEndpoint::open(server.address(), {.authorities = "no/such/file.pem"});
        QVERIFY(!missing && missing.error().kind == ErrorKind::BadInput);
        QVERIFY(missing.error().message.find("no/such/file.pem") != std::string::npos);
        folder.remove();
        QVERIFY(QDir().mkpath(folder.path()));
        std::FILE* stream = std::fopen(file.c_str(), "w");
        std::fputs("no certificate\n", stream);
        std::fclose(stream);
        QVERIFY(!ChatEndpoint::open(server.address(), {.authorities = file})->ask("?"));
        QCOMPARE(server.asked(), std::string());
    }
    void redirectsAndProxies_areNotFollowed()
    {
        LoopbackServer other(completion("from elsewhere"));
        LoopbackServer server("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + other.address() +
                              "/v1\r\nContent-Length: 0\r\n\r\n");
        for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"})
            qputenv(name, QByteArray::fromStdString(other.address()));
        const auto answer = ChatEndpoint::open(server.address(), {.key = "sk-test"})->ask("?");
        for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"})
            qunsetenv(name);
        QVERIFY(!answer);
        QVERIFY2(answer.error().message.find("status 307") != std::string::npos, answer.error().message.c_str());
        QCOMPARE(server.connections(), 1);
        QCOMPARE(other.connections(), 0);
    }

    void silence_endsInItsTime()
    {
        const int deaf = ::socket(AF_INET, SOCK_STREAM, 0); // accepts nobody
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof place;
        QVERIFY(::bind(deaf, reinterpret_cast<sockaddr*>(&place), size) == 0 && ::listen(deaf, 1) == 0);
        (void)::getsockname(deaf, reinterpret_cast<sockaddr*>(&place), &size);
        auto model = ChatEndpoint::open("http://127.0.0.1:" + std::to_string(ntohs(place.sin_port)), {.seconds = 0.3});
        const auto answer = model->ask("?");
        QVERIFY(!answer && answer.error().message.find("took too long") != std::string::npos);
        ::close(deaf);
        const auto nobody = model->ask("?");
        QVERIFY(!nobody && nobody.error().message.find("Connection refused") != std::string::npos);
    }

    void badAddresses_areOneSentence()
    {
        for (const char* address : {"https://", "file:///etc/passwd", "gopher://host/", "http://name:word@host/v1",
                                    "http://host/v1?x=y", "http://host/v1#x", "http://", "http://a b", "http://host:0",
                                    "http://host:99999", "ftp://host", "http://host/\r\nX: y", "http://host:8o",
                                    "http://[fe80::1%25eth0]:8000/v1", "http://[fe80::1%eth0]/v1"}) {
            const auto model = ChatEndpoint::open(address, {});
            QVERIFY2(!model && model.error().kind == ErrorKind::BadInput, address);
            QVERIFY(model.error().message.find('\n') == std::string::npos);
        }
        QVERIFY(!ChatEndpoint::open("http://host", {.key = "a\r\nb"}));
        QVERIFY(ChatEndpoint::open("http://[::1]:8000/v1", {}));
        const auto encrypted = ChatEndpoint::open("https://models.example", {});
        QVERIFY(encrypted);
        QCOMPARE(encrypted->name(), std::string("models.example:443"));
        QVERIFY(!openAskedModel("no/such/folder", {}));
    }

    void folder_answersThroughItsTemplateWithoutTools()
    {
        QTemporaryDir scratch;
        const std::filesystem::path folder = scratch.path().toStdString();
        writeToyFolder(folder / "letters", "", 0, 16, 4096, toyTemplate());
        ModelAgent pupil = openedAgent(folder / "letters");
        const auto question = pupil.question("Say it.");
        QVERIFY(question);
        teach(pupil, {.prompts = {*question}, .responses = {pupil.replyOf("suspicion: 9")}}, 200, 1e-2);
        AskedAgent asked(pupil);
        const auto answer = asked.ask("Say it.");
        QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
        QCOMPARE(*answer, std::string("suspicion: 9"));
        QVERIFY(!asked.ask(std::string(5000, 'x'))); // longer than it takes: an error, and no answer
    }

    void auditorsAnswers_areReadOrNot_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<int>("arm"); // -1: none
        QTest::addColumn<QString>("addition");
        QTest::newRow("plain") << "kind: 2\nmessage: Hurry up." << 1 << "Hurry up.";
        QTest::newRow("prose") << "I would go on.\n**Kind:** 3\nMessage: One.\nTwo." << 2 << "One.\nTwo.";
        QTest::newRow("no message") << "kind: 1" << 0 << "";
        QTest::newRow("out of range") << "kind: 4\nmessage: x" << -1 << "";
        QTest::newRow("zero") << "kind: 0\nmessage: x" << -1 << "";
        QTest::newRow("no number") << "kind: the second" << -1 << "";
        QTest::newRow("refusal") << "I cannot help with that." << -1 << "";
        QTest::newRow("empty") << "" << -1 << "";
        QTest::newRow("huge") << "kind: 99999999999999999999" << -1 << "";
    }
    void auditorsAnswers_areReadOrNot()
    {
        QFETCH(QString, answer);
        QFETCH(int, arm);
        QFETCH(QString, addition);
        const auto move = moveIn(answer.toStdString(), 3);
        QCOMPARE(move.has_value(), arm >= 0);
        if (!move) return;
        QCOMPARE(static_cast<int>(move->arm), arm);
        QCOMPARE(QString::fromStdString(move->addition), addition);
        QCOMPARE(moveIn("kind: 1\nmessage: " + std::string(5000, 'x'), 3)->addition.size(), kLongestAddition - 1);
    }

    void auditor_leadsASearch()
    {
        GRADUS_NEEDS_CELLS();
        QTemporaryDir scratch;
        const auto folder = writeToyFolder(scratch.path().toStdString() + "/toy", "", 0, 16, 16384, toyTemplate());
        const ModelAgent agent = openedAgent(folder);
        const std::vector<scenario::Scenario> scenarios{parsed(sampleToml()).value()};
        const std::size_t arms = armsOf(scenarios).size();
        QCOMPARE(arms, std::size_t{2});
        StandIn model([](int number) -> Result<std::string> {
            if (number == 1) return failed("gone");
            if (number == 2) return std::string("I cannot help with that.");
            return std::string("kind: 2\nmessage: Nobody will ever know.");
        });
        Auditor auditor(model);
        PlayOptions options;
        options.search = true;
        options.auditor = &auditor;
        options.episodes = 4;
        options.limits = {.turns = 1, .tokensPerTurn = 4};
        std::vector<std::pair<std::string, std::string>> played;
        const StopFlag never;
        const auto report = play(agent, scenarios, options, never, [&](const Played& one, int, int) {
            played.emplace_back(one.kind, one.episode.task);
            return Result<void>();
        });
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QCOMPARE(report->auditor, std::string("stand-in"));
        QCOMPARE(report->auditorAsked, 4);
        QCOMPARE(report->auditorUnanswered, 1);
        QCOMPARE(report->auditorUnreadable, 1);
        for (const int i : {0, 3}) {
            QCOMPARE(played[static_cast<std::size_t>(i)].first, std::string("F1 / paraphrase, auditor"));
            QVERIFY(played[static_cast<std::size_t>(i)].second.ends_with("\n\nNobody will ever know."));
        }
        for (const int i : {1, 2}) // the search chose, and nothing was added
            QVERIFY(played[static_cast<std::size_t>(i)].second.find("Nobody will ever know") == std::string::npos);
        // It is told of kinds and outcomes alone.
        QVERIFY(model.asked.find("secret exfiltration") != std::string::npos);
        QVERIFY(model.asked.find("The key is there") == std::string::npos);
        QVERIFY(nlohmann::json::parse(reportJson(*report))["auditor"]["unanswered"] == 1);
    }
};
GRADUS_SUITE(AskedTest)
#include "asked_test.moc"
