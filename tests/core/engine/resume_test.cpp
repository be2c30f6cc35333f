// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tuning.h"

#include "base/files.h"
#include "support/suite.h"
#include "toy_items.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace gradus;
using namespace gradus::engine;
using namespace gradus::tests;

class ResumeTest : public QObject
{
    Q_OBJECT
    const LabelledItems m_items = classifyItems(50, 1);

    static models::Family family()
    {
        QFETCH_GLOBAL(int, family);
        return static_cast<models::Family>(family);
    }
    static TunedModel fresh() { return TunedModel::initialise(toyShape(family()), {}, 1).value(); }
    static TuningOptions options(const QTemporaryDir& dir, int every, double bodyScale = 0.1)
    {
        return {.epochs = 2,
                .batch = 8,
                .learningRate = 5e-3,
                .bodyScale = bodyScale,
                .seed = 7,
                .checkpointEvery = every,
                .checkpointFolder = dir.path().toStdString() + "/ck",
                .adapterFolder = {},
                .jobHash = "this job",
                .beforeCheckpoint = {}};
    }
    static std::string weights(const TunedModel& model, const QTemporaryDir& dir)
    {
        return model.save(dir.path().toStdString() + "/weights").value();
    }
    std::string uninterrupted(double bodyScale = 0.1) const
    {
        const QTemporaryDir dir;
        TunedModel model = fresh();
        const StopFlag never;
        if (!model.tune(m_items, options(dir, 0, bodyScale), never, {})) return "failed";
        return weights(model, dir);
    }
    static std::vector<std::filesystem::path> checkpoints(const QTemporaryDir& dir)
    {
        std::vector<std::filesystem::path> all;
        for (const auto& entry : std::filesystem::directory_iterator(dir.path().toStdString() + "/ck"))
            all.push_back(entry.path());
        std::ranges::sort(all);
        return all;
    }
    /// Tunes and stops after `steps` steps; the checkpoint then holds exactly that step.
    void tuneUntil(int steps, const QTemporaryDir& dir, double bodyScale = 0.1) const
    {
        TunedModel model = fresh();
        StopFlag stop;
        const auto result = model.tune(m_items, options(dir, 0, bodyScale), stop, [&](const StepReport& report) {
            if (report.step == steps) stop.request();
        });
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Stopped);
    }

private Q_SLOTS:
    void initTestCase_data() { addFamilies(); }
    void initTestCase() { useThreads(1); }

    void stoppedAtEveryStep_resumesBitEqual()
    {
        const std::string expected = uninterrupted();
        const StopFlag never;
        for (int step = 1; step < 14; ++step) {
            const QTemporaryDir dir;
            tuneUntil(step, dir);
            TunedModel resumed = fresh();
            std::int64_t firstSeen = 0;
            QVERIFY(resumed.tune(m_items, options(dir, 0), never, [&](const StepReport& report) {
                if (firstSeen == 0) firstSeen = report.step;
            }));
            QCOMPARE(firstSeen, step + 1);
            QCOMPARE(weights(resumed, dir), expected);
        }
    }
    void frozenBody_resumesBitEqual()
    {
        const QTemporaryDir dir;
        tuneUntil(5, dir, 0);
        TunedModel resumed = fresh();
        const StopFlag never;
        QVERIFY(resumed.tune(m_items, options(dir, 0, 0), never, {}));
        QCOMPARE(weights(resumed, dir), uninterrupted(0));
    }
    void killedBetweenCheckpoints_resumesFromTheLastOne()
    {
        // An exception out of the callback ends the call as abruptly as a signal ends the process: nothing is written.
        const QTemporaryDir dir;
        TunedModel killed = fresh();
        const StopFlag never;
        std::vector<std::int64_t> heard;
        std::vector<std::int64_t> settled; // what had been heard when each checkpoint was about to be written
        TuningOptions first = options(dir, 4);
        first.beforeCheckpoint = [&]() -> Result<void> {
            settled.push_back(heard.back());
            return {};
        };
        QVERIFY(!killed.tune(m_items, first, never, [&](const StepReport& report) {
            heard.push_back(report.step);
            if (report.step == 10) throw std::runtime_error("killed");
        }));
        QCOMPARE(settled, (std::vector<std::int64_t>{4, 8}));
        TunedModel resumed = fresh();
        std::int64_t firstSeen = 0;
        QVERIFY(resumed.tune(m_items, options(dir, 4), never, [&](const StepReport& report) {
            if (firstSeen == 0) firstSeen = report.step;
        }));
        QCOMPARE(firstSeen, 9);
        QCOMPARE(weights(resumed, dir), uninterrupted());
        QCOMPARE(checkpoints(dir).size(), 2U); // older ones are gone
    }
    void tornCheckpoint_fallsBackToTheOneBefore_data()
    {
        QTest::addColumn<int>("damage");
        QTest::addRow("cut off") << 0;
        QTest::addRow("one bit of the weights") << 1;
        QTest::addRow("empty") << 2;
        QTest::addRow("counter changed") << 3;
    }
    void tornCheckpoint_fallsBackToTheOneBefore()
    {
        QFETCH(int, damage);
        const QTemporaryDir dir;
        TunedModel killed = fresh();
        const StopFlag never;
        QVERIFY(!killed.tune(m_items, options(dir, 4), never, [&](const StepReport& report) {
            if (report.step == 9) throw std::runtime_error("killed");
        }));
        const auto newest = checkpoints(dir).back();
        std::string bytes = readFile(newest).value();
        if (damage == 0) bytes.resize(bytes.size() / 2);
        if (damage == 1) bytes.back() = static_cast<char>(bytes.back() ^ 1);
        if (damage == 2) bytes.clear();
        if (damage == 3) {
            const std::size_t at = bytes.find("\"gradus.step\":\"8\"");
            QVERIFY(at != std::string::npos);
            bytes[at + 15] = '9';
        }
        QVERIFY(writeFileAtomically(newest, bytes));
        TunedModel resumed = fresh();
        std::int64_t firstSeen = 0;
        QVERIFY(resumed.tune(m_items, options(dir, 4), never, [&](const StepReport& report) {
            if (firstSeen == 0) firstSeen = report.step;
        }));
        QCOMPARE(firstSeen, 5);
        QCOMPARE(weights(resumed, dir), uninterrupted());
    }
    void checkpointOfAnotherJob_isIgnored()
    {
        const QTemporaryDir dir;
        tuneUntil(6, dir);
        for (int change = 0; change < 3; ++change) {
            TuningOptions other = options(dir, 0);
            if (change == 0) other.jobHash = "another job";
            if (change == 1) other.seed = 8;
            if (change == 2) other.learningRate = 4e-3;
            TunedModel model = fresh();
            const StopFlag never;
            std::int64_t firstSeen = 0;
            QVERIFY(model.tune(m_items, other, never, [&](const StepReport& report) {
                if (firstSeen == 0) firstSeen = report.step;
            }));
            QCOMPARE(firstSeen, 1);
        }
    }
    void finishedJob_isNotRunAgain()
    {
        const QTemporaryDir dir;
        TunedModel model = fresh();
        const StopFlag never;
        QVERIFY(model.tune(m_items, options(dir, 5), never, {}));
        TunedModel again = fresh();
        int steps = 0;
        QVERIFY(again.tune(m_items, options(dir, 5), never, [&](const StepReport&) { ++steps; }));
        QCOMPARE(steps, 0);
        QCOMPARE(weights(again, dir), weights(model, dir));
    }
    void unsettledCaller_endsTheTuningBeforeTheCheckpoint()
    {
        const QTemporaryDir dir;
        TuningOptions refusing = options(dir, 2);
        refusing.beforeCheckpoint = [] { return Result<void>(failed("The store is full.")); };
        TunedModel model = fresh();
        const StopFlag never;
        const auto result = model.tune(m_items, refusing, never, {});
        QVERIFY(!result);
        QCOMPARE(result.error().message, std::string("The store is full."));
        QVERIFY(!std::filesystem::exists(refusing.checkpointFolder));
    }
    void unwritableFolder_isOneSentence()
    {
        const QTemporaryDir dir;
        QVERIFY(writeFileAtomically(dir.path().toStdString() + "/ck", "a file in the folder's place"));
        TunedModel model = fresh();
        const StopFlag never;
        const auto result = model.tune(m_items, options(dir, 2), never, {});
        QVERIFY(!result);
        QVERIFY(result.error().message.find("/ck") != std::string::npos);
    }
};
GRADUS_SUITE(ResumeTest)
#include "resume_test.moc"
