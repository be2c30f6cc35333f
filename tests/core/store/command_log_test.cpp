// SPDX-License-Identifier: GPL-3.0-or-later
// What was asked of a run is in its history from the moment it is asked, and nothing stays without an answer.
#include "store/command_log.h"

#include "events/run_commands.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

class CommandLogTest : public QObject
{
    Q_OBJECT
    using State = AskedCommand::State;

    static std::vector<EventRow> eventsOf(const OneRun& one)
    {
        must(one.writer->flush());
        return must(one.reader().detail(one.run)).events;
    }
    static events::RunEvent answer(const char* kind, std::int64_t id, const std::string& verb)
    {
        return events::commandEvent(kind, {.id = id, .verb = verb}, 1, 7, "Answer " + std::to_string(id));
    }

private Q_SLOTS:
    void askedThenAnswered_isToldInOrder()
    {
        OneRun one;
        must(one.writer->claim(one.run));
        const auto pause = must(one.writer->postCommand(one.run, "pause"));
        const auto evaluate = must(one.writer->postCommand(one.run, "evaluate"));
        auto log = commandLog(eventsOf(one));
        QCOMPARE(log.size(), std::size_t{2});
        QVERIFY(log[0].id == pause && log[0].verb == "pause" && log[0].state == State::Waiting && log[0].askedAt > 0);
        QVERIFY(!isHeld(eventsOf(one)));
        one.sink().event(answer(events::kCommandDone, pause, "pause"));
        one.sink().event(answer(events::kCommandRefused, evaluate, "evaluate"));
        log = commandLog(eventsOf(one));
        QVERIFY(log[0].state == State::Done && log[0].step == 7 && log[0].answeredAt >= log[0].askedAt);
        QVERIFY(log[1].state == State::Refused && log[1].sentence == "Answer " + std::to_string(evaluate));
        QVERIFY(isHeld(eventsOf(one)));
        const auto goOn = must(one.writer->postCommand(one.run, "continue"));
        QVERIFY(isHeld(eventsOf(one))); // until it is obeyed
        one.sink().event(answer(events::kCommandDone, goOn, "continue"));
        QVERIFY(!isHeld(eventsOf(one)));
    }

    void payload_reachesWhoeverTakesTheCommand()
    {
        OneRun one;
        must(one.writer->claim(one.run));
        must(one.writer->postCommand(one.run, "pause"));
        const std::string payload = "[\"a\", \"\xe9\x80\x80\n\"]";
        must(one.writer->postCommand(one.run, "alerts", payload));
        const auto taken = must(one.writer->takeCommands(one.run));
        QCOMPARE(taken.size(), std::size_t{2});
        QVERIFY(taken[0].payload.empty());
        QCOMPARE(taken[1].payload, payload);
        QCOMPARE(commandLog(eventsOf(one))[1].payload, payload);
    }

    void unknownVerb_isBadInputAndLeavesNothing()
    {
        OneRun one;
        QCOMPARE(one.writer->postCommand(one.run, "rm -rf").error().kind, ErrorKind::BadInput);
        QCOMPARE(one.writer->postCommand(99, "stop").error().kind, ErrorKind::BadInput);
        QVERIFY(eventsOf(one).empty());
    }

    void newProcess_refusesWhatTheDeadOneNeverAnswered()
    {
        OneRun one;
        must(one.writer->claim(one.run));
        const auto taken = must(one.writer->postCommand(one.run, "checkpoint"));
        must(one.writer->takeCommands(one.run)); // taken, and then its process was killed
        must(one.writer->postCommand(one.run, "stop"));
        const auto pause = must(one.writer->postCommand(one.run, "pause"));
        one.sink().event(answer(events::kCommandDone, pause, "pause"));
        must(one.writer->flush());
        QVERIFY(isHeld(eventsOf(one)));
        must(one.writer->claim(one.run));
        const auto log = commandLog(eventsOf(one));
        QVERIFY(log[0].id == taken && log[0].state == State::Refused);
        QVERIFY(log[1].state == State::Refused && log[1].sentence.find("had ended") != std::string::npos);
        QVERIFY(log[2].state == State::Done);
        QVERIFY(!isHeld(eventsOf(one)));
        QVERIFY(must(one.writer->takeCommands(one.run)).empty());
    }

    void hostileDetails_areNoCommand()
    {
        for (const char* text : {"", "[]", "{", R"({"command":"1","verb":"pause"})", R"({"command":1})",
                                 R"({"command":1,"verb":[]})", R"({"command":1e99,"verb":"pause"})"})
            QVERIFY2(!events::commandOf(text), text);
        EventRow row;
        row.kind = events::kCommandDone;
        row.detailsJson = R"({"command":5,"verb":"pause"})"; // an answer to nothing
        QVERIFY(commandLog({row}).empty());
        const auto note = events::commandOf(R"({"command":1,"verb":"evaluate","extra":"yes","payload":3})");
        QVERIFY(note && !note->isExtraPoint && note->payload.empty());
    }
};
GRADUS_SUITE(CommandLogTest)
#include "command_log_test.moc"
