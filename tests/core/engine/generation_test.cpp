// SPDX-License-Identifier: GPL-3.0-or-later
// Continuations against transformers (tests/data/models), and what sampling promises.
#include "base/files.h"
#include "base/rng.h"
#include "engine/language_model.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <map>

using namespace gradus;
using namespace gradus::engine;

namespace {

const std::filesystem::path kModels = tests::sourceDir() / "tests/data/models";

LanguageModel opened(const std::filesystem::path& folder)
{
    auto model = LanguageModel::open(folder);
    if (!model) qFatal("%s", model.error().message.c_str());
    return std::move(*model);
}

nlohmann::json goldenOf(const QString& name)
{
    return nlohmann::json::parse(readFile(kModels / name.toStdString() / "golden.json").value());
}

std::vector<Continuation> generated(const LanguageModel& model, const std::vector<Tokens>& prompts,
                                    const GenerationOptions& options)
{
    auto made = model.generate(prompts, options, StopFlag());
    if (!made) qFatal("%s", made.error().message.c_str());
    return std::move(*made);
}

GenerationOptions greedy(int tokens)
{
    GenerationOptions options;
    options.sampling.greedy = true;
    options.maxNewTokens = tokens;
    return options;
}

} // namespace

class GenerationTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void greedyTokens_equalTransformers_data() { addModels(); }
    void greedyTokens_equalTransformers()
    {
        QFETCH(QString, name);
        const auto golden = goldenOf(name);
        const LanguageModel model = opened(kModels / name.toStdString());
        std::vector<Tokens> prompts;
        for (const auto& row : golden["ids"])
            prompts.emplace_back(row.begin(), row.begin() + 8);
        const auto made = generated(model, prompts, greedy(16));
        for (std::size_t i = 0; i < prompts.size(); ++i)
            QCOMPARE(made[i].tokens, golden["greedy"][i].get<Tokens>());

        // A shorter row beside a longer one says what it says alone and what transformers says.
        const Tokens& whole = prompts[1];
        const std::vector<Tokens> uneven{prompts[0], {whole.begin() + 3, whole.end()}};
        const auto padded = generated(model, uneven, greedy(12));
        for (std::size_t i = 0; i < 2; ++i) {
            QCOMPARE(padded[i].tokens, golden["padded_greedy"][i].get<Tokens>());
            QCOMPARE(generated(model, {uneven[i]}, greedy(12))[0].tokens, padded[i].tokens);
        }
    }

    void measures_areThoseOfScore()
    {
        const LanguageModel model = opened(kModels / "qwen3");
        GenerationOptions options;
        options.maxNewTokens = 10;
        options.measure = true;
        options.sampling.temperature = 1.7;
        const std::vector<Tokens> prompts{{1, 2, 3}, {4, 5, 6, 7, 8}};
        const auto made = generated(model, prompts, options);
        std::vector<Tokens> whole = prompts;
        for (std::size_t i = 0; i < 2; ++i)
            whole[i].insert(whole[i].end(), made[i].tokens.begin(), made[i].tokens.end());
        const auto scores = model.score(whole);
        QVERIFY(scores);
        for (std::size_t i = 0; i < 2; ++i)
            for (std::size_t t = 0; t < 10; ++t) {
                const std::size_t at = prompts[i].size() - 1 + t;
                QVERIFY(std::abs((*scores)[i].logProbabilities[at] - made[i].logProbabilities[t]) < 1e-4F);
                QVERIFY(std::abs((*scores)[i].entropies[at] - made[i].entropies[t]) < 1e-4F);
            }
    }

    void whatTextsShare_isReadOnceAndScoresTheSame_data()
    {
        QTest::addColumn<QString>("family");
        for (const char* family : {"qwen3", "mistral", "gemma3", "neox"})
            if (std::filesystem::exists(kModels / family)) QTest::newRow(family) << family;
        QTest::newRow("recurrent") << "recurrent";
        QTest::newRow("convolutional") << "convolutional";
    }
    void whatTextsShare_isReadOnceAndScoresTheSame()
    {
        QFETCH(QString, family);
        const auto model = [&] {
            if (std::filesystem::exists(kModels / family.toStdString())) return opened(kModels / family.toStdString());
            auto shape = models::rungShape(16, 2, 40, 48);
            shape.family = models::familyOf(family.toStdString()).value();
            return LanguageModel::initialise(shape, 3).value();
        }();
        const Tokens prefix{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        const std::vector<Tokens> suffixes{{4, 9, 2}, {12}, {4, 9, 2, 30, 31, 32, 33, 1}};
        std::vector<Tokens> whole(3, prefix);
        for (std::size_t i = 0; i < 3; ++i)
            whole[i].insert(whole[i].end(), suffixes[i].begin(), suffixes[i].end());
        const auto expected = model.score(whole);
        const auto scores = model.scoreAfter(prefix, suffixes);
        QVERIFY(expected);
        QVERIFY2(scores, scores ? "" : scores.error().message.c_str());
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE((*scores)[i].logProbabilities.size(), suffixes[i].size());
            for (std::size_t t = 0; t < suffixes[i].size(); ++t) {
                const std::size_t at = prefix.size() - 1 + t;
                QVERIFY(std::abs((*scores)[i].logProbabilities[t] - (*expected)[i].logProbabilities[at]) < 1e-4F);
                QVERIFY(std::abs((*scores)[i].entropies[t] - (*expected)[i].entropies[at]) < 1e-4F);
            }
        }
        QVERIFY(!model.scoreAfter({}, suffixes));
        QVERIFY(!model.scoreAfter(prefix, {{}}));
        QVERIFY(!model.scoreAfter(prefix, {{100000}}));
    }

    void draws_areTheSameInAnyBatch()
    {
        const LanguageModel model = opened(kModels / "mistral");
        GenerationOptions options;
        options.maxNewTokens = 8;
        options.sampling.seed = 5;
        const std::vector<Tokens> prompts{{1, 2, 3}, {4}, {5, 6}, {7, 8, 9, 10}};
        options.batch = 4;
        const auto together = generated(model, prompts, options);
        options.batch = 1;
        const auto alone = generated(model, prompts, options);
        for (std::size_t i = 0; i < prompts.size(); ++i)
            QCOMPARE(together[i].tokens, alone[i].tokens);
    }

    void otherArchitectures_keepTheirFolderAndSayTheSameInAnyBatch_data()
    {
        QTest::addColumn<int>("family");
        QTest::addRow("recurrent") << static_cast<int>(models::Family::Recurrent);
        QTest::addRow("convolutional") << static_cast<int>(models::Family::Convolutional);
    }
    void otherArchitectures_keepTheirFolderAndSayTheSameInAnyBatch()
    {
        QFETCH(int, family);
        const QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString() + "/model";
        const auto made =
            LanguageModel::initialise(models::rungShape(16, 3, 30, 40, static_cast<models::Family>(family)), 3);
        QVERIFY(made);
        QVERIFY(made->save(folder));
        const LanguageModel model = opened(folder);
        QVERIFY(model.shape() == made->shape());
        const std::vector<Tokens> prompts{{1, 2, 3, 4, 5, 6, 7}, {8}, {9, 10, 11}};
        const auto together = generated(model, prompts, greedy(12));
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            QCOMPARE(together[i].tokens, generated(model, {prompts[i]}, greedy(12)).front().tokens);
            QCOMPARE(together[i].tokens, generated(*made, {prompts[i]}, greedy(12)).front().tokens);
        }
    }
    void stops_endOnlyTheirSequence()
    {
        const LanguageModel model = opened(kModels / "qwen2");
        const std::vector<Tokens> prompts{{1, 2, 3}, {9, 8, 7}};
        const auto free = generated(model, prompts, greedy(12));
        GenerationOptions options = greedy(12);
        options.stopIds = {free[0].tokens[4]};
        const auto stopped = generated(model, prompts, options);
        QVERIFY(stopped[0].stopped);
        QVERIFY(stopped[0].tokens.size() <= 5 && stopped[0].tokens.back() == options.stopIds[0]);
        options.stopIds.clear();
        options.ended = [](std::size_t prompt, const Tokens& tokens) { return prompt == 1 && tokens.size() == 3; };
        const auto ended = generated(model, prompts, options);
        QCOMPARE(ended[0].tokens, free[0].tokens);
        QCOMPARE(ended[1].tokens.size(), std::size_t{3});
        QVERIFY(!ended[0].stopped && ended[1].stopped);
    }

    void hiddenStates_areThoseOfTransformers_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"qwen2", "gemma3", "neox"})
            QTest::newRow(name) << name;
    }
    void hiddenStates_areThoseOfTransformers()
    {
        QFETCH(QString, name);
        const auto folder = kModels / name.toStdString();
        const LanguageModel model = opened(folder);
        const auto golden = nlohmann::json::parse(readFile(folder / "states.json").value());
        const auto made = model.lastStates(golden["texts"].get<std::vector<Tokens>>(), {0, 1, 2});
        QVERIFY(made);
        std::size_t at = 0;
        for (const auto& text : golden["states"])
            for (const auto& layer : text)
                for (const auto& value : layer) {
                    const auto expected = value.get<double>();
                    QVERIFY2(std::abs((*made)[at] - expected) < 2e-5 * (1 + std::abs(expected)),
                             qPrintable(QString("number %1: %2, not %3").arg(at).arg((*made)[at]).arg(expected)));
                    ++at;
                }
        QCOMPARE(made->size(), at);
    }
    void hiddenStates_areOfTheLayersAsked()
    {
        const LanguageModel model = opened(kModels / "neox");
        const auto both = model.lastStates({{1, 2, 3}, {4, 5}}, {0, 1, 2});
        const auto alone = model.lastStates({{4, 5}}, {2});
        QVERIFY(both && alone);
        const auto width = static_cast<std::size_t>(model.shape().hiddenSize);
        QCOMPARE(both->size(), 2 * 3 * width);
        for (std::size_t i = 0; i < width; ++i)
            QVERIFY(std::abs((*both)[5 * width + i] - (*alone)[i]) < 1e-5F);
        QVERIFY(!model.lastStates({{1}}, {3}));
        QVERIFY(!model.lastStates({{1}}, {1, 1}));
    }

    void badPrompts_areRefused()
    {
        const LanguageModel model = opened(kModels / "mistral"); // a sliding window of 32
        const auto says = [&](const Tokens& prompt, int tokens) {
            const auto made = model.generate({prompt}, greedy(tokens), StopFlag());
            return made ? std::string() : made.error().message;
        };
        QVERIFY(says({}, 1).find("needs 1 or more") != std::string::npos);
        QVERIFY(says({40}, 1).find("vocabulary of 40") != std::string::npos);
        QVERIFY(says({-1}, 1).find("vocabulary of 40") != std::string::npos);
        QVERIFY(says({1, 2}, 31).find("takes 32") != std::string::npos);
        QVERIFY(says({1, 2}, 30).empty());
        QVERIFY(!model.score({{1}}));
    }

    void sampling_keepsWhatItsFiltersSay()
    {
        const std::vector<float> logits{std::log(0.4F), std::log(0.3F), std::log(0.2F), std::log(0.1F)};
        const auto ids = [&](const SamplingOptions& options) {
            std::string text;
            Sampler sampler(options);
            double sum = 0;
            for (const Sampler::Candidate& candidate : sampler.candidates(logits)) {
                text += std::to_string(candidate.id);
                sum += candidate.probability;
            }
            return std::abs(sum - 1) < 1e-9 ? text : "does not sum to 1";
        };
        QCOMPARE(ids({}), std::string("0123"));
        QCOMPARE(ids({.topK = 2}), std::string("01"));
        QCOMPARE(ids({.topP = 0.69}), std::string("01"));
        QCOMPARE(ids({.topP = 0.71}), std::string("012"));
        QCOMPARE(ids({.minP = 0.51}), std::string("01"));
        QCOMPARE(ids({.topK = 3, .topP = 0.75, .minP = 0.8}), std::string("0"));
        QVERIFY(!checkSampling({.temperature = 0}));
        QVERIFY(!checkSampling({.topP = 0}));
        QVERIFY(!checkSampling({.minP = 1}));
        QVERIFY(!checkSampling({.topK = -1}));
    }
    void sampling_followsTheProbabilities()
    {
        const std::vector<float> logits{std::log(0.5F), std::log(0.3F), std::log(0.2F)};
        Sampler sampler({.seed = tests::propertySeed()});
        std::map<int, int> counts;
        constexpr int kDraws = 20000;
        for (int i = 0; i < kDraws; ++i)
            ++counts[sampler.draw(logits, 0, static_cast<std::uint64_t>(i))];
        const double expected[] = {0.5, 0.3, 0.2};
        for (int k = 0; k < 3; ++k) // five standard deviations
            QVERIFY(std::abs(counts[k] / double(kDraws) - expected[k]) < 5 * std::sqrt(expected[k] / kDraws));
    }

    void publishedStory_isToldGreedily()
    {
        const QByteArray models = qgetenv("GRADUS_TEST_MODELS");
        if (models.isEmpty()) QSKIP("GRADUS_TEST_MODELS names no folder of real models");
        const LanguageModel model = opened(std::filesystem::path(models.toStdString()) / "stories260k-llama");
        // "<s> Once upon a time" and the story of its author's documentation, in the model's own vocabulary: ", there
        // was a little girl named Lily. She loved to play outside in the park. One day, she saw a big, red ball. ..."
        const Tokens published{432, 383, 286, 261, 376, 298, 315, 421, 395, 317, 426, 338, 401, 396, 267,
                               337, 410, 408, 419, 292, 411, 322, 265, 282, 295, 433, 426, 385, 328, 432,
                               358, 394, 261, 370, 432, 352, 266, 268, 388, 426, 338, 391, 266, 267, 337,
                               335, 312, 432, 398, 312, 286, 267, 414, 270, 333, 415, 426};
        const auto made = generated(model, {{1, 403, 407, 261, 378}}, greedy(static_cast<int>(published.size())));
        QCOMPARE(made[0].tokens, published);
    }

private:
    static void addModels()
    {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"qwen2", "qwen2-untied", "qwen3", "llama3", "smollm", "mistral", "gemma3", "neox", "neox-serial"})
            QTest::newRow(name) << name;
    }
};
GRADUS_SUITE(GenerationTest)
#include "generation_test.moc"
