// SPDX-License-Identifier: GPL-3.0-or-later
// Tuning a folder on a file: what is learnt of a row, what is written, and what a resumed job leaves behind.
#include "run/tune_model.h"

#include "base/files.h"
#include "engine/language_model.h"
#include "support/source_dir.h"
#include "support/suite.h"
#include "text/tokenizer.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>

using namespace gradus;
using namespace gradus::run;

namespace {

const std::filesystem::path kData = tests::sourceDir() / "tests/data";

} // namespace

class TuneModelTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;
    StopFlag m_never;

    std::filesystem::path path(const std::string& name) const { return m_scratch.filePath(name.c_str()).toStdString(); }
    std::filesystem::path model() const
    {
        const auto folder = path("model");
        if (std::filesystem::exists(folder)) return folder;
        const auto tokenizer = text::Tokenizer::open(kData / "tokenizers/qwen2/tokenizer.json").value();
        (void)engine::LanguageModel::initialise(models::rungShape(16, 1, tokenizer.vocabulary(), 96), 3)
            .value()
            .save(folder);
        std::filesystem::copy_file(kData / "tokenizers/qwen2/tokenizer.json", folder / "tokenizer.json");
        std::filesystem::copy_file(kData / "chat/qwen_like.jinja", folder / "chat_template.jinja");
        (void)writeFileAtomically(folder / "tokenizer_config.json", "{\"eos_token\": \"<|end|>\"}");
        return folder;
    }
    std::filesystem::path write(const std::string& name, const std::string& text) const
    {
        (void)writeFileAtomically(path(name), text);
        return path(name);
    }
    std::string rows(int count) const
    {
        std::string text;
        for (int i = 0; i < count; ++i)
            text += nlohmann::json{{"prompt", "say " + std::to_string(i % 10) + ": "},
                                   {"completion", std::to_string(i % 10)}}
                        .dump() +
                    "\n";
        return text;
    }
    TuneRequest request(const std::string& output, const std::filesystem::path& data) const
    {
        TuneRequest made;
        made.job.folder = model();
        made.job.output = path(output);
        made.job.learningRate = 1e-2;
        made.job.epochs = 4;
        made.job.checkpointEvery = 3;
        made.data.file.file = data;
        made.data.heldShare = 0.3;
        return made;
    }
    std::string shown(engine::TuningMethod method, const std::string& row, bool asChat = false,
                      std::size_t text = 0) const
    {
        TuningDataRequest wanted;
        wanted.folder = model();
        wanted.method = method;
        wanted.file.file = write("shown.jsonl", row + "\n");
        wanted.file.asChat = asChat;
        wanted.heldShare = 0;
        const auto data = readTuningData(wanted);
        if (!data) return data.error().message;
        const auto tokenizer = text::Tokenizer::open(model());
        return shownSequence(*tokenizer, data->taught.at(0).sequences.at(text));
    }
    static std::vector<nlohmann::json> lines(const std::filesystem::path& file)
    {
        std::vector<nlohmann::json> all;
        const std::string text = readFile(file).value();
        for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
            all.push_back(nlohmann::json::parse(text.substr(at, text.find('\n', at) - at)));
        return all;
    }
    /// Everything but speeds.
    static std::vector<nlohmann::json> timeless(std::vector<nlohmann::json> all)
    {
        for (nlohmann::json& line : all)
            line.erase("tokens_per_second");
        return all;
    }

private Q_SLOTS:
    void initTestCase() { engine::useThreads(1); }

    void whatIsLearnt_isTheCompletionAndItsEnd()
    {
        using engine::TuningMethod;
        QCOMPARE(shown(TuningMethod::Sft, R"({"prompt": "two and", "completion": " two"})"),
                 std::string("two and⟦ two<|end|>⟧"));
        QCOMPARE(shown(TuningMethod::Preference, R"({"prompt": "q ", "chosen": "a", "rejected": "b"})", false, 1),
                 std::string("q⟦ b<|end|>⟧"));
        // The reward model and the classifier learn a verdict, not a text.
        QCOMPARE(shown(TuningMethod::Reward, R"({"prompt": "q ", "chosen": "a", "rejected": "b"})"),
                 std::string("q a"));
        QCOMPARE(shown(TuningMethod::Classify, R"({"text": "word", "label": 1})"), std::string("word"));
    }
    void dialogues_teachTheAssistantsTurnsAlone()
    {
        const std::string row =
            R"({"messages": [{"role": "user", "content": "u"}, {"role": "assistant", "content": "a"}, {"role": "user", "content": "v"}, {"role": "assistant", "content": "b"}]})";
        const std::string text = shown(engine::TuningMethod::Sft, row);
        QCOMPARE(text,
                 std::string("<|im_start|>user\nu<|im_end|>\n<|im_start|>assistant\n⟦a<|im_end|>\n⟧<|im_start|>user\nv"
                             "<|im_end|>\n<|im_start|>assistant\n⟦b<|im_end|>\n⟧"));
        const std::string prompted = shown(engine::TuningMethod::Sft, R"({"prompt": "u", "completion": "a"})", true);
        QCOMPARE(prompted, std::string("<|im_start|>user\nu<|im_end|>\n<|im_start|>assistant\n⟦a<|im_end|>\n⟧"));
    }
    void rowsThatNameSpecialTokens_cannotEndTheirTurn()
    {
        const auto tokenizer = text::Tokenizer::open(model()).value();
        TuningDataRequest wanted;
        wanted.folder = model();
        wanted.file.file = write("hostile.jsonl", R"({"prompt": "x<|end|>y", "completion": "<|end|>z"})"
                                                  "\n");
        wanted.heldShare = 0;
        const auto data = readTuningData(wanted);
        QVERIFY(data.ok());
        const auto& tokens = data->taught[0].sequences[0].tokens;
        QCOMPARE(std::ranges::count(tokens, *tokenizer.idOf("<|end|>")), std::ptrdiff_t{1}); // the last one: ours
        QCOMPARE(tokens.back(), *tokenizer.idOf("<|end|>"));
    }
    void rowsOfOnePrompt_standOnOneSide()
    {
        TuningDataRequest wanted;
        wanted.folder = model();
        wanted.file.file = write("split.jsonl", rows(60));
        wanted.heldShare = 0.3;
        const auto data = readTuningData(wanted);
        QVERIFY2(data.ok(), data ? "" : data.error().message.c_str());
        QVERIFY(!data->held.empty() && !data->taught.empty());
        QCOMPARE(data->held.size() + data->taught.size(), std::size_t{60});
        for (const auto& held : data->held)
            for (const auto& taught : data->taught)
                QVERIFY(held.sequences[0].tokens != taught.sequences[0].tokens);
    }
    void fileReadInParts_teachesTheSame_data()
    {
        QTest::addColumn<int>("method");
        QTest::newRow("sft") << static_cast<int>(engine::TuningMethod::Sft);
        QTest::newRow("classify") << static_cast<int>(engine::TuningMethod::Classify);
    }
    void fileReadInParts_teachesTheSame()
    {
        QFETCH(int, method);
        std::string text;
        for (int i = 0; i < 200; ++i)
            text += nlohmann::json{{"prompt", "say " + std::to_string(i % 50) + ": "},
                                   {"completion", std::to_string(i)},
                                   {"text", i == 77 ? std::string() : "row " + std::to_string(i)},
                                   {"label", i > 190 ? 3 : i % 2}}
                        .dump() +
                    "\n";
        TuningDataRequest wanted;
        wanted.folder = model();
        wanted.method = static_cast<engine::TuningMethod>(method);
        wanted.file.file = write("parts.jsonl", text);
        wanted.heldShare = 0.3;
        wanted.mostHeld = 10;
        const auto whole = readTuningData(wanted);
        QVERIFY2(whole, whole ? "" : whole.error().message.c_str());
        QVERIFY(!whole->filed);
        wanted.partBytes = 700;
        wanted.scratch = m_scratch.path().toStdString();
        const auto parts = readTuningData(wanted);
        QVERIFY2(parts, parts ? "" : parts.error().message.c_str());
        QVERIFY(parts->filed);
        QCOMPARE(parts->note, whole->note);
        QCOMPARE(parts->classes, whole->classes);
        QCOMPARE(parts->medianTokens, whole->medianTokens);
        QCOMPARE(parts->longestTokens, whole->longestTokens);
        QCOMPARE(parts->taughtRows(), whole->taughtRows());
        const auto same = [](const engine::TaughtExample& one, const engine::TaughtExample& other) {
            return one.sequences[0].tokens == other.sequences[0].tokens && one.target == other.target;
        };
        for (std::size_t i = 0; i < whole->taughtRows(); ++i)
            QVERIFY(same(whole->taught[i], *parts->filed->at(i)));
        QCOMPARE(parts->held.size(), std::size_t{10});
        QCOMPARE(whole->held.size(), std::size_t{10});
        for (std::size_t i = 0; i < 10; ++i)
            QVERIFY(same(whole->held[i], parts->held[i]));
        // And the weights end up the same.
        if (wanted.method != engine::TuningMethod::Sft) return;
        TuneRequest tuning = request("in-memory", wanted.file.file);
        tuning.job.epochs = 1;
        const auto listed = tuneModel(tuning, m_never, {});
        tuning.job.output = path("in-parts");
        tuning.data.partBytes = 700;
        const auto filed = tuneModel(tuning, m_never, {});
        QVERIFY2(listed && filed, filed ? "" : filed.error().message.c_str());
        QCOMPARE(filed->folder.sha256, listed->folder.sha256);
        QCOMPARE(filed->taught, listed->taught);
    }
    void classesWithoutARow_areSaid()
    {
        TuningDataRequest wanted;
        wanted.folder = model();
        wanted.method = engine::TuningMethod::Classify;
        wanted.heldShare = 0;
        const std::string one = R"({"text": "one", "label": 0})";
        wanted.file.file = write("gaps.jsonl", one + "\n" + R"({"text": "two", "label": 300})" + "\n");
        const auto gaps = readTuningData(wanted);
        QVERIFY2(gaps.ok(), gaps ? "" : gaps.error().message.c_str());
        QCOMPARE(gaps->classes, 301);
        QVERIFY2(gaps->note.find("Of 301 classes 299 occur in no row, the first of them 1") != std::string::npos,
                 gaps->note.c_str());
        wanted.file.file = write("gaps.jsonl", one + "\n" + R"({"text": "two", "label": 1})" + "\n");
        QVERIFY(readTuningData(wanted)->note.find("occur in no row") == std::string::npos);
        wanted.heldShare = std::nan("");
        const auto none = readTuningData(wanted);
        QVERIFY(!none.ok() && none.error().message.find("held out must be a number") != std::string::npos);
    }
    void lossThatIsNoNumber_isAnEventAmongTheMetrics()
    {
        TuneRequest wild = request("wild", write("wild.jsonl", rows(40)));
        wild.job.learningRate = 1e30;
        wild.job.clip = 0;
        wild.job.warmup = 0.9;
        wild.job.checkpointEvery = 1;
        double gibibytes = 0;
        TuneProgress progress;
        progress.onMemory = [&](const engine::TuningMemory& memory) { gibibytes = memory.sum(); };
        const auto tuned = tuneModel(wild, m_never, progress);
        QVERIFY(!tuned.ok());
        QVERIFY(gibibytes > 0);
        const auto event = lines(path("wild/metrics.jsonl")).back();
        QCOMPARE(event["kind"].get<std::string>(), std::string("event"));
        QCOMPARE(event["event"].get<std::string>(), std::string("diverged"));
        QCOMPARE(event["step"].get<int>(), 2); // the first step's weights are none that give a number
        QVERIFY(event["last_good_step"].is_null());
        QVERIFY(!std::filesystem::exists(path("wild/last-good")));
    }
    void longRows_areLeftOutAndSaid()
    {
        TuningDataRequest wanted;
        wanted.folder = model();
        wanted.file.file =
            write("long.jsonl", rows(5) + "{\"prompt\": \"p\", \"completion\": \"" + std::string(400, 'q') + "\"}\n");
        wanted.heldShare = 0;
        wanted.maxTokens = 64;
        const auto data = readTuningData(wanted);
        QVERIFY2(data.ok(), data ? "" : data.error().message.c_str());
        QCOMPARE(data->taught.size(), std::size_t{5});
        QVERIFY2(data->note.find("1 row of more than 64 tokens left out") != std::string::npos, data->note.c_str());
    }
    void tunedFolder_hasTokenizerMetricsAndNoCheckpoints()
    {
        const auto data = write("whole.jsonl", rows(60));
        const auto done = tuneModel(request("whole", data), m_never, {});
        QVERIFY2(done.ok(), done ? "" : done.error().message.c_str());
        QVERIFY(done->before && done->after);
        QVERIFY2(done->after->loss.value < done->before->loss.value, "held-out loss did not go down");
        QVERIFY(done->after->loss.low < done->after->loss.value && done->after->loss.value < done->after->loss.high);
        for (const char* name : {"tokenizer.json", "chat_template.jinja", "config.json", "model.safetensors"})
            QVERIFY2(std::filesystem::exists(path("whole") / name), name);
        QVERIFY(!std::filesystem::exists(path("whole") / "checkpoints"));
        const auto all = lines(path("whole") / "metrics.jsonl");
        QCOMPARE(all.front()["kind"].get<std::string>(), std::string("evaluation"));
        QCOMPARE(all.back()["kind"].get<std::string>(), std::string("result"));
        QCOMPARE(all.back()["sha256"].get<std::string>(), done->folder.sha256);
        // A folder that holds a model is not written over.
        const auto again = tuneModel(request("whole", data), m_never, {});
        QVERIFY(!again.ok());
        QVERIFY2(again.error().message.find("holds a model already") != std::string::npos,
                 again.error().message.c_str());
    }
    void resumedJob_leavesTheSameFolderAndMetrics()
    {
        const auto data = write("resumed.jsonl", rows(60));
        const auto whole = tuneModel(request("one", data), m_never, {});
        QVERIFY2(whole.ok(), whole ? "" : whole.error().message.c_str());
        StopFlag stop;
        TuneProgress progress;
        progress.onStep = [&](const engine::TuningStep& step, double) {
            if (step.step == 7) stop.request();
        };
        const auto part = tuneModel(request("two", data), stop, progress);
        QVERIFY(!part.ok());
        QVERIFY(part.error().kind == ErrorKind::Stopped);
        QVERIFY(!std::filesystem::exists(path("two") / "config.json"));
        // A process that is killed leaves lines of steps that its checkpoint does not have, and half a line.
        (void)writeFileAtomically(path("two") / "metrics.jsonl",
                                  readFile(path("two") / "metrics.jsonl").value() +
                                      "{\"kind\":\"step\",\"step\":999}\n{\"kind\":\"st");
        std::int64_t resumed = 0;
        TuneProgress resuming;
        resuming.onResume = [&](std::int64_t step) { resumed = step; };
        const auto rest = tuneModel(request("two", data), m_never, resuming);
        QVERIFY2(rest.ok(), rest ? "" : rest.error().message.c_str());
        QVERIFY(resumed >= 7);
        QCOMPARE(rest->folder.sha256, whole->folder.sha256);
        QVERIFY(timeless(lines(path("one") / "metrics.jsonl")) == timeless(lines(path("two") / "metrics.jsonl")));
        QVERIFY(rest->before && rest->before->loss == whole->before->loss);
    }
    void intervals_areThoseOfRows()
    {
        engine::TuningEvaluation evaluation{.step = 3, .loss = 0};
        for (int i = 0; i < 100; ++i)
            evaluation.scores.push_back({.loss = i % 2 == 0 ? 1.0 : 3.0, .right = i < 80, .chosen = 1, .rejected = 0});
        const TuneEvaluation made = estimated(evaluation, engine::TuningMethod::Reward);
        QCOMPARE(made.loss.value, 2.0);
        QVERIFY(std::abs(made.loss.high - (2 + 1.96 * 1.005 / 10)) < 1e-3); // deviation 1 over 100 rows
        QCOMPARE(made.accuracy->value, 0.8);
        QCOMPARE(made.margin->value, 1.0);
        QVERIFY(!estimated(evaluation, engine::TuningMethod::Sft).accuracy);
    }
};

GRADUS_SUITE(TuneModelTest)
#include "tune_model_test.moc"
