// SPDX-License-Identifier: GPL-3.0-or-later
// Tuning of folders against TRL's trainers: tests/data/trainers holds what tests/bench/make_golden_trainers.py wrote.
#include "base/files.h"
#include "engine/folder_tuning.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>

using namespace gradus;
using namespace gradus::engine;

namespace {

const std::filesystem::path kData = tests::sourceDir() / "tests/data";
constexpr double kFourDigits = 1e-4;

struct Curve
{
    std::vector<double> losses;
    std::vector<double> norms;
};

} // namespace

class TrainerGoldensTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;
    nlohmann::json m_golden;

    TaughtSequence sequence(const nlohmann::json& row, const char* response) const
    {
        TaughtSequence made{.tokens = row["prompt"].get<Tokens>()};
        const auto begin = static_cast<std::int32_t>(made.tokens.size());
        for (const auto& id : row[response])
            made.tokens.push_back(id.get<std::int32_t>());
        made.tokens.push_back(m_golden["end"].get<std::int32_t>());
        made.taught = {{begin, static_cast<std::int32_t>(made.tokens.size())}};
        return made;
    }
    std::vector<TaughtExample> examples(bool pairs) const
    {
        std::vector<TaughtExample> all;
        for (const auto& row : m_golden["rows"]) {
            TaughtExample& example = all.emplace_back();
            example.sequences.push_back(sequence(row, "chosen"));
            if (pairs) example.sequences.push_back(sequence(row, "rejected"));
        }
        return all;
    }
    FolderTuning job(TuningMethod method, double rate) const
    {
        FolderTuning made;
        made.folder = kData / (method == TuningMethod::Reward ? "trainers/reward" : "models/qwen2");
        made.output = m_scratch.filePath("out").toStdString();
        made.method = method;
        made.epochs = 20;
        made.batch = 12;
        made.learningRate = rate;
        made.warmup = 0;
        made.decay = "constant";
        return made;
    }
    static Curve tuned(const FolderTuning& job, const std::vector<TaughtExample>& examples)
    {
        Curve curve;
        TuningListener listener;
        listener.onStep = [&](const TuningStep& step) {
            curve.losses.push_back(step.loss);
            curve.norms.push_back(step.gradientNorm);
        };
        const StopFlag never;
        if (const auto done = tuneFolder(job, examples, {}, never, listener); !done)
            qFatal("%s", done.error().message.c_str());
        return curve;
    }
    static void compare(const std::vector<double>& ours, const nlohmann::json& theirs)
    {
        QCOMPARE(ours.size(), theirs.size());
        for (std::size_t i = 0; i < ours.size(); ++i) {
            const double expected = theirs[i].get<double>();
            QVERIFY2(std::abs(ours[i] - expected) <= kFourDigits * std::max(1.0, std::abs(expected)),
                     qPrintable(QString("step %1: %2, expected %3").arg(i + 1).arg(ours[i]).arg(expected)));
        }
    }
    /// Of whole models, ten: Adam moves a weight whose gradient is rounding alone by a whole step, and from then on the
    /// norms, not yet the losses, tell the two programs apart (by 1.1e-4 at the 19th step).
    static void compareFirstNorms(std::vector<double> ours, const nlohmann::json& theirs)
    {
        ours.resize(10);
        compare(ours, nlohmann::json(std::vector<double>(theirs.begin(), theirs.begin() + 10)));
    }

private Q_SLOTS:
    void initTestCase()
    {
        useThreads(1);
        m_golden = nlohmann::json::parse(readFile(kData / "trainers/golden.json").value());
    }

    void sft_twentyStepsAreTrlsToFourDigits()
    {
        const Curve curve = tuned(job(TuningMethod::Sft, 1e-2), examples(false));
        compare(curve.losses, m_golden["sft"]["loss"]);
        compareFirstNorms(curve.norms, m_golden["sft"]["norm"]);
    }
    void accumulatedPasses_areOneLargeStep()
    {
        FolderTuning small = job(TuningMethod::Sft, 1e-2);
        small.batch = 5; // passes of 5, 5 and 2
        small.accumulate = 3;
        small.epochs = 20;
        const Curve curve = tuned(small, examples(false));
        compare(curve.losses, m_golden["sft"]["loss"]);
    }
    void recomputedLayers_giveTheSameSteps()
    {
        FolderTuning again = job(TuningMethod::Sft, 1e-2);
        again.recompute = true;
        const Curve curve = tuned(again, examples(false));
        compare(curve.losses, m_golden["sft"]["loss"]);
        compareFirstNorms(curve.norms, m_golden["sft"]["norm"]);
    }
    void lora_twentyStepsFromPeftsAdapterAreTrlsToFourDigits_data()
    {
        QTest::addColumn<bool>("recompute");
        QTest::newRow("remembered") << false;
        QTest::newRow("recomputed") << true; // a frozen body's first layer is given what records nothing
    }
    void lora_twentyStepsFromPeftsAdapterAreTrlsToFourDigits()
    {
        QFETCH(bool, recompute);
        FolderTuning adapted = job(TuningMethod::Sft, 1e-2);
        adapted.adapter = kData / "trainers/adapter";
        adapted.recompute = recompute;
        const Curve curve = tuned(adapted, examples(false));
        compare(curve.losses, m_golden["lora"]["loss"]);
        compare(curve.norms, m_golden["lora"]["norm"]);
    }
    void preferences_areTrls_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("sigmoid") << static_cast<int>(PreferenceLoss::Kind::Sigmoid);
        QTest::newRow("conservative") << static_cast<int>(PreferenceLoss::Kind::Conservative);
        QTest::newRow("robust") << static_cast<int>(PreferenceLoss::Kind::Robust);
    }
    void preferences_areTrls()
    {
        QFETCH(int, kind);
        FolderTuning preferring = job(TuningMethod::Preference, 1e-3);
        preferring.preference = {.kind = static_cast<PreferenceLoss::Kind>(kind), .beta = 0.5, .smoothing = 0.2};
        const auto& golden = m_golden[QTest::currentDataTag()];
        const std::vector<TaughtExample> pairs = examples(true);
        compare(tuned(preferring, pairs).losses, golden["loss"]);
    }
    void implicitRewards_areTrlsMargins()
    {
        FolderTuning preferring = job(TuningMethod::Preference, 1e-3);
        preferring.preference = {.kind = PreferenceLoss::Kind::Sigmoid, .beta = 0.5};
        preferring.evaluateEvery = 1;
        const std::vector<TaughtExample> pairs = examples(true);
        std::vector<double> margins; // before each step, as TRL logs them
        TuningListener listener;
        listener.onEvaluation = [&](const TuningEvaluation& evaluation) {
            double sum = 0;
            for (const ExampleScore& score : evaluation.scores)
                sum += score.chosen - score.rejected;
            margins.push_back(sum / static_cast<double>(evaluation.scores.size()));
        };
        const StopFlag never;
        QVERIFY(tuneFolder(preferring, pairs, pairs, never, listener).ok());
        QCOMPARE(margins.size(), std::size_t{21});
        margins.pop_back();
        compare(margins, m_golden["sigmoid"]["margin"]);
    }
    void rewardModel_isTrls()
    {
        const Curve curve = tuned(job(TuningMethod::Reward, 1e-2), examples(true));
        compare(curve.losses, m_golden["reward"]["loss"]);
    }
};

GRADUS_SUITE(TrainerGoldensTest)
#include "trainer_goldens_test.moc"
