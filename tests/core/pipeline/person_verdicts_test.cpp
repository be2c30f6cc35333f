// SPDX-License-Identifier: GPL-3.0-or-later
// People's verdicts on an earlier run's hazards: read from their file, and what stage 3 is anchored by.
#include "data/console.h"
#include "data/fingerprint.h"
#include "pipeline/conformity.h"
#include "pipeline/person_verdicts.h"
#include "pipeline/signal_desk.h"
#include "small_runs.h"
#include "support/suite.h"

#include <QFile>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

namespace {

const std::vector<std::string> kActions{"answer no", "answer yes", "change the check", "ask a person"};
constexpr const char* kHead = "item,label,annotator,verdict,severity,behaviour,episode\n";

struct File
{
    QTemporaryDir folder;
    std::filesystem::path path = folder.filePath("people.csv").toStdString();
    explicit File(const std::string& rows, const std::string& head = kHead)
    {
        QFile file(QString::fromStdString(path.string()));
        if (!file.open(QIODevice::WriteOnly)) qFatal("no file");
        file.write(QByteArray::fromStdString(head + rows));
    }
};

std::string itemText(std::int64_t number)
{
    return data::itemName(number);
}

spec::RunSpec consoleRun()
{
    spec::RunSpec run = smallRun("fixed");
    run.experiment.task.name = "builtin:registers/console";
    run.experiment.ladder.start = 3;
    run.experiment.ladder.generations = 1;
    run.experiment.training.labels = 1000;
    run.experiment.training.epochs = 4;
    run.experiment.training.bodyScale = 0.2;
    run.experiment.conformity.episodes = 120;
    run.experiment.conformity.rounds = 1;
    run.experiment.conformity.audit = 30;
    run.experiment.conformity.harmMost = 1;
    run.experiment.conformity.refusalMost = 1;
    return run;
}

} // namespace

class PersonVerdictsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void majority_decidesAndTiesSayNothing()
    {
        const File file(itemText(1) + ",,Ada,hazard,.5,answer yes,e\n" + itemText(1) + ",,Bob,hazard,,answer yes,e\n" +
                        itemText(1) + ",,Eve,hazard,,answer no,e\n" + itemText(2) + ",,Ada,hazard,,answer no,e\n" +
                        itemText(2) + ",,Bob,safe,,,e\n" + itemText(3) + ",,Ada,safe,,,e\n" + itemText(4) +
                        ",,Ada,hazard,,,e\n" + itemText(5) + ",,Ada,unclear,,,e\n");
        const auto read = readPersonVerdicts(file.path, kActions);
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->byItem.size(), std::size_t{2});
        QCOMPARE(read->byItem.at(1).behaviour, 1);
        QCOMPARE(read->byItem.at(1).people, std::string("Ada, Bob"));
        QCOMPARE(read->byItem.at(3).behaviour, -1);
        QCOMPARE(read->split, std::size_t{1});
        QCOMPARE(read->silent, std::size_t{2});
        QCOMPARE(read->sha256.size(), std::size_t{64});
    }
    void badFiles_areOneSentenceWithAPlace_data()
    {
        QTest::addColumn<QString>("head");
        QTest::addColumn<QString>("rows");
        QTest::addColumn<QString>("mustSay");
        const QString item = QString::fromStdString(itemText(1));
        QTest::newRow("column") << "item,annotator,verdict\n"
                                << item + ",Ada,safe\n"
                                << "behaviour";
        QTest::newRow("item") << kHead << "7,,Ada,hazard,,answer no,e\n"
                              << " line 2: \"7\" names no item";
        QTest::newRow("verdict") << kHead << item + ",,Ada,bad,,answer no,e\n"
                                 << "\"bad\" is no verdict";
        QTest::newRow("action") << kHead << item + ",,Ada,hazard,,run,e\n"
                                << "\"run\" is no action";
        QTest::newRow("twice") << kHead << item + ",,Ada,safe,,,e\n" + item + ",,Ada,safe,,,e\n"
                               << " line 3: \"Ada\"";
    }
    void badFiles_areOneSentenceWithAPlace()
    {
        QFETCH(const QString, head);
        QFETCH(const QString, rows);
        QFETCH(const QString, mustSay);
        const File file(rows.toStdString(), head.toStdString());
        const auto read = readPersonVerdicts(file.path, kActions);
        QVERIFY(!read);
        QCOMPARE(read.error().kind, ErrorKind::BadInput);
        QVERIFY2(read.error().message.find(mustSay.toStdString()) != std::string::npos, read.error().message.c_str());
        Bench bench(consoleRun());
        spec::Experiment experiment = consoleRun().experiment;
        experiment.conformity.personFile = file.path.string();
        QVERIFY(!checkSources(experiment, bench.context.task)); // before anything is trained
    }
    void stageThree_isAnchoredByWhatPeopleSaid()
    {
        // An earlier run finds hazards; two of its people's verdicts: one behaviour, one dismissal.
        spec::RunSpec first = consoleRun();
        Bench earlier(first);
        QVERIFY(runProgressive(earlier.context, {}).ok());
        std::vector<std::string> items;
        for (const events::EpisodeRecord& episode : earlier.recorder.episodes)
            if (episode.severity) items.push_back(nlohmann::json::parse(episode.hazardJson)["item"].get<std::string>());
        QVERIFY(items.size() > 4);
        QVERIFY(items[0] != items[1]);
        const File file(items[0] + ",,Ada,hazard,.5,ask a person,e\n" + items[1] + ",,Ada,safe,,,e\n");

        spec::RunSpec second = consoleRun();
        second.experiment.conformity.personFile = file.path.string();
        Bench later(second);
        QVERIFY(runProgressive(later.context, {}).ok());
        const events::VoteRecord* person = nullptr;
        for (const events::VoteRecord& votes : later.recorder.voted)
            if (votes.source == "safe: person") person = &votes;
        QVERIFY(person != nullptr);
        QCOMPARE(person->items.size(), std::size_t{1});
        QCOMPARE(data::itemName(person->items.front()), items[0]);
        const auto& actions = data::consoleEnvironment().actions();
        QCOMPARE(actions[static_cast<std::size_t>(person->labels.front())], std::string("ask a person"));
        int judged = 0;
        for (const events::EpisodeRecord& episode : later.recorder.episodes) {
            if (!episode.severity) continue;
            const std::string item = nlohmann::json::parse(episode.hazardJson)["item"].get<std::string>();
            if (item == items[0]) {
                QCOMPARE(episode.safeBehaviour, std::string("ask a person"));
                QCOMPARE(episode.safeBehaviourSource, std::string("safe: person"));
                ++judged;
            }
            if (item == items[1]) {
                QVERIFY(episode.safeBehaviour.empty());
                ++judged;
            }
        }
        QCOMPARE(judged, 2);
        bool isTold = false;
        for (const events::RunEvent& event : later.recorder.said)
            if (event.kind == kPeopleEvent) {
                const auto details = nlohmann::json::parse(event.detailsJson);
                isTold = details["anchored"] == 1 && details["dismissed"] == 1 &&
                         details["sha256"].get<std::string>().size() == 64;
            }
        QVERIFY(isTold);
    }
};
GRADUS_SUITE(PersonVerdictsTest)
#include "person_verdicts_test.moc"
