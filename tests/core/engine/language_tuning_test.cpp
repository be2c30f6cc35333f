// SPDX-License-Identifier: GPL-3.0-or-later
// A language model learns to write by example and by preference.
#include "engine/language_model.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <numeric>

using namespace gradus;
using namespace gradus::engine;

namespace {

constexpr int kVocabulary = 8;

LanguageModel fresh()
{
    return LanguageModel::initialise(models::rungShape(16, 1, kVocabulary, 12), 1).value();
}

/// Prompts of two tokens and the response that repeats the first of them, of lengths 1 to 3.
Writings echoes(int shift)
{
    Writings writings;
    for (std::int32_t a = 0; a < kVocabulary; ++a)
        for (std::int32_t b = 0; b < kVocabulary; ++b) {
            writings.prompts.push_back({a, b});
            writings.responses.emplace_back(static_cast<std::size_t>(1 + b % 3), (a + shift) % kVocabulary);
        }
    return writings;
}

TuningOptions options(int epochs, double rate)
{
    TuningOptions made;
    made.epochs = epochs;
    made.batch = 16;
    made.learningRate = rate;
    return made;
}

/// log p(response | prompt), by scoring the whole sequence.
std::vector<double> logsOf(const LanguageModel& model, const std::vector<Tokens>& prompts,
                           const std::vector<Tokens>& responses)
{
    std::vector<Tokens> whole;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        whole.push_back(prompts[i]);
        whole.back().insert(whole.back().end(), responses[i].begin(), responses[i].end());
    }
    const auto scores = model.score(whole).value();
    std::vector<double> logs;
    for (std::size_t i = 0; i < prompts.size(); ++i)
        logs.push_back(
            std::accumulate(scores[i].logProbabilities.begin() + static_cast<std::ptrdiff_t>(prompts[i].size()) - 1,
                            scores[i].logProbabilities.end(), 0.0));
    return logs;
}

double meanOf(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

} // namespace

class LanguageTuningTest : public QObject
{
    Q_OBJECT
    StopFlag m_never;

private Q_SLOTS:
    void initTestCase() { useThreads(1); }

    void firstLoss_isTheMeanCrossEntropyOfTheResponsesAlone()
    {
        LanguageModel model = fresh();
        const Writings writings = echoes(0);
        double sum = 0;
        for (const double log : logsOf(model, writings.prompts, writings.responses))
            sum -= log;
        double tokens = 0;
        for (const Tokens& response : writings.responses)
            tokens += static_cast<double>(response.size());
        TuningOptions whole = options(1, 1e-3);
        whole.batch = static_cast<int>(writings.prompts.size());
        double first = -1;
        QVERIFY(model.tune(writings, whole, m_never, [&](const StepReport& report) { first = report.loss; }).ok());
        QVERIFY2(std::abs(first - sum / tokens) < 1e-5, qPrintable(QString::number(first - sum / tokens)));
    }
    void examples_areLearnt()
    {
        LanguageModel model = fresh();
        const Writings writings = echoes(0);
        QVERIFY(model.tune(writings, options(60, 1e-2), m_never, {}).ok());
        QVERIFY(meanOf(logsOf(model, writings.prompts, writings.responses)) > -0.1);
    }
    void preference_startsAtLogTwoAndMovesTheMarginNotTheOthers()
    {
        LanguageModel model = fresh();
        const Writings right = echoes(0);
        const Writings wrong = echoes(1);
        const auto margin = [&] {
            return meanOf(logsOf(model, right.prompts, right.responses)) -
                   meanOf(logsOf(model, wrong.prompts, wrong.responses));
        };
        const double before = margin();
        std::vector<double> losses;
        const WritingPairs pairs{.prompts = right.prompts, .chosen = right.responses, .rejected = wrong.responses};
        QVERIFY(model
                    .prefer(pairs, {}, options(20, 3e-3), m_never,
                            [&](const StepReport& report) { losses.push_back(report.loss); })
                    .ok());
        QVERIFY(std::abs(losses.front() - std::log(2.0)) < 1e-5);
        QVERIFY(losses.back() < 0.6);
        QVERIFY(margin() > before + 1);
    }
    void tuning_isBitEqualWhenRepeatedAndSurvivesItsFile()
    {
        const QTemporaryDir folder;
        const Writings writings = echoes(2);
        const WritingPairs pairs{
            .prompts = writings.prompts, .chosen = writings.responses, .rejected = echoes(3).responses};
        std::string hashes[2];
        for (std::string& hash : hashes) {
            LanguageModel model = fresh();
            QVERIFY(model.tune(writings, options(3, 1e-2), m_never, {}).ok());
            QVERIFY(model.prefer(pairs, {}, options(2, 1e-3), m_never, {}).ok());
            hash = model.saveBody(folder.filePath("body.safetensors").toStdString()).value();
            const auto back = LanguageModel::fromBody(folder.filePath("body.safetensors").toStdString(), model.shape());
            QVERIFY(back.ok());
            QCOMPARE(logsOf(*back, writings.prompts, writings.responses),
                     logsOf(model, writings.prompts, writings.responses));
        }
        QCOMPARE(hashes[0], hashes[1]);
    }
    void body_mayBeGivenMorePositionsAndNoOtherShape()
    {
        const QTemporaryDir folder;
        const std::string file = folder.filePath("body.safetensors").toStdString();
        QVERIFY(fresh().saveBody(file).ok());
        const auto longer = LanguageModel::fromBody(file, models::rungShape(16, 1, kVocabulary, 40));
        QVERIFY(longer.ok());
        const std::vector<Tokens> sequences{{1, 2, 3, 4}};
        QCOMPARE(longer->score(sequences)->front().logProbabilities,
                 fresh().score(sequences)->front().logProbabilities);
        const auto wider = LanguageModel::fromBody(file, models::rungShape(32, 1, kVocabulary, 12));
        QVERIFY(!wider.ok() && wider.error().kind == ErrorKind::BadInput);
    }
    void nextTokens_agreeWithScores()
    {
        const LanguageModel model = fresh();
        const std::vector<Tokens> sequences{{1, 2, 3, 4}, {5, 6, 7}};
        const auto rows = model.nextTokens(sequences, {0, 2});
        QVERIFY(rows.ok());
        QCOMPARE(rows->size(), static_cast<std::size_t>(2 * 2 * kVocabulary));
        const auto scores = model.score(sequences);
        QVERIFY(std::abs(std::log((*rows)[2]) - (*scores)[0].logProbabilities[0]) < 1e-5F);
        QVERIFY(std::abs(std::log((*rows)[kVocabulary + 4]) - (*scores)[0].logProbabilities[2]) < 1e-5F);
        QVERIFY(std::abs(std::log((*rows)[2 * kVocabulary + 6]) - (*scores)[1].logProbabilities[0]) < 1e-5F);
        QVERIFY(!model.nextTokens(sequences, {3}).ok());
        QVERIFY(!model.nextTokens(sequences, {1, 1}).ok());
    }
    void badInput_isRefusedAndStopIsHeard()
    {
        LanguageModel model = fresh();
        const auto refused = [&](const Writings& writings) {
            const auto tuned = model.tune(writings, options(1, 1e-3), m_never, {});
            return !tuned.ok() && tuned.error().kind == ErrorKind::BadInput;
        };
        QVERIFY(refused({}));
        QVERIFY(refused({.prompts = {{1}}, .responses = {}}));
        QVERIFY(refused({.prompts = {{1}}, .responses = {{}}}));
        QVERIFY(refused({.prompts = {{}}, .responses = {{1}}}));
        QVERIFY(refused({.prompts = {{1}}, .responses = {{kVocabulary}}}));
        QVERIFY(refused({.prompts = {{1}}, .responses = {Tokens(12, 1)}}));
        StopFlag stop;
        stop.request();
        const auto tuned = model.tune(echoes(0), options(1, 1e-3), stop, {});
        QVERIFY(!tuned.ok() && tuned.error().kind == ErrorKind::Stopped);
    }
};
GRADUS_SUITE(LanguageTuningTest)

#include "language_tuning_test.moc"
