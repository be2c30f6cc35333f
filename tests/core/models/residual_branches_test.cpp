// SPDX-License-Identifier: GPL-3.0-or-later
// Layers whose halves give their own gradient say what the plain layers say, to the bit. A frozen matrix makes a layer
// a plain one, so that one decoder with a frozen matrix in each layer stands beside one without.
#include "base/rng.h"
#include "models/decoder_impl.h"
#include "support/suite.h"

#include <QTest>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>

using namespace gradus;
using namespace gradus::models;

namespace {

constexpr int kLayers = 2;

struct Passed
{
    at::Tensor hidden;
    std::vector<at::Tensor> gradients;
    std::size_t eachLayer;
};

/// A pass and its gradients; frozen: which leaf of each layer records none, counted from its end (0: all record).
Passed passed(const ModelShape& shape, const at::Tensor& ids, std::size_t frozen)
{
    const Decoder decoder(shape, 5);
    std::vector<at::Tensor> leaves = decoder.parameters();
    const std::size_t each = (leaves.size() - 2) / kLayers; // embedding, layers, norm
    Rng rng(7, "leaves");
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (leaves[i].dim() == 1) // norms of ones and biases of zeros would hide what becomes of them
            for (std::int64_t k = 0; k < leaves[i].numel(); ++k)
                leaves[i].data_ptr<float>()[k] += static_cast<float>(0.3 * rng.normal());
        const bool isFrozen = frozen > 0 && i > 0 && i + 1 < leaves.size() && (i - 1) % each == each - frozen;
        leaves[i].set_requires_grad(!isFrozen);
    }
    Passed made{.hidden = decoder.hidden(ids), .gradients = {}, .eachLayer = each};
    at::cross_entropy_loss(decoder.logits(made.hidden.reshape({-1, shape.hiddenSize})), ids.reshape({-1})).backward();
    for (const at::Tensor& leaf : leaves)
        made.gradients.push_back(leaf.grad());
    return made;
}

} // namespace

class ResidualBranchesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void halves_sayWhatPlainLayersSay_data()
    {
        QTest::addColumn<int>("family");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("positions");
        for (const Family family : {Family::Llama, Family::Recurrent, Family::Convolutional})
            for (const auto& [width, batch, positions] :
                 {std::tuple{64, 32, 16}, {8, 9, 12}, {24, 3, 7}, {48, 1, 9}, {16, 5, 1}, {32, 4, 2}, {256, 2, 40}})
                QTest::addRow("%s %d, %d x %d", architectureOf(family), width, batch, positions)
                    << static_cast<int>(family) << width << batch << positions;
    }
    void halves_sayWhatPlainLayersSay()
    {
        QFETCH(int, family);
        QFETCH(int, width);
        QFETCH(int, batch);
        QFETCH(int, positions);
        ModelShape shape = rungShape(width, kLayers, 40, 64, static_cast<Family>(family));
        shape.qkvBias = width != 24; // a Llama has none there
        at::Tensor ids = at::empty({batch, positions}, at::kLong);
        Rng rng(3, "ids");
        for (std::int64_t i = 0; i < ids.numel(); ++i)
            ids.data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(rng.below(40));
        const Passed own = passed(shape, ids, 0);
        for (const std::size_t frozen :
             {1U, 2U}) { // down, then gate and up: each is compared where the other is frozen
            const Passed plain = passed(shape, ids, frozen);
            QVERIFY(own.hidden.equal(plain.hidden));
            for (std::size_t i = 0; i < own.gradients.size(); ++i) {
                if (!plain.gradients[i].defined()) continue;
                QVERIFY2(own.gradients[i].equal(plain.gradients[i]),
                         qPrintable(QString("leaf %1 of %2 a layer, frozen %3").arg(i).arg(own.eachLayer).arg(frozen)));
            }
        }
    }
};

GRADUS_SUITE(ResidualBranchesTest)
#include "residual_branches_test.moc"
