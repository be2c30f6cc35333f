// SPDX-License-Identifier: GPL-3.0-or-later
// Tuning of folders: what is written, what is resumed, what is refused.
#include "folder_bench.h"

#include "base/files.h"
#include "engine/folder_tuning.h"
#include "engine/language_model.h"
#include "engine/rate_schedule.h"
#include "models/safetensors.h"
#include "support/suite.h"

#include <QDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>

using namespace gradus;
using namespace gradus::engine;
using namespace gradus::tests;

namespace {

/// Two texts; the better one ends in an even token.
std::vector<TaughtExample> pairs(int count)
{
    std::vector<TaughtExample> all;
    for (int i = 0; i < count; ++i) {
        const std::int32_t word = 3 + (i * 5) % (kVocabulary - 5);
        TaughtExample& example = all.emplace_back();
        for (const int odd : {0, 1}) {
            const std::int32_t last = 4 + 2 * (i % 15) + odd;
            example.sequences.push_back({.tokens = {word, 2, last}, .taught = {{2, 3}}});
        }
    }
    return all;
}

/// The class is whether the middle token is even.
std::vector<TaughtExample> classes(int count)
{
    std::vector<TaughtExample> all;
    for (int i = 0; i < count; ++i) {
        TaughtExample& example = all.emplace_back();
        example.sequences = {{.tokens = {2, 3 + i % 30, 5}}};
        example.target = i % 2 == 0 ? std::vector<float>{0, 1} : std::vector<float>{1, 0};
    }
    return all;
}

} // namespace

class FolderTuningTest : public QObject, private FolderBench
{
    Q_OBJECT
    static double shareRight(const TuningEvaluation& evaluation)
    {
        double right = 0;
        for (const ExampleScore& score : evaluation.scores)
            right += score.right ? 1 : 0;
        return right / static_cast<double>(evaluation.scores.size());
    }

private Q_SLOTS:
    void initTestCase() { useThreads(1); }

    void examplesInAFile_tuneToTheSameBits_data()
    {
        QTest::addColumn<int>("method");
        for (const TuningMethod method :
             {TuningMethod::Sft, TuningMethod::Reward, TuningMethod::Preference, TuningMethod::Classify})
            QTest::newRow(std::string(nameOf(method)).c_str()) << static_cast<int>(method);
    }
    void examplesInAFile_tuneToTheSameBits()
    {
        QFETCH(int, method);
        FolderTuning made = job(path(QString("listed%1").arg(method)), {});
        made.method = static_cast<TuningMethod>(method);
        std::vector<TaughtExample> examples = made.method == TuningMethod::Sft        ? echoes(50, 0)
                                              : made.method == TuningMethod::Classify ? classes(50)
                                                                                      : pairs(50);
        examples.front().preference = 0.25;
        auto filed = FiledExamples::create(scratch());
        QVERIFY2(filed, filed ? "" : filed.error().message.c_str());
        for (const TaughtExample& example : examples)
            QVERIFY(filed->add(example));
        QVERIFY(filed->finish(made.method == TuningMethod::Classify ? 2 : 0));
        QCOMPARE(filed->size(), examples.size());
        for (std::size_t i = 0; i < examples.size(); ++i) {
            const auto read = filed->at(i);
            QCOMPARE(read->preference, examples[i].preference);
            QVERIFY(read->target == examples[i].target);
            QCOMPARE(read->sequences.size(), examples[i].sequences.size());
            for (std::size_t s = 0; s < read->sequences.size(); ++s)
                QVERIFY(read->sequences[s].tokens == examples[i].sequences[s].tokens);
        }
        const auto listed = run(made, examples);
        QVERIFY2(listed, listed ? "" : listed.error().message.c_str());
        // Stopped and resumed, too.
        made.output = path(QString("filed%1").arg(method));
        made.checkpoints = path(QString("filed%1-checkpoints").arg(method));
        StopFlag stop;
        TuningListener listener;
        listener.onStep = [&](const TuningStep& step) {
            if (step.step == 7) stop.request();
        };
        QVERIFY(!tuneFolder(made, *filed, {}, stop, listener));
        const auto resumed = tuneFolder(made, *filed, {}, m_never, {});
        QVERIFY2(resumed, resumed ? "" : resumed.error().message.c_str());
        QCOMPARE(resumed->sha256, listed->sha256);
        QVERIFY(QDir(QString::fromStdString(scratch().string())).entryList({".examples*"}, QDir::Files | QDir::Hidden).isEmpty());
    }
    void fileThatCannotBeMade_isSaid()
    {
        const auto none = FiledExamples::create(path("absent/folder"));
        QVERIFY(!none);
        QVERIFY2(none.error().message.find("absent") != std::string::npos, none.error().message.c_str());
    }
    void examples_areLearntAndTheFolderOpensAgain()
    {
        FolderTuning made = job(path("learnt"), {});
        made.epochs = 30;
        double first = 0;
        double last = 0;
        TuningListener listener;
        listener.onStep = [&](const TuningStep& step) { (step.step == 1 ? first : last) = step.loss; };
        const auto tuned = run(made, echoes(64, 0), {}, listener);
        QVERIFY2(tuned.ok(), tuned ? "" : tuned.error().message.c_str());
        QVERIFY2(last < 0.3 && first > 2, qPrintable(QString("%1 to %2").arg(first).arg(last)));
        QVERIFY(tuned->parameters > 1000);
        const auto model = LanguageModel::open(path("learnt"));
        QVERIFY2(model.ok(), model ? "" : model.error().message.c_str());
        const auto logs = model->score({{10, 2, 10, 10}}).value().front().logProbabilities;
        QVERIFY(logs[1] > -1);
        const auto config = nlohmann::json::parse(readFile(path("learnt") / "config.json").value());
        QCOMPARE(config.value("dtype", config.value("torch_dtype", "")), std::string("float32"));
    }
    void stoppedAndResumed_endsInTheSameBits_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("rank");
        QTest::addColumn<bool>("brain");
        QTest::newRow("sft") << "sft" << 0 << false;
        QTest::newRow("sft, adapter") << "sft" << 4 << false;
        QTest::newRow("sft, bf16") << "sft" << 0 << true;
        QTest::newRow("dpo") << "dpo" << 0 << false;
        QTest::newRow("dpo, adapter, bf16") << "dpo" << 4 << true;
        QTest::newRow("reward") << "reward" << 0 << false;
        QTest::newRow("classify") << "classify" << 2 << false;
    }
    void stoppedAndResumed_endsInTheSameBits()
    {
        QFETCH(QString, method);
        QFETCH(int, rank);
        QFETCH(bool, brain);
        const QString tag = QString(QTest::currentDataTag()).replace(", ", "-");
        FolderTuning made = job(path(tag + "-whole"), path(tag + "-whole-checkpoints"));
        made.method = tuningMethodOf(method.toStdString()).value();
        made.rank = rank;
        made.precision = brain ? Precision::Brain16 : Precision::Single;
        made.accumulate = 2;
        made.batch = 3;
        made.evaluateEvery = 4;
        const bool two = made.method == TuningMethod::Reward || made.method == TuningMethod::Preference;
        const auto taught = two ? pairs(30) : made.method == TuningMethod::Classify ? classes(30) : echoes(30, 0);
        const auto held = two ? pairs(9) : made.method == TuningMethod::Classify ? classes(9) : echoes(9, 1);
        std::vector<double> wholeLosses;
        TuningListener listener;
        listener.onEvaluation = [&](const TuningEvaluation& each) { wholeLosses.push_back(each.loss); };
        const auto whole = run(made, taught, held, listener);
        QVERIFY2(whole.ok(), whole ? "" : whole.error().message.c_str());

        made.output = path(tag + "-parts");
        made.checkpoints = path(tag + "-parts-checkpoints");
        std::vector<double> losses;
        std::int64_t resumedAt = 0;
        for (const int stopAfter : {3, 8, 9}) {
            StopFlag stop;
            TuningListener stopping;
            stopping.onStep = [&](const TuningStep& step) {
                if (step.step == stopAfter) stop.request();
            };
            stopping.onEvaluation = [&](const TuningEvaluation& each) { losses.push_back(each.loss); };
            const auto part = tuneFolder(made, taught, held, stop, stopping);
            QVERIFY(!part.ok());
            QVERIFY(part.error().kind == ErrorKind::Stopped);
            QVERIFY2(part.error().message.find("step " + std::to_string(stopAfter)) != std::string::npos,
                     part.error().message.c_str());
            QVERIFY(!std::filesystem::exists(made.output));
        }
        TuningListener resuming;
        resuming.onResume = [&](std::int64_t step) { resumedAt = step; };
        resuming.onEvaluation = [&](const TuningEvaluation& each) { losses.push_back(each.loss); };
        const auto rest = run(made, taught, held, resuming);
        QVERIFY2(rest.ok(), rest ? "" : rest.error().message.c_str());
        QCOMPARE(resumedAt, std::int64_t{9});
        QCOMPARE(rest->sha256, whole->sha256);
        QCOMPARE(rest->bestStep, whole->bestStep);
        QCOMPARE(losses, wholeLosses);
    }
    void checkpointOfAnotherJob_isNotResumed()
    {
        FolderTuning made = job(path("other"), path("other-checkpoints"));
        StopFlag stop;
        TuningListener listener;
        listener.onStep = [&](const TuningStep&) { stop.request(); };
        QVERIFY(!tuneFolder(made, echoes(30, 0), {}, stop, listener).ok());
        bool resumed = false;
        listener = {};
        listener.onResume = [&](std::int64_t) { resumed = true; };
        made.learningRate *= 2;
        QVERIFY(run(made, echoes(30, 0), {}, listener).ok());
        QVERIFY(!resumed);
    }
    void worseEvaluations_endItAndTheBestWeightsAreWritten()
    {
        // Held-out rows that contradict the taught ones: the longer it is tuned, the worse they fare.
        auto held = echoes(20, 0);
        for (TaughtExample& example : held)
            for (std::size_t t = 2; t < example.sequences[0].tokens.size(); ++t)
                example.sequences[0].tokens[t] = 3 + (example.sequences[0].tokens[t] + 11) % (kVocabulary - 3);
        FolderTuning made = job(path("best"), path("best-checkpoints"));
        made.epochs = 40;
        made.evaluateEvery = 2;
        made.patience = 3;
        std::vector<TuningEvaluation> seen;
        TuningListener listener;
        listener.onEvaluation = [&](const TuningEvaluation& each) { seen.push_back(each); };
        const auto tuned = run(made, echoes(64, 0), held, listener);
        QVERIFY2(tuned.ok(), tuned ? "" : tuned.error().message.c_str());
        QVERIFY(tuned->stoppedEarly);
        QCOMPARE(tuned->steps, tuned->bestStep + 6);
        const auto best = std::ranges::find(seen, tuned->bestStep, &TuningEvaluation::step);
        QVERIFY(best != seen.end() && best->best);
        // What was written says of the held-out rows what the best evaluation said.
        const auto model = LanguageModel::open(path("best")).value();
        double sum = 0;
        double count = 0;
        for (const TaughtExample& example : held) {
            const auto logs = model.score({example.sequences[0].tokens}).value().front().logProbabilities;
            for (std::size_t t = 1; t < logs.size(); ++t, ++count)
                sum -= logs[t];
        }
        QVERIFY2(std::abs(sum / count - best->loss) < 1e-4,
                 qPrintable(QString("%1, %2").arg(sum / count).arg(best->loss)));
    }
    void lossThatIsNoNumber_endsItAtTheLastGoodCheckpoint()
    {
        FolderTuning made = job(path("diverged"), path("diverged-checkpoints"));
        made.learningRate = 1000; // while it rises, the first steps are still good
        made.clip = 0;
        made.decay = "constant";
        made.warmup = 0.9;
        made.checkpointEvery = 1;
        TuningDivergence met;
        TuningListener listener;
        listener.onDivergence = [&](const TuningDivergence& divergence) { met = divergence; };
        const auto tuned = run(made, echoes(64, 0), {}, listener);
        QVERIFY(!tuned.ok());
        const std::string said = tuned.error().message;
        QVERIFY2(said.find("is not a number: lower the learning rate (1000)") != std::string::npos, said.c_str());
        QVERIFY2(met.goodStep > 0 && met.step == met.goodStep + 2, said.c_str());
        QVERIFY2(said.find("after step " + std::to_string(met.goodStep) + ", the last good checkpoint") !=
                     std::string::npos,
                 said.c_str());
        QVERIFY(!std::filesystem::exists(path("diverged/config.json")));
        // What is kept is good indeed: the next job begins with numbers and ends.
        FolderTuning next = job(path("after"), {});
        next.folder = path("diverged/last-good");
        next.maxSteps = 2;
        next.learningRate = 1e-6;
        const auto further = run(next, echoes(64, 0));
        QVERIFY2(further.ok(), further ? "" : further.error().message.c_str());
        // Without a checkpoint there is nothing to go on from, and no weights that are none are written.
        made.output = path("diverged-bare");
        made.checkpoints.clear();
        made.learningRate = 1e30;
        const auto bare = run(made, echoes(64, 0));
        QVERIFY2(!bare.ok() && bare.error().message.find("No good checkpoint") != std::string::npos,
                 bare ? "" : bare.error().message.c_str());
        QVERIFY(!std::filesystem::exists(path("diverged-bare")));
    }
    void weightsThatAreNoNumbersAtTheEnd_areNotWritten()
    {
        FolderTuning made = job(path("last"), {});
        made.learningRate = 1e38;
        made.weightDecay = 100;
        made.clip = 0;
        made.decay = "constant";
        made.warmup = 0;
        made.maxSteps = 1;
        const auto tuned = run(made, echoes(8, 0));
        QVERIFY(!tuned.ok());
        QVERIFY2(tuned.error().message.find("because a weight is not a number") != std::string::npos,
                 tuned.error().message.c_str());
        QVERIFY(!std::filesystem::exists(path("last")));
    }
    void classes_areLearntAndGoOnFromTheirOwnHead()
    {
        FolderTuning made = job(path("classes"), {});
        made.method = TuningMethod::Classify;
        made.epochs = 20;
        TuningEvaluation last;
        TuningListener listener;
        listener.onEvaluation = [&](const TuningEvaluation& each) { last = each; };
        QVERIFY(run(made, classes(60), classes(30), listener).ok());
        QVERIFY2(shareRight(last) > 0.9, qPrintable(QString::number(shareRight(last))));
        const auto config = nlohmann::json::parse(readFile(path("classes") / "config.json").value());
        QCOMPARE(config["architectures"][0].get<std::string>(), std::string("Qwen2ForSequenceClassification"));
        QCOMPARE(config["id2label"].size(), std::size_t{2});
        QVERIFY(!config["pad_token_id"].is_null() || config["eos_token_id"].is_null());
        FolderTuning further = made;
        further.folder = path("classes");
        further.output = path("classes-further");
        double first = -1;
        TuningListener again;
        again.onEvaluation = [&](const TuningEvaluation& each) {
            if (each.step == 0) first = each.loss;
        };
        QVERIFY(run(further, classes(60), classes(30), again).ok());
        QVERIFY2(std::abs(first - last.loss) < 1e-5, qPrintable(QString("%1, %2").arg(first).arg(last.loss)));
    }
    void preferences_areLearnt_data()
    {
        QTest::addColumn<QString>("method");
        QTest::newRow("reward") << "reward";
        QTest::newRow("dpo") << "dpo";
    }
    void preferences_areLearnt()
    {
        QFETCH(QString, method);
        FolderTuning made = job(path("preferred-" + method), {});
        made.method = tuningMethodOf(method.toStdString()).value();
        made.epochs = 20;
        made.learningRate = 5e-3;
        TuningEvaluation first;
        TuningEvaluation last;
        TuningListener listener;
        listener.onEvaluation = [&](const TuningEvaluation& each) { (each.step == 0 ? first : last) = each; };
        QVERIFY(run(made, pairs(60), pairs(30), listener).ok());
        QVERIFY2(shareRight(last) > 0.95, qPrintable(QString::number(shareRight(last))));
        if (made.method == TuningMethod::Preference) {
            // Beside itself, the model prefers nothing yet.
            for (const ExampleScore& score : first.scores)
                QVERIFY(std::abs(score.chosen) < 1e-4 && std::abs(score.rejected) < 1e-4);
        }
    }
    void softPreferences_holdTheMarginWhereTheySay()
    {
        auto soft = pairs(60);
        for (TaughtExample& example : soft)
            example.preference = 0.75F;
        FolderTuning made = job(path("soft"), {});
        made.method = TuningMethod::Reward;
        made.epochs = 40;
        TuningEvaluation last;
        TuningListener listener;
        listener.onEvaluation = [&](const TuningEvaluation& each) { last = each; };
        QVERIFY(run(made, soft, soft, listener).ok());
        double mean = 0;
        for (const ExampleScore& score : last.scores)
            mean += (score.chosen - score.rejected) / static_cast<double>(last.scores.size());
        QVERIFY2(std::abs(mean - std::log(3.0)) < 0.2, qPrintable(QString::number(mean))); // log odds of 0.75
    }
    void brainFloats_addUpStepsThatRoundingWouldSwallow()
    {
        // bf16 has 8 bits: a weight near 1 does not move by less than 0.004, and these steps are a hundredth of it.
        FolderTuning made = job(path("brain"), {});
        made.precision = Precision::Brain16;
        made.learningRate = 4e-5;
        made.weightDecay = 0;
        made.decay = "constant";
        made.warmup = 0;
        made.epochs = 40;
        double first = 0;
        double last = 0;
        TuningListener listener;
        listener.onStep = [&](const TuningStep& step) {
            (step.step <= 8 ? first : last) += step.step <= 8 || step.step > step.totalSteps - 8 ? step.loss / 8 : 0;
        };
        QVERIFY(run(made, echoes(64, 0), {}, listener).ok());
        QVERIFY2(last < first - 0.05, qPrintable(QString("%1 to %2").arg(first).arg(last)));
        const auto file = models::SafetensorsFile::open(path("brain") / "model.safetensors");
        QVERIFY(file.ok());
        for (const models::TensorEntry& entry : file->header().tensors)
            QVERIFY(entry.type == models::ElementType::BF16);
        QVERIFY(LanguageModel::open(path("brain")).ok());
    }
    void wsd_isLevelThenFalls()
    {
        const Decay decay = decayOf("wsd").value();
        QCOMPARE(rateFactor(1, 100, 0.1, decay), 0.1);
        QCOMPARE(rateFactor(50, 100, 0.1, decay), 1.0);
        QCOMPARE(rateFactor(81, 100, 0.1, decay), 1.0);
        QCOMPARE(rateFactor(91, 100, 0.1, decay), 0.5);
        QCOMPARE(rateFactor(100, 100, 0.1, decay), 0.05);
    }
    void badInput_isOneSentence_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("says");
        QTest::newRow("device") << "device"
                                << "cuda:7 is not there";
        QTest::newRow("unknown device") << "tpu"
                                        << "use cpu, cuda or cuda:N";
        QTest::newRow("folder") << "folder"
                                << "config.json";
        QTest::newRow("empty") << "empty"
                               << "nothing to tune on";
        QTest::newRow("token") << "token"
                               << "Example 2 has a token outside the vocabulary of 40";
        QTest::newRow("untaught") << "untaught"
                                  << "Example 2 has no token to learn";
        QTest::newRow("one text") << "reward"
                                  << "reward needs two";
        QTest::newRow("classes") << "classes"
                                 << "probabilities of 3 classes";
        QTest::newRow("rate") << "rate"
                              << "must be numbers";
        QTest::newRow("alpha") << "alpha"
                               << "lora_alpha = 1e+308: a rank is";
        QTest::newRow("another adapter") << "adapter"
                                         << "adapter_config.json";
    }
    void badInput_isOneSentence()
    {
        QFETCH(QString, what);
        QFETCH(QString, says);
        FolderTuning made = job(path("refused"), {});
        std::vector<TaughtExample> taught = echoes(4, 0);
        if (what == "device") made.device = "cuda:7";
        if (what == "tpu") made.device = "tpu";
        if (what == "folder") made.folder = path("nothing here");
        if (what == "empty") taught.clear();
        if (what == "token") taught[1].sequences[0].tokens[1] = kVocabulary;
        if (what == "untaught") taught[1].sequences[0].taught.clear();
        if (what == "reward") made.method = TuningMethod::Reward;
        if (what == "adapter") made.adapter = kQwen;
        if (what == "rate") made.learningRate = std::nan("");
        if (what == "alpha") {
            made.adapter = path("wild");
            QVERIFY(makeFolder(made.adapter));
            QVERIFY(writeFileAtomically(made.adapter / "adapter_config.json",
                                        R"({"peft_type": "LORA", "r": 2, "lora_alpha": 1e308, "target_modules": []})"));
        }
        if (what == "classes") {
            made.method = TuningMethod::Classify;
            made.classes = 3;
            taught = classes(4);
        }
        const auto tuned = run(made, taught);
        QVERIFY(!tuned.ok());
        QVERIFY2(QString::fromStdString(tuned.error().message).contains(says), tuned.error().message.c_str());
        QVERIFY(tuned.error().kind == ErrorKind::BadInput);
        QVERIFY(!std::filesystem::exists(path("refused")));
    }
};

GRADUS_SUITE(FolderTuningTest)
#include "folder_tuning_test.moc"
