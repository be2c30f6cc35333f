// SPDX-License-Identifier: GPL-3.0-or-later
// The decoder against numbers that PyTorch and transformers computed (tests/bench/make_golden.py).
#include "models/decoder_impl.h"

#include "base/files.h"
#include "models/weights_impl.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>

#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>

using namespace gradus;
using namespace gradus::models;

namespace {

const std::string kData = tests::sourceDir().string() + "/tests/data/";

ModelShape goldenShape()
{
    ModelShape shape;
    shape.vocabularySize = 40;
    shape.hiddenSize = 32;
    shape.layers = 2;
    shape.heads = 4;
    shape.keyValueHeads = 2;
    shape.intermediateSize = 48;
    shape.maxPositions = 64;
    return shape;
}

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

} // namespace

class DecoderTest : public QObject
{
    Q_OBJECT
    const nlohmann::json m_golden = nlohmann::json::parse(readFile(kData + "qwen2_golden.json").value());

private Q_SLOTS:
    void logitsLossAndGradients_equalTheReference()
    {
        Decoder decoder(goldenShape(), 1);
        const auto file = SafetensorsFile::open(kData + "qwen2_golden.safetensors");
        QVERIFY(file);
        const auto loaded = loadWeights(*file, decoder.named());
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        const at::Tensor expected = at::empty({3, 12, 40});
        QVERIFY(loadWeights(*file, {{"golden.logits", expected}}));

        decoder.requiresGradients(true);
        const at::Tensor logits = decoder.logits(decoder.hidden(idsOf(m_golden["ids"])));
        const double difference = logits.detach().sub(expected).abs().max().item<double>();
        QVERIFY2(difference <= 1e-6 * std::max(1.0, expected.abs().max().item<double>()),
                 qPrintable(QString::number(difference)));
        const at::Tensor loss = at::cross_entropy_loss(logits.view({-1, 40}), idsOf(m_golden["targets"]).view({-1}));
        QVERIFY(std::abs(loss.item<double>() - m_golden["loss"].get<double>()) < 1e-6);

        loss.backward();
        // The gradients, split by name like the weights: a decoder whose weights are the gradients.
        Decoder gradients(goldenShape(), 1);
        const auto from = decoder.parameters();
        auto to = gradients.parameters();
        for (std::size_t i = 0; i < from.size(); ++i)
            to[i].copy_(from[i].grad());
        for (const NamedTensor& named : gradients.named()) {
            const double norm = named.tensor.to(at::kDouble).norm().item<double>();
            const double reference = m_golden["gradient_norms"][named.name].get<double>();
            // A key bias shifts all scores of a row alike, so its gradient is rounding noise around the rest's size.
            QVERIFY2(std::abs(norm - reference) <= 1e-5 * reference + 1e-7,
                     qPrintable(QString("%1: %2, not %3").arg(named.name.c_str()).arg(norm).arg(reference)));
        }
    }
    void parameterCount_isWhatTheShapeSays()
    {
        for (ModelShape shape : {rungShape(8, 1, 20, 16), rungShape(48, 3, 20, 16), goldenShape()})
            for (const bool tied : {true, false}) {
                shape.tiedEmbeddings = tied;
                QVERIFY(checkShape(shape));
                std::int64_t count = 0;
                for (const at::Tensor& parameter : Decoder(shape, 1).parameters())
                    count += parameter.numel();
                QCOMPARE(shape.parameters(), count);
            }
    }
    void rungs_canAllBeBuilt()
    {
        for (int width = 2; width <= 512; width += 2)
            QVERIFY2(checkShape(rungShape(width, 1, 20, 16)), qPrintable(QString::number(width)));
        const ModelShape rung = rungShape(64, 4, 20, 16);
        QCOMPARE(rung.heads, 4);
        QCOMPARE(rung.keyValueHeads, 2);
        QCOMPARE(rung.intermediateSize, 176);
    }
    void laterTokens_doNotChangeEarlierStates()
    {
        const Decoder decoder(goldenShape(), 3);
        at::Tensor ids = idsOf(m_golden["ids"]);
        const at::Tensor before = decoder.hidden(ids).narrow(1, 0, 8).clone();
        ids.narrow(1, 8, 4).fill_(0);
        QVERIFY(decoder.hidden(ids).narrow(1, 0, 8).sub(before).abs().max().item<double>() < 1e-6);
    }
    void shape_survivesItsJsonAndNamesWhatIsMissing()
    {
        ModelShape shape = goldenShape();
        shape.ropeTheta = 1e6;
        QVERIFY(shapeFromJson(shapeToJson(shape)).value() == shape);
        QVERIFY(!shapeFromJson("[]"));
        QVERIFY(!shapeFromJson("{"));
        const auto missing = shapeFromJson("{\"vocab_size\": 3}");
        QVERIFY(!missing);
        QVERIFY(missing.error().message.find("hidden_size") != std::string::npos);
        shape.heads = 3;
        QVERIFY(!shapeFromJson(shapeToJson(shape)));
    }
    void weightsOfAnotherShape_areRefusedUntouched()
    {
        const auto file = SafetensorsFile::open(kData + "qwen2_golden.safetensors");
        ModelShape other = goldenShape();
        other.intermediateSize = 56;
        const Decoder decoder(other, 1);
        const at::Tensor before = decoder.parameters().front().clone();
        QVERIFY(!loadWeights(*file, decoder.named()));
        QVERIFY(before.equal(decoder.parameters().front()));
    }
};
GRADUS_SUITE(DecoderTest)
#include "decoder_test.moc"
