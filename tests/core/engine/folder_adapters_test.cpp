// SPDX-License-Identifier: GPL-3.0-or-later
// Adapters of folders: what tuning writes is PEFT's, what PEFT writes is read where its weights say, a merged one says
// the same.
#include "folder_bench.h"

#include "base/files.h"
#include "engine/language_model.h"
#include "models/adapter_folder_impl.h"
#include "models/adapter_targets_impl.h"
#include "models/folder_weights_impl.h"
#include "models/safetensors.h"
#include "support/suite.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <set>
#include <span>

using namespace gradus;
using namespace gradus::engine;
using namespace gradus::tests;

class FolderAdaptersTest : public QObject, private FolderBench
{
    Q_OBJECT
    /// An adapter's folder as PEFT would have written it: these tensors alone (and their names changed), this config.
    void writeAdapter(const char* name, const models::SafetensorsFile& file, const QString& dropped,
                      const std::string& config, const std::string& more = {}) const
    {
        std::vector<models::TensorBytes> kept;
        for (const models::TensorEntry& entry : file.header().tensors)
            if (!QString::fromStdString(entry.name).contains(QRegularExpression(dropped)))
                kept.push_back(
                    {.name = entry.name, .type = entry.type, .shape = entry.shape, .bytes = file.bytes(entry)});
        const float one = 1;
        if (!more.empty())
            kept.push_back({.name = more,
                            .type = models::ElementType::F32,
                            .shape = {1},
                            .bytes = std::as_bytes(std::span(&one, 1))});
        QVERIFY(makeFolder(path(name)));
        QVERIFY(writeFileAtomically(path(name) / "adapter_model.safetensors", models::encodeSafetensors(kept, {})));
        QVERIFY(writeFileAtomically(path(name) / "adapter_config.json",
                                    R"({"peft_type": "LORA", "r": 4, "lora_alpha": 8, )" + config + "}"));
    }

private Q_SLOTS:
    void initTestCase() { useThreads(1); }

    void adapterFolder_isPeftsAndLeavesTheBodyOut()
    {
        FolderTuning made = job(path("adapter"), {});
        made.rank = 4;
        made.alpha = 8;
        const auto tuned = run(made, echoes(30, 0));
        QVERIFY2(tuned.ok(), tuned ? "" : tuned.error().message.c_str());
        QVERIFY(!std::filesystem::exists(path("adapter") / "config.json"));
        const auto opened = models::openAdapterFolder(path("adapter"));
        QVERIFY2(opened.ok(), opened ? "" : opened.error().message.c_str());
        QCOMPARE(opened->options.rank, 4);
        QCOMPARE(opened->options.alpha, 8.0);
        QCOMPARE(opened->file.header().tensors.size(), std::size_t{2 * 2 * 4});
        // Tuning goes on from it.
        FolderTuning further = job(path("further"), {});
        further.adapter = path("adapter");
        double first = -1;
        double before = -1;
        TuningListener listener;
        listener.onStep = [&](const TuningStep& step) {
            if (step.step == 1) first = step.loss;
        };
        QVERIFY(run(further, echoes(30, 0), {}, listener).ok());
        made.output = path("fresh");
        listener.onStep = [&](const TuningStep& step) {
            if (step.step == 1) before = step.loss;
        };
        QVERIFY(run(made, echoes(30, 0), {}, listener).ok());
        QVERIFY2(first < before, qPrintable(QString("%1, %2").arg(first).arg(before)));
    }
    void adaptersOfPeft_standWhereTheirWeightsSay_data()
    {
        QTest::addColumn<QString>("dropped");
        QTest::addColumn<QString>("config");
        QTest::newRow("the end of a name") << "[kvo]_proj"
                                           << R"("target_modules": ["self_attn.q_proj"])";
        QTest::newRow("a pattern") << "[ko]_proj"
                                   << R"("target_modules": ".*(q|v)_proj")";
        QTest::newRow("one layer") << "[kvo]_proj|layers.0"
                                   << R"("target_modules": ["q_proj"], "layers_to_transform": 1)";
        QTest::newRow("left out") << "[vko]_proj"
                                  << R"("target_modules": ["q_proj", "v_proj"], "exclude_modules": ["v_proj"])";
        QTest::newRow("whole names") << "[vko]_proj|layers.1"
                                     << R"("target_modules": ["model.layers.0.self_attn.q_proj"])";
    }
    void adaptersOfPeft_standWhereTheirWeightsSay()
    {
        QFETCH(QString, dropped);
        QFETCH(QString, config);
        FolderTuning made = job(path("attention"), {});
        made.rank = 4;
        made.targets = {"self_attn.q_proj", "k_proj", "v_proj", "o_proj"};
        QVERIFY(run(made, echoes(30, 0)).ok());
        const auto whole = models::openAdapterFolder(path("attention"));
        QVERIFY2(whole.ok(), whole ? "" : whole.error().message.c_str());
        writeAdapter("part", whole->file, dropped, config.toStdString());
        const auto part = LanguageModel::open(kQwen, path("part"));
        QVERIFY2(part.ok(), part ? "" : part.error().message.c_str());
        const auto firstLog = [&](const LanguageModel& model) {
            return model.score({{5, 2, 5, 5}}).value().front().logProbabilities.back();
        };
        QVERIFY(std::abs(firstLog(*part) - firstLog(LanguageModel::open(kQwen).value())) > 1e-6F);
        QVERIFY(std::abs(firstLog(*part) - firstLog(LanguageModel::open(kQwen, path("attention")).value())) > 1e-6F);
        // What is tuned on from it stands at the same places, in words that read back.
        FolderTuning further = job(path("further"), {});
        further.adapter = path("part");
        further.maxSteps = 1;
        const auto tuned = run(further, echoes(30, 0));
        QVERIFY2(tuned.ok(), tuned ? "" : tuned.error().message.c_str());
        const auto again = models::openAdapterFolder(path("further"));
        QVERIFY2(again.ok(), again ? "" : again.error().message.c_str());
        const auto namesOf = [](const models::SafetensorsFile& file) {
            std::set<std::string> names;
            for (const models::TensorEntry& entry : file.header().tensors)
                names.insert(entry.name);
            return names;
        };
        const auto before = models::openAdapterFolder(path("part"));
        QVERIFY(namesOf(again->file) == namesOf(before->file));
        auto decoder = models::loadDecoder(models::openModelFolder(kQwen).value());
        const auto places = models::modulesAt(*decoder, again->options.targets);
        QCOMPARE(2 * places.size(), namesOf(again->file).size());
        for (const std::string& place : places)
            QVERIFY(namesOf(again->file).contains("base_model.model." + place + ".lora_A.weight"));
        for (const char* name : {"attention", "part", "further"})
            std::filesystem::remove_all(path(name));
    }
    void adaptersBesideTheProjections_areRefusedByTheTensor()
    {
        FolderTuning made = job(path("attention"), {});
        made.rank = 4;
        QVERIFY(run(made, echoes(30, 0)).ok());
        const auto whole = models::openAdapterFolder(path("attention"));
        QVERIFY(whole.ok());
        for (const std::string more :
             {"base_model.model.lm_head.lora_A.weight", "base_model.model.model.norm.weight"}) {
            writeAdapter("more", whole->file, "nothing", R"("target_modules": "all")", more);
            const auto opened = LanguageModel::open(kQwen, path("more"));
            QVERIFY(!opened.ok() && opened.error().kind == ErrorKind::BadInput);
            QVERIFY2(opened.error().message.find(more) != std::string::npos, opened.error().message.c_str());
        }
        made.output = path("misspelt");
        made.targets = {"q_proj", "k_porj"};
        const auto misspelt = run(made, echoes(30, 0));
        QVERIFY(!misspelt.ok() &&
                misspelt.error().message.find("\"k_porj\" is not in a qwen2 model") != std::string::npos);
    }
    void mergedAdapter_isAModelThatScoresAsTheAdapterDid()
    {
        FolderTuning made = job(path("merged"), {});
        made.rank = 4;
        made.merge = true;
        TuningEvaluation last;
        TuningListener listener;
        listener.onEvaluation = [&](const TuningEvaluation& each) { last = each; };
        const auto held = echoes(5, 1);
        QVERIFY(run(made, echoes(30, 0), held, listener).ok());
        const auto model = LanguageModel::open(path("merged"));
        QVERIFY2(model.ok(), model ? "" : model.error().message.c_str());
        // The adapter by itself, on top of its model, says the same.
        made.merge = false;
        made.output = path("unmerged");
        QVERIFY(run(made, echoes(30, 0), held).ok());
        const auto adapted = LanguageModel::open(kQwen, path("unmerged"));
        QVERIFY2(adapted.ok(), adapted ? "" : adapted.error().message.c_str());
        const auto logsOf = [&](const LanguageModel& one) {
            return one.score({held[0].sequences[0].tokens}).value().front().logProbabilities;
        };
        for (std::size_t t = 0; t < logsOf(*model).size(); ++t)
            QVERIFY(std::abs(logsOf(*adapted)[t] - logsOf(*model)[t]) < 1e-5F);
        QVERIFY(std::abs(logsOf(*adapted)[0] - logsOf(LanguageModel::open(kQwen).value())[0]) > 1e-3F);
        const auto alone = LanguageModel::open(path("unmerged"));
        QVERIFY(!alone.ok() && alone.error().message.find("with --adapter") != std::string::npos);
        double sum = 0;
        double count = 0;
        for (const TaughtExample& example : held) {
            const auto logs = model->score({example.sequences[0].tokens}).value().front().logProbabilities;
            for (std::size_t t = 1; t < logs.size(); ++t, ++count)
                sum -= logs[t];
        }
        QVERIFY(std::abs(sum / count - last.loss) < 1e-4);
    }
};
GRADUS_SUITE(FolderAdaptersTest)
#include "folder_adapters_test.moc"
