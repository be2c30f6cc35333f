// SPDX-License-Identifier: GPL-3.0-or-later
// A real instruction model from its folder to a tuned adapter, where GRADUS_TEST_MODEL names the folder
// (packaging/real-model makes one); beside transformers and PEFT where GRADUS_PYTHON has them, on CosmosQA and GSM8K
// where GRADUS_TEST_DATA is.
#include "base/files.h"
#include "chat/prompt.h"
#include "data/choices.h"
#include "data/open_problems.h"
#include "engine/device.h"
#include "engine/language_model.h"
#include "models/adapter_folder_impl.h"
#include "models/folder_weights_impl.h"
#include "models/weights_impl.h"
#include "program.h"
#include "run/generated_eval.h"
#include "run/model_eval.h"
#include "support/must.h"
#include "support/source_dir.h"
#include "support/suite.h"
#include "text/tokenizer.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/tensor.h>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <optional>

using namespace gradus;
using namespace gradus::tests;
using Json = nlohmann::json;

namespace {

constexpr int kNewTokens = 24;
constexpr int kPeerMinutes = 25; ///< seconds where the machine has nothing else to do

const char* const kTexts[] = {"Rose had 37 apples, gave 12 away, and bought 1,005 more in 2026.",
                              "  two spaces\tand\n\n\nnew lines  ",
                              "Приве́т, мир! こんにちは 世界 — naïve café, 𝒳 ≤ 3½",
                              "def f(x):\n    return {\"a\": [x**2, 'b']}  # <|im_end|> is no end here",
                              "👩‍👩‍👧 don't WE'LL they've 've",
                              ""};

std::string folderOfModel()
{
    return qEnvironmentVariable("GRADUS_TEST_MODEL").toStdString();
}

std::vector<float> lastLogits(const models::Decoder& decoder, const engine::Tokens& ids)
{
    const at::Tensor row = at::tensor(std::vector<std::int64_t>(ids.begin(), ids.end())).unsqueeze(0);
    const at::Tensor logits = decoder.logits(decoder.hidden(row).select(1, -1 + row.size(1))).contiguous();
    const float* first = logits.const_data_ptr<float>();
    return {first, first + logits.numel()};
}

/// The largest difference as a share of the largest logit.
double apart(const std::vector<float>& ours, const Json& theirs)
{
    if (ours.size() != theirs.size()) return 1e9;
    double most = 0;
    double size = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        const double between = std::abs(static_cast<double>(ours[i]) - theirs[i].get<double>());
        if (!(between <= most)) most = between; // also what is no number
        size = std::max(size, std::abs(theirs[i].get<double>()));
    }
    return std::isfinite(most) ? most / size : 1e9;
}

} // namespace

class RealModelTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;
    std::optional<text::Tokenizer> m_tokenizer;
    QString m_python; ///< empty: without transformers and PEFT
    QString m_data;   ///< empty: without the published files

    std::filesystem::path scratch(const char* name) const { return m_scratch.filePath(name).toStdString(); }
    engine::Tokens plain(std::string_view text) const
    {
        return m_tokenizer->encode(text, {.parseSpecialTokens = false});
    }
    engine::Tokens asked(const std::string& question) const
    {
        const auto chat = must(chat::ChatTemplate::open(folderOfModel(), false));
        return must(chat::promptIds(chat, *m_tokenizer, {.messages = {{.role = "user", .content = question}}}));
    }
    std::vector<engine::Tokens> prompts() const
    {
        return {asked("What is the capital of France?"), asked("Name three fruits."),
                plain("Once upon a time there was a"), plain("The first five primes are 2, 3,")};
    }
    std::vector<engine::Tokens> rows() const { return {plain(kTexts[0]), plain(kTexts[2]), asked(kTexts[3])}; }

    /// What transformers says; ends the test where it says nothing.
    Json told(const std::string& folder, const Json& question) const
    {
        must(writeFileAtomically(scratch("asked.json"), question.dump()));
        QProcess peer;
        peer.setProcessChannelMode(QProcess::MergedChannels);
        peer.start(m_python,
                   {QString::fromStdString(sourceFile("tests/bench/real_model_peer.py").toStdString()),
                    QString::fromStdString(folder), m_scratch.filePath("asked.json"), m_scratch.filePath("told.json")});
        std::filesystem::remove(scratch("told.json"));
        if (!peer.waitForFinished(kPeerMinutes * 60'000)) {
            peer.kill();
            peer.waitForFinished();
            throw std::runtime_error("transformers was not done after " + std::to_string(kPeerMinutes) +
                                     " minutes: " + peer.readAll().toStdString());
        }
        if (peer.exitStatus() != QProcess::NormalExit || peer.exitCode() != 0)
            throw std::runtime_error(peer.readAll().toStdString());
        return Json::parse(must(readFile(scratch("told.json"))));
    }
    Outcome tuned(const QString& output, const QStringList& more) const
    {
        const QStringList words{"model", "tune",   QString::fromStdString(folderOfModel()), "-o",
                                output,  "--data", m_data + "/cosmosqa/train.csv"};
        const QString how = "--task cosmosqa --most-held 6 --lora 8 --max-steps 6 --batch 4 --max-tokens 224 --lr 1e-3";
        return runGradus(m_scratch.path(), words + how.split(' ') + QStringList{"--threads", "2"} + more);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (folderOfModel().empty())
            QSKIP("GRADUS_TEST_MODEL names no folder of an instruction model; packaging/real-model makes one.");
        engine::useThreads(2);
        m_tokenizer.emplace(must(text::Tokenizer::open(folderOfModel())));
        const QString data = qEnvironmentVariable("GRADUS_TEST_DATA");
        if (!data.isEmpty() && QFile::exists(data + "/cosmosqa/train.csv")) m_data = QDir(data).absolutePath();
        const QString python = qEnvironmentVariable("GRADUS_PYTHON");
        if (!python.isEmpty() && QProcess::execute(python, {"-c", "import transformers, peft"}) == 0) m_python = python;
    }

    void chat_isAnsweredSensibly()
    {
        const Outcome outcome =
            runGradus(m_scratch.path(), {"model", "generate", QString::fromStdString(folderOfModel()), "--as-chat",
                                         "--greedy", "--max-new-tokens", "24", "--threads", "2", "--json", "--prompt",
                                         "What is the capital of France?"});
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        const Json said = Json::parse(outcome.out.toStdString());
        const std::string text = said["text"].get<std::string>();
        QVERIFY2(text.find("Paris") != std::string::npos, text.c_str());
        QVERIFY2(text.find("<|") == std::string::npos, text.c_str());
        QVERIFY2(said["stopped"].get<bool>(), "it did not end its turn");
        for (const auto& log : said["log_probabilities"])
            QVERIFY(log.get<double>() <= 0 && log.get<double>() > -10);
    }

    void textsChatsLogitsAndGreedyTokens_equalTransformers()
    {
        if (m_python.isEmpty()) QSKIP("GRADUS_PYTHON names no Python with transformers and peft.");
        Json chats = Json::array();
        chats.push_back({{{"role", "user"}, {"content", "What is 17 + 25?"}}});
        chats.push_back({{{"role", "system"}, {"content", "Be brief."}},
                         {{"role", "user"}, {"content", "Hello"}},
                         {{"role", "assistant"}, {"content", "Hi!"}},
                         {{"role", "user"}, {"content", "Bye\n"}}});
        const Json theirs = told(folderOfModel(), {{"texts", kTexts},
                                                   {"chats", chats},
                                                   {"rows", rows()},
                                                   {"prompts", prompts()},
                                                   {"new_tokens", kNewTokens}});
        for (std::size_t i = 0; i < std::size(kTexts); ++i)
            QVERIFY2(Json(plain(kTexts[i])) == theirs["texts"][i], kTexts[i]);
        const auto chat = must(chat::ChatTemplate::open(folderOfModel(), false));
        for (std::size_t i = 0; i < chats.size(); ++i) {
            const text::SpecialTokens& specials = m_tokenizer->specials();
            chat::ChatRequest request;
            request.bos = specials.bos;
            request.eos = specials.eos;
            for (const Json& message : chats[i])
                request.messages.push_back({.role = message["role"], .content = message["content"]});
            const std::string rendered = must(chat.render(request));
            QVERIFY2(rendered == theirs["chats"][i], rendered.c_str());
            QVERIFY(Json(must(chat::promptIds(chat, *m_tokenizer, request))) == theirs["chat_ids"][i]);
        }
        {
            const auto decoder = must(models::loadDecoder(must(models::openModelFolder(folderOfModel()))));
            for (std::size_t i = 0; i < rows().size(); ++i) {
                const double difference = apart(lastLogits(decoder, rows()[i]), theirs["logits"][i]);
                QVERIFY2(difference < 2e-5, std::to_string(difference).c_str());
            }
        }
        const auto model = must(engine::LanguageModel::open(folderOfModel()));
        engine::GenerationOptions options;
        options.maxNewTokens = kNewTokens;
        options.stopIds = model.endIds();
        options.sampling.greedy = true;
        for (const int batch : {1, 4}) { // alone, and padded beside the others
            options.batch = batch;
            const auto made = must(model.generate(prompts(), options, StopFlag()));
            for (std::size_t i = 0; i < made.size(); ++i)
                QVERIFY2(Json(made[i].tokens) == theirs["greedy"][i], m_tokenizer->decode(made[i].tokens).c_str());
        }
    }

    void multipleChoiceAndFinalAnswers_equalTransformers()
    {
        if (m_python.isEmpty() || m_data.isEmpty()) QSKIP("GRADUS_PYTHON or GRADUS_TEST_DATA names nothing of use.");
        auto items = must(data::readCosmosqaChoices((m_data + "/cosmosqa/valid.csv").toStdString(), 8));
        const auto problems = must(data::readNumberProblems((m_data + "/gsm8k/test.jsonl").toStdString(), 2));
        Json question{{"new_tokens", 2 * kNewTokens}, {"choices", Json::array()}, {"problems", Json::array()}};
        for (const data::ChoiceItem& item : items)
            question["choices"].push_back({{"prompt", item.prompt}, {"answers", item.answers}});
        for (const data::NumberProblem& problem : problems)
            question["problems"].push_back("Question: " + problem.question + "\nAnswer:");
        const Json theirs = told(folderOfModel(), question);
        // What transformers finds most probable is taken for true: all of ours are right, or one differs.
        double alike = 0;
        for (std::size_t i = 0; i < items.size(); ++i) {
            items[i].truth = theirs["choices"][i][0].get<int>();
            alike += theirs["choices"][i][1] == theirs["choices"][i][0] ? 1 : 0;
        }
        const auto choices = must(run::evaluateChoices(folderOfModel(), items, StopFlag(), {}));
        QCOMPARE(choices.accuracy.value, 1.0);
        QCOMPARE(choices.normalisedAccuracy.value, alike / static_cast<double>(items.size()));
        const auto ours = must(run::evaluateNumbers(folderOfModel(), problems,
                                                    {.maxNewTokens = 2 * kNewTokens, .batch = 3}, StopFlag(), {}));
        for (std::size_t i = 0; i < problems.size(); ++i) {
            const std::string theirText = theirs["problems"][i].get<std::string>();
            QVERIFY2(ours.answers[i].text == theirText, (ours.answers[i].text + "\n----\n" + theirText).c_str());
            QCOMPARE(ours.answers[i].right, data::finalNumber(theirText) == problems[i].number);
        }
    }

    void adapterOnCosmosqa_learnsAndIsReadByPeft()
    {
        if (m_data.isEmpty()) QSKIP("GRADUS_TEST_DATA names no folder with CosmosQA.");
        for (const bool merged : {false, true}) {
            const Outcome outcome =
                tuned(merged ? "merged" : "adapter", merged ? QStringList{"--merge"} : QStringList());
            QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        }
        std::string lines = must(readFile(scratch("adapter/metrics.jsonl")));
        lines.erase(lines.find_last_not_of('\n') + 1);
        const Json last = Json::parse(lines.substr(lines.rfind('\n') + 1));
        const double before = last["before"]["eval_loss"]["value"].get<double>();
        const double after = last["after"]["eval_loss"]["value"].get<double>();
        QVERIFY2(after < before - 0.05, lines.c_str());

        auto decoder = must(models::loadDecoder(must(models::openModelFolder(folderOfModel()))));
        const std::vector<float> base = lastLogits(decoder, rows()[0]);
        const auto adapter = must(models::openAdapterFolder(scratch("adapter")));
        must(decoder.attachAdapters(adapter.options));
        must(models::loadWeights(adapter.file, decoder.adapters()));
        const auto whole = must(models::loadDecoder(must(models::openModelFolder(scratch("merged")))));
        QVERIFY(apart(lastLogits(decoder, rows()[0]), Json(base)) > 1e-3);
        for (const engine::Tokens& row : rows())
            QVERIFY(apart(lastLogits(decoder, row), Json(lastLogits(whole, row))) < 2e-5);
        if (m_python.isEmpty()) QSKIP("GRADUS_PYTHON names no Python with transformers and peft.");
        for (const bool merged : {false, true}) {
            const Json theirs =
                told(merged ? scratch("merged").string() : folderOfModel(),
                     {{"rows", rows()}, {"adapter", merged ? std::string() : scratch("adapter").string()}});
            for (std::size_t i = 0; i < rows().size(); ++i) {
                const double difference = apart(lastLogits(decoder, rows()[i]), theirs["logits"][i]);
                QVERIFY2(difference < 2e-5, std::to_string(difference).c_str());
            }
        }
    }
};
GRADUS_SUITE(RealModelTest)
#include "real_model_test.moc"
