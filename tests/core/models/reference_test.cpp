// SPDX-License-Identifier: GPL-3.0-or-later
// Every family against transformers: tests/data/models holds what tests/bench/make_golden_models.py wrote.
#include "base/files.h"
#include "models/decoder_impl.h"
#include "models/folder_weights_impl.h"
#include "models/hf_config.h"
#include "models/weights_impl.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>

using namespace gradus;
using namespace gradus::models;

namespace {

const std::filesystem::path kModels = tests::sourceDir() / "tests/data/models";

at::Tensor idsOf(const nlohmann::json& rows)
{
    at::Tensor ids =
        at::empty({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows[0].size())}, at::kLong);
    std::int64_t* id = ids.data_ptr<std::int64_t>();
    for (const auto& row : rows)
        for (const auto& value : row)
            *id++ = value.get<std::int64_t>();
    return ids;
}

Decoder loaded(const std::filesystem::path& path)
{
    const auto folder = openModelFolder(path);
    if (!folder) qFatal("%s", folder.error().message.c_str());
    auto decoder = loadDecoder(*folder);
    if (!decoder) qFatal("%s", decoder.error().message.c_str());
    return std::move(*decoder);
}

std::string refusal(const std::filesystem::path& path)
{
    const auto folder = openModelFolder(path);
    if (!folder) return folder.error().message;
    const auto decoder = loadDecoder(*folder);
    return decoder ? "" : decoder.error().message;
}

} // namespace

class ReferenceTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void logitsLossAndEveryGradient_equalTransformers_data() { addModels(); }
    void logitsLossAndEveryGradient_equalTransformers()
    {
        QFETCH(QString, name);
        const auto path = kModels / name.toStdString();
        const auto golden = nlohmann::json::parse(readFile(path / "golden.json").value());
        const auto file = SafetensorsFile::open(path / "golden.safetensors");
        Decoder decoder = loaded(path);
        decoder.requiresGradients(true);
        const at::Tensor expected = at::empty({3, 20, 40});
        QVERIFY(loadWeights(*file, {{"logits", expected}}));
        const at::Tensor logits = decoder.logits(decoder.hidden(idsOf(golden["ids"])));
        const double difference = logits.detach().sub(expected).abs().max().item<double>();
        const double size = expected.abs().max().item<double>();
        QVERIFY2(difference <= 2e-6 * size, qPrintable(QString("%1 of %2").arg(difference).arg(size)));

        const at::Tensor loss = at::cross_entropy_loss(logits.view({-1, 40}), idsOf(golden["targets"]).view({-1}));
        QVERIFY(std::abs(loss.item<double>() - golden["loss"].get<double>()) < 2e-6);
        loss.backward();
        compareGradients(decoder, *file);
    }

    void adapters_changeNothingAtFirstAndMergeToWhatTheySaid()
    {
        Decoder decoder = loaded(kModels / "llama3");
        const auto golden = nlohmann::json::parse(readFile(kModels / "llama3/golden.json").value());
        const at::Tensor ids = idsOf(golden["ids"]);
        const at::Tensor before = decoder.hidden(ids);
        QVERIFY(
            decoder.attachAdapters({.rank = 2, .alpha = 4, .targets = {"q_proj", "v_proj", "down_proj"}, .seed = 1}));
        QCOMPARE(decoder.adapters().size(), std::size_t{12});
        QVERIFY(decoder.hidden(ids).sub(before).abs().max().item<double>() < 1e-6);
        for (const NamedTensor& adapter : decoder.adapters())
            fillNormal(adapter, 7, 0.3);
        const at::Tensor adapted = decoder.hidden(ids);
        QVERIFY(adapted.sub(before).abs().max().item<double>() > 0.1);
        decoder.mergeAdapters();
        QVERIFY(!decoder.adapted());
        QVERIFY(decoder.hidden(ids).sub(adapted).abs().max().item<double>() < 1e-5);
        QVERIFY(!decoder.attachAdapters({.rank = 2, .alpha = 4, .targets = {"c_attn"}, .seed = 1}));
    }

    void savedFolder_isTheSameModel_data() { addModels(); }
    void savedFolder_isTheSameModel()
    {
        QFETCH(QString, name);
        const auto from = kModels / name.toStdString();
        const QTemporaryDir scratch;
        const std::filesystem::path to = scratch.filePath("model").toStdString();
        const Decoder decoder = loaded(from);
        // Once with the config as it stood, once with our own words for the same shape.
        for (const std::string& config : {readFile(from / "config.json").value(), std::string()}) {
            QVERIFY(saveModelFolder(decoder, config, to));
            const Decoder again = loaded(to);
            QCOMPARE(again.shape().parameters(), decoder.shape().parameters());
            const at::Tensor ids = idsOf(nlohmann::json::parse("[[1, 5, 9, 33, 2]]"));
            QVERIFY(again.logits(again.hidden(ids)).equal(decoder.logits(decoder.hidden(ids))));
            auto shape = again.shape();
            QVERIFY(shapeFromJson(shapeToJson(shape)).value() == shape);
        }
    }

    void shards_areReadTogether()
    {
        const QTemporaryDir scratch;
        const std::filesystem::path folder = scratch.path().toStdString();
        const auto from = kModels / "llama3";
        std::filesystem::copy_file(from / "config.json", folder / "config.json");
        const Decoder decoder = loaded(from);
        std::vector<NamedTensor> parts[2];
        nlohmann::json index{{"weight_map", nlohmann::json::object()}};
        for (const NamedTensor& named : decoder.named()) {
            const int part = named.name.find("layers.1") != std::string::npos;
            parts[part].push_back(named);
            index["weight_map"][named.name] = "part-" + std::to_string(part) + ".safetensors";
        }
        for (int i = 0; i < 2; ++i)
            QVERIFY(
                writeSafetensors(folder / ("part-" + std::to_string(i) + ".safetensors"), borrowBytes(parts[i]), {}));
        const auto write = [&] { QVERIFY(writeFileAtomically(folder / "model.safetensors.index.json", index.dump())); };
        write();
        const at::Tensor ids = idsOf(nlohmann::json::parse("[[1, 5, 9]]"));
        QVERIFY(loaded(folder).hidden(ids).equal(decoder.hidden(ids)));

        index["weight_map"]["x"] = "../part-0.safetensors";
        write();
        QVERIFY(refusal(folder).find("does not lie in its folder") != std::string::npos);
        index["weight_map"]["x"] = "absent.safetensors";
        write();
        QVERIFY(refusal(folder).find("absent.safetensors") != std::string::npos);
        index["weight_map"]["x"] = "twice.safetensors";
        write();
        std::filesystem::copy_file(folder / "part-1.safetensors", folder / "twice.safetensors");
        QVERIFY(refusal(folder).find("keep one of the two files") != std::string::npos);
    }

    void masksOfOldExporters_areLeftAside_data()
    {
        QTest::addColumn<int>("type");
        QTest::newRow("bool") << static_cast<int>(ElementType::Bool);
        QTest::newRow("byte") << static_cast<int>(ElementType::U8);
    }
    void masksOfOldExporters_areLeftAside()
    {
        QFETCH(int, type);
        const QTemporaryDir scratch;
        const std::filesystem::path folder = scratch.path().toStdString();
        std::filesystem::copy_file(kModels / "neox/config.json", folder / "config.json");
        const Decoder decoder = loaded(kModels / "neox");
        const std::vector<NamedTensor> named = decoder.named();
        const std::vector<std::byte> mask(9, std::byte{1});
        const auto write = [&](const std::string& masked, bool whole) {
            auto tensors = borrowBytes(named);
            if (!whole) std::erase_if(tensors, [&](const TensorBytes& one) { return one.name == masked; });
            tensors.push_back({masked, static_cast<ElementType>(type), {1, 1, 3, 3}, mask});
            QVERIFY(writeSafetensors(folder / "model.safetensors", std::move(tensors), {{"format", "pt"}}));
        };
        write("gpt_neox.layers.0.attention.bias", true);
        const at::Tensor ids = idsOf(nlohmann::json::parse("[[1, 5, 9, 33, 2]]"));
        QVERIFY2(refusal(folder).empty(), refusal(folder).c_str());
        QVERIFY(loaded(folder).hidden(ids).equal(decoder.hidden(ids)));
        // Where it is wanted it is refused by name.
        write("gpt_neox.final_layer_norm.bias", false);
        const std::string said = refusal(folder);
        QVERIFY2(said.find("gpt_neox.final_layer_norm.bias") != std::string::npos &&
                     said.find(std::string(nameOf(static_cast<ElementType>(type))) + " elements") != std::string::npos,
                 said.c_str());
    }

    void headThatIsMissing_isNotTiedInSilence()
    {
        const QTemporaryDir scratch;
        const std::filesystem::path folder = scratch.path().toStdString();
        std::filesystem::copy_file(kModels / "qwen2-untied/config.json", folder / "config.json");
        const std::vector<NamedTensor> named = loaded(kModels / "qwen2-untied").named();
        const auto write = [&](bool withScore) {
            auto tensors = borrowBytes(named);
            std::erase_if(tensors, [](const TensorBytes& one) { return one.name == "lm_head.weight"; });
            if (withScore) {
                tensors.push_back(tensors.front());
                tensors.back().name = "score.weight";
            }
            QVERIFY(writeSafetensors(folder / "model.safetensors", std::move(tensors), {{"format", "pt"}}));
        };
        write(false);
        const std::string said = refusal(folder);
        QVERIFY2(said.find("has no lm_head.weight") != std::string::npos &&
                     said.find("tie_word_embeddings") != std::string::npos,
                 said.c_str());
        write(true);
        QVERIFY(openModelFolder(folder).ok()); // a sequence classifier's
    }

    void headThatDiffersFromWhatItIsTiedTo_isRefused()
    {
        const QTemporaryDir scratch;
        const std::filesystem::path folder = scratch.path().toStdString();
        std::filesystem::copy_file(kModels / "qwen2/config.json", folder / "config.json"); // tied
        const std::vector<NamedTensor> named = loaded(kModels / "qwen2").named();
        std::vector<std::byte> head;
        for (const bool differs : {false, true}) {
            auto tensors = borrowBytes(named);
            const auto embeddings =
                std::ranges::find(tensors, std::string("model.embed_tokens.weight"), &TensorBytes::name);
            head.assign(embeddings->bytes.begin(), embeddings->bytes.end());
            if (differs) std::ranges::reverse(head);
            TensorBytes second = *embeddings;
            second.name = "lm_head.weight";
            second.bytes = head;
            tensors.push_back(second);
            QVERIFY(writeSafetensors(folder / "model.safetensors", std::move(tensors), {{"format", "pt"}}));
            if (!differs) {
                QVERIFY(openModelFolder(folder).ok());
                continue;
            }
            // transformers 5 reads such a folder as untied and transformers 4 as tied.
            const std::string said = refusal(folder);
            QVERIFY2(said.find("lm_head.weight that differs from model.embed_tokens.weight") != std::string::npos,
                     said.c_str());
        }
    }

    void whatCannotBeBuilt_isRefusedByName_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("patch");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* from, const char* patch, const char* says) {
            QTest::newRow(name) << from << patch << says;
        };
        row("architecture", "qwen2", R"({"model_type": "mamba"})", "\"mamba\"");
        row("no architecture", "qwen2", R"({"model_type": null})", "model_type");
        row("quantised", "qwen2", R"({"quantization_config": {"bits": 4}})", "quantization_config");
        row("yarn", "llama3", R"({"rope_parameters": {"rope_type": "yarn"}})", "yarn");
        row("activation", "llama3", R"({"hidden_act": "gelu"})", "hidden_act");
        row("bias", "llama3", R"({"mlp_bias": true})", "mlp_bias");
        row("window", "qwen2", R"({"use_sliding_window": true})", "use_sliding_window");
        row("missing", "qwen2", R"({"hidden_size": null})", "hidden_size is missing");
        row("text", "qwen2", R"({"hidden_size": "16"})", "hidden_size is not a whole number");
        row("negative", "qwen2", R"({"num_hidden_layers": -1})", "num_hidden_layers");
        row("heads", "qwen2", R"({"num_key_value_heads": 3})", "key-value heads");
        row("too big for its file", "qwen2", R"({"num_hidden_layers": 4000, "hidden_size": 65536})", "too few");
        row("other shape", "qwen2", R"({"intermediate_size": 20})", "is 24 x 16 and the model's is 20 x 16");
        row("left over", "qwen3", R"({"model_type": "llama"})", "no place for");
        row("fewer layers", "qwen2", R"({"num_hidden_layers": 1})", "no place for");
        row("images", "gemma3", R"({"model_type": "gemma3"})", "with images");
        row("cap", "gemma3", R"({"final_logit_softcapping": 30.0})", "final_logit_softcapping");
        row("cap of attention", "gemma3", R"({"attn_logit_softcapping": 50.0})", "attn_logit_softcapping");
        row("later tokens", "gemma3", R"({"use_bidirectional_attention": true})", "use_bidirectional_attention");
        row("other gate", "gemma3", R"({"hidden_activation": "silu"})", "hidden_activation");
        row("layer type", "gemma3", R"({"layer_types": ["sliding_attention", "chunked_attention"]})", "chunked");
        row("too few types", "gemma3", R"({"layer_types": ["full_attention"]})", "layer_types");
        row("local scaling", "gemma3",
            R"({"rope_parameters": {"sliding_attention": {"rope_type": "linear", "factor": 2.0}}})",
            "sliding-window layers");
        row("rope is a list", "qwen2", R"({"rope_parameters": [1]})", "rope_parameters");
    }
    void whatCannotBeBuilt_isRefusedByName()
    {
        QFETCH(QString, from);
        QFETCH(QString, patch);
        QFETCH(QString, says);
        const QTemporaryDir scratch;
        const std::filesystem::path folder = scratch.path().toStdString();
        const auto source = kModels / from.toStdString();
        std::filesystem::copy_file(source / "model.safetensors", folder / "model.safetensors");
        auto config = nlohmann::json::parse(readFile(source / "config.json").value());
        config.merge_patch(nlohmann::json::parse(patch.toStdString()));
        QVERIFY(writeFileAtomically(folder / "config.json", config.dump()));
        const std::string said = refusal(folder);
        QVERIFY2(said.find(says.toStdString()) != std::string::npos, said.c_str());
    }
    void gemmasOlderKeys_sayTheSame()
    {
        // As its first files have them: a pattern in the place of types, and rotary bases by older names.
        auto older = nlohmann::json::parse(readFile(kModels / "gemma3/config.json").value());
        const ModelShape newer = shapeFromConfig(older.dump(), "c").value();
        for (const char* key : {"layer_types", "rope_parameters", "tie_word_embeddings", "_sliding_window_pattern"})
            older.erase(key);
        older.merge_patch({{"sliding_window_pattern", 2},
                           {"rope_theta", 800.0},
                           {"rope_local_base_freq", 90.0},
                           {"rope_scaling", {{"rope_type", "linear"}, {"factor", 2.0}}}});
        QVERIFY(shapeFromConfig(older.dump(), "c").value() == newer);
        for (const char* key :
             {"rope_theta", "rope_local_base_freq", "rope_scaling", "head_dim", "sliding_window_pattern"})
            older.erase(key);
        older["num_hidden_layers"] = 7;
        const ModelShape usual = shapeFromConfig(older.dump(), "c").value();
        QCOMPARE(usual.ropeTheta, 1e6);
        QCOMPARE(usual.localRopeTheta, 1e4);
        QCOMPARE(usual.headSize(), 256);
        QVERIFY(usual.localLayers == std::vector<bool>({true, true, true, true, true, false, true}));
    }
    void foldersWithoutAModel_areRefused()
    {
        const QTemporaryDir scratch;
        const std::filesystem::path folder = scratch.path().toStdString();
        QVERIFY(refusal(folder).find("config.json") != std::string::npos);
        std::filesystem::copy_file(kModels / "qwen2/config.json", folder / "config.json");
        QVERIFY(refusal(folder).find("model.safetensors") != std::string::npos);
        QVERIFY(writeFileAtomically(folder / "pytorch_model.bin", "x"));
        QVERIFY(refusal(folder).find("convert them to safetensors") != std::string::npos);
        QVERIFY(writeFileAtomically(folder / "config.json", "{\"model_type\""));
        QVERIFY(refusal(folder).find("not a JSON object") != std::string::npos);
    }

private:
    static void addModels()
    {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"qwen2", "qwen2-untied", "qwen3", "llama3", "smollm", "mistral", "gemma3", "neox", "neox-serial"})
            QTest::newRow(name) << name;
    }

    /// The gradients, split by name like the weights: a decoder whose weights are the gradients.
    static void compareGradients(const Decoder& decoder, const SafetensorsFile& file)
    {
        Decoder gradients = Decoder::uninitialised(decoder.shape());
        const auto from = decoder.parameters();
        auto to = gradients.parameters();
        for (std::size_t i = 0; i < from.size(); ++i)
            to[i].copy_(from[i].grad());
        for (const NamedTensor& named : gradients.named()) {
            const at::Tensor expected = at::empty(named.tensor.sizes());
            QVERIFY2(loadWeights(file, {{"grad." + named.name, expected}}), named.name.c_str());
            const double difference = named.tensor.sub(expected).abs().max().item<double>();
            const double size = expected.abs().max().item<double>();
            QVERIFY2(difference <= 1e-5 * size + 1e-7,
                     qPrintable(QString("%1: %2 of %3").arg(named.name.c_str()).arg(difference).arg(size)));
        }
    }
};
GRADUS_SUITE(ReferenceTest)
#include "reference_test.moc"
