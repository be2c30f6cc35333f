// SPDX-License-Identifier: GPL-3.0-or-later
// What every architecture promises, and what makes the recurrent and the convolutional one what they are.
#include "models/decoder_impl.h"
#include "models/hf_config.h"
#include "models/weights_impl.h"
#include "support/suite.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/gru.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::models;

namespace {

constexpr int kVocabulary = 20;
constexpr int kPositions = 24;

/// Of a Gemma all layers but the second see a window of five positions.
ModelShape shapeOf(Family family, int layers = 2, int width = 16)
{
    if (family != Family::Gemma) return rungShape(width, layers, kVocabulary, kPositions, family);
    ModelShape shape = rungShape(width, layers, kVocabulary, kPositions);
    shape.family = family;
    shape.modelType = "gemma3_text";
    shape.qkvBias = false;
    shape.qkNorm = true;
    shape.slidingWindow = 5;
    shape.localRopeTheta = 50;
    shape.queryScalar = 3;
    for (int layer = 0; layer < layers; ++layer)
        shape.localLayers.push_back(layer != 1);
    return shape;
}

/// Numbers from 0 to the vocabulary's end, the same at every run.
at::Tensor someIds(std::int64_t rows, std::int64_t positions)
{
    return at::arange(rows * positions).mul(7).add(3).remainder(kVocabulary).view({rows, positions});
}

double largest(const at::Tensor& difference)
{
    return difference.abs().max().item<double>();
}

/// As generation masks a batch that is padded on the left: no later position, no padding, but every position itself.
at::Tensor maskOf(const at::Tensor& padding_B1, std::int64_t past, std::int64_t count)
{
    const at::Tensor column = at::arange(past + count).unsqueeze(0);
    const at::Tensor row = at::arange(past, past + count).unsqueeze(1);
    const at::Tensor real = at::arange(past + count).unsqueeze(0).ge(padding_B1).unsqueeze(1);
    return column.le(row).unsqueeze(0).logical_and(real).logical_or(column.eq(row).unsqueeze(0)).unsqueeze(1);
}

} // namespace

class ArchitectureTest : public QObject
{
    Q_OBJECT
    static void addFamilies()
    {
        QTest::addColumn<int>("family");
        for (const Family family : {Family::Llama, Family::Recurrent, Family::Convolutional})
            QTest::addRow("%s", architectureOf(family)) << static_cast<int>(family);
        QTest::addRow("windows") << static_cast<int>(Family::Gemma);
    }
    static Family fetched()
    {
        QFETCH_GLOBAL(int, family);
        return static_cast<Family>(family);
    }

private Q_SLOTS:
    void initTestCase_data() { addFamilies(); }

    void parameterCount_isWhatTheShapeSays()
    {
        const ModelShape shape = shapeOf(fetched(), 3, 32);
        QVERIFY(checkShape(shape));
        std::int64_t leaves = 0;
        for (const at::Tensor& parameter : Decoder(shape, 1).parameters())
            leaves += parameter.numel();
        std::int64_t named = 0;
        for (const NamedTensor& tensor : Decoder(shape, 1).named())
            named += tensor.tensor.numel();
        QCOMPARE(shape.parameters(), leaves);
        QCOMPARE(shape.parameters(), named);
    }
    void laterTokens_doNotChangeEarlierStates()
    {
        const Decoder decoder(shapeOf(fetched()), 3);
        at::Tensor ids = someIds(3, 12);
        const at::Tensor before = decoder.hidden(ids).narrow(1, 0, 8).clone();
        ids.narrow(1, 8, 4).fill_(0);
        QVERIFY(largest(decoder.hidden(ids).narrow(1, 0, 8) - before) < 1e-6);
    }
    void everyParameter_hasAGradient()
    {
        Decoder decoder(shapeOf(fetched()), 3);
        decoder.requiresGradients(true);
        decoder.logits(decoder.hidden(someIds(3, 12))).square().sum().backward();
        for (const at::Tensor& parameter : decoder.parameters())
            QVERIFY(parameter.grad().defined() && largest(parameter.grad()) > 0);
    }
    void continuation_equalsTheWhole()
    {
        const c10::InferenceMode inference;
        const Decoder decoder(shapeOf(fetched(), 3), 5);
        const at::Tensor ids = someIds(2, 15);
        const at::Tensor whole = decoder.hidden(ids);
        DecoderCache cache = decoder.cache(2, kPositions);
        std::vector<at::Tensor> parts;
        std::int64_t at = 0;
        for (const std::int64_t count : {9, 1, 1, 1, 1, 1, 1}) {
            parts.push_back(decoder.next(ids.narrow(1, at, count), cache, {}, {}));
            at += count;
        }
        QVERIFY(largest(at::cat(parts, 1) - whole) < 1e-5);
    }
    void paddingOnTheLeft_changesNothing()
    {
        const c10::InferenceMode inference;
        const Decoder decoder(shapeOf(fetched(), 3), 5);
        const std::int64_t padding = 4;
        const at::Tensor shorter = someIds(1, 8);
        const at::Tensor longer = someIds(1, 8 + padding).add(1).remainder(kVocabulary);
        const at::Tensor padded = at::cat({at::zeros({1, padding}, at::kLong).add(9), shorter}, 1);
        const at::Tensor ids = at::cat({padded, longer}, 0);
        at::Tensor pads = at::zeros({2, 1}, at::kLong);
        pads[0][0] = padding;
        DecoderCache cache = decoder.cache(2, kPositions);
        const auto positions = [&](std::int64_t past, std::int64_t count) {
            return (at::arange(past, past + count).unsqueeze(0) - pads).clamp_min(0);
        };
        const at::Tensor first = decoder.next(ids, cache, positions(0, 12), maskOf(pads, 0, 12));
        const at::Tensor more = someIds(2, 1);
        const at::Tensor second = decoder.next(more, cache, positions(12, 1), maskOf(pads, 12, 1));

        const at::Tensor alone = decoder.hidden(at::cat({shorter, more.narrow(0, 0, 1)}, 1));
        QVERIFY(largest(first[0].narrow(0, padding, 8) - alone[0].narrow(0, 0, 8)) < 1e-5);
        QVERIFY(largest(second[0] - alone[0].narrow(0, 8, 1)) < 1e-5);
        const at::Tensor other = decoder.hidden(at::cat({longer, more.narrow(0, 1, 1)}, 1));
        QVERIFY(largest(second[1] - other[0].narrow(0, 12, 1)) < 1e-5);
    }
    void shape_survivesJsonAndConfig()
    {
        const ModelShape shape = shapeOf(fetched());
        QVERIFY(shapeFromJson(shapeToJson(shape)).value() == shape);
        QVERIFY(shapeFromConfig(configOf(shape), "config.json").value() == shape);
        if (fetched() == Family::Gemma) return; // which the house builds no rungs of
        QCOMPARE(static_cast<int>(familyOf(architectureOf(fetched())).value()), static_cast<int>(fetched()));
    }
    void adapters_changeNothingAtFirstAndFoldIn()
    {
        Decoder decoder(shapeOf(fetched()), 3);
        const at::Tensor ids = someIds(2, 9);
        const at::Tensor before = decoder.hidden(ids);
        QVERIFY(decoder.attachAdapters({.rank = 2, .alpha = 4, .targets = {"o_proj"}, .seed = 1}));
        QVERIFY(largest(decoder.hidden(ids) - before) < 1e-6);
        for (const NamedTensor& adapter : decoder.adapters())
            adapter.tensor.fill_(0.1);
        const at::Tensor adapted = decoder.hidden(ids);
        QVERIFY(largest(adapted - before) > 1e-3);
        decoder.mergeAdapters();
        QVERIFY(largest(decoder.hidden(ids) - adapted) < 1e-5);
    }
};
GRADUS_SUITE(ArchitectureTest)

class OtherBodiesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void recurrentUnit_isPyTorchsGru()
    {
        // All of a layer but the unit taken away: no feed-forward, output an identity.
        const Decoder decoder(shapeOf(Family::Recurrent, 1), 11);
        at::Tensor embedding;
        std::vector<at::Tensor> input;
        std::vector<at::Tensor> inputBias;
        std::vector<at::Tensor> state;
        std::vector<at::Tensor> stateBias;
        std::int64_t biases = 0;
        for (const NamedTensor& named : decoder.named()) {
            if (named.name.ends_with("embed_tokens.weight")) embedding = named.tensor;
            if (named.name.ends_with("down_proj.weight")) named.tensor.zero_();
            if (named.name.ends_with("recurrent.o_proj.weight")) named.tensor.copy_(at::eye(16));
            const bool bias = named.name.ends_with(".bias");
            if (bias) named.tensor.copy_(at::arange(16).sub(7).mul(0.05 * static_cast<double>(++biases)));
            if (named.name.find("recurrent.input_") != std::string::npos)
                (bias ? inputBias : input).push_back(named.tensor);
            if (named.name.find("recurrent.state_") != std::string::npos)
                (bias ? stateBias : state).push_back(named.tensor);
        }
        const at::Tensor ids = someIds(3, 10);
        std::vector<at::Tensor> taps;
        decoder.hidden(ids, {0, 1}, taps);
        const at::Tensor normed = rmsNorm(taps[0], at::ones({16}), 1e-6);
        const auto [outputs, last] =
            at::gru(normed, at::zeros({1, 3, 16}),
                    {at::cat(input, 0), at::cat(state, 0), at::cat(inputBias, 0), at::cat(stateBias, 0)}, true, 1, 0.0,
                    false, false, true);
        QVERIFY(largest(taps[1] - taps[0] - outputs) < 1e-6);
    }
    void recurrentBody_hearsTheFirstTokenAtTheLast()
    {
        const Decoder decoder(shapeOf(Family::Recurrent, 1), 3);
        at::Tensor ids = someIds(1, kPositions);
        const at::Tensor before = decoder.hidden(ids).select(1, kPositions - 1).clone();
        ids[0][0] = (ids[0][0].item<std::int64_t>() + 1) % kVocabulary;
        QVERIFY(largest(decoder.hidden(ids).select(1, kPositions - 1) - before) > 0);
    }
    void convolutionalBody_hearsAsFarAsItsLayersReachAndNoFurther()
    {
        const int layers = 3;
        const std::int64_t reach = reachOf(0) + reachOf(1) + reachOf(2);
        QCOMPARE(reach, 14);
        const Decoder decoder(shapeOf(Family::Convolutional, layers), 3);
        const std::int64_t last = kPositions - 1;
        const at::Tensor before = decoder.hidden(someIds(1, kPositions)).select(1, last).clone();
        const auto changedAt = [&](std::int64_t position) {
            at::Tensor ids = someIds(1, kPositions);
            ids[0][position] = (ids[0][position].item<std::int64_t>() + 1) % kVocabulary;
            return largest(decoder.hidden(ids).select(1, last) - before);
        };
        QVERIFY(changedAt(last - reach) > 0);
        QCOMPARE(changedAt(last - reach - 1), 0.0);
    }
    void localLayers_hearAsFarAsTheirWindowsReachAndNoFurther()
    {
        ModelShape shape = shapeOf(Family::Gemma, 2);
        shape.localLayers = {true, true};
        const Decoder decoder(shape, 3);
        const std::int64_t last = kPositions - 1;
        const at::Tensor before = decoder.hidden(someIds(1, kPositions)).select(1, last).clone();
        const auto changedAt = [&](std::int64_t position) {
            at::Tensor ids = someIds(1, kPositions);
            ids[0][position] = (ids[0][position].item<std::int64_t>() + 1) % kVocabulary;
            return largest(decoder.hidden(ids).select(1, last) - before);
        };
        QVERIFY(changedAt(last - 8) > 0); // four before it, and of these the first hears four before it
        QCOMPARE(changedAt(last - 9), 0.0);
    }
    void architectures_keepTheirNames()
    {
        QCOMPARE(std::string(architectureOf(Family::NeoX)), std::string("attention"));
        const auto none = familyOf("attentive");
        QVERIFY(!none);
        QVERIFY(none.error().message.find("recurrent") != std::string::npos);
        ModelShape shape = shapeOf(Family::Recurrent);
        std::string json = shapeToJson(shape);
        json.replace(json.find("\"recurrent\""), 11, "\"recursive\"");
        QVERIFY(!shapeFromJson(json));
    }
};
GRADUS_SUITE(OtherBodiesTest)
#include "architecture_test.moc"
