// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of a layer that record their own gradient say on a CPU what autograd says of the plain formulas, to the bit.
#include "base/rng.h"
#include "models/fused_layers_impl.h"
#include "support/suite.h"

#include <QTest>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/silu.h>

using namespace gradus;
using namespace gradus::models;

namespace {

at::Tensor drawn(at::IntArrayRef sizes, const char* name, at::ScalarType type)
{
    Rng rng(23, name);
    at::Tensor made = at::empty(sizes);
    for (std::int64_t i = 0; i < made.numel(); ++i)
        made.data_ptr<float>()[i] = static_cast<float>(rng.normal());
    return made.to(type);
}

void eachType()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("width");
    QTest::newRow("float, whole vectors") << static_cast<int>(at::kFloat) << 32;
    QTest::newRow("float, with a rest") << static_cast<int>(at::kFloat) << 14;
    QTest::newRow("bfloat16") << static_cast<int>(at::kBFloat16) << 24;
}

} // namespace

class FusedLayersTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void swiGlu_isSiluTimesUp_data() { eachType(); }
    void swiGlu_isSiluTimesUp()
    {
        QFETCH(int, type);
        QFETCH(int, width);
        const auto kind = static_cast<at::ScalarType>(type);
        const at::Tensor own = drawn({3, 5, 2 * width}, "gateUp", kind).set_requires_grad(true);
        const at::Tensor plain = own.detach().clone().set_requires_grad(true);
        const at::Tensor above = drawn({3, 5, width}, "above", kind);
        const at::Tensor y = fusedSwiGlu(own);
        const at::Tensor expected = at::silu(plain.narrow(2, 0, width)) * plain.narrow(2, width, width);
        QVERIFY(y.equal(expected));
        (y * above).sum().backward();
        (expected * above).sum().backward();
        QVERIFY(own.grad().equal(plain.grad()));
    }

    void heads_areTurnedApart_data() { eachType(); }
    void heads_areTurnedApart()
    {
        QFETCH(int, type);
        QFETCH(int, width);
        const auto kind = static_cast<at::ScalarType>(type);
        constexpr std::int64_t kHeads = 4;
        constexpr std::int64_t kGroups = 2;
        const std::int64_t positions = 7;
        ModelShape shape;
        shape.vocabularySize = 8;
        shape.hiddenSize = static_cast<int>(kHeads) * width;
        shape.heads = static_cast<int>(kHeads);
        shape.keyValueHeads = static_cast<int>(kGroups);
        shape.maxPositions = 16;
        RotaryTable table = rotaryTable(shape);
        table = {table.cosine.to(kind), table.sine.to(kind)};
        const RotaryTable rows = rotaryRows(table, 0, positions);
        const at::Tensor own =
            drawn({3, positions, (kHeads + 2 * kGroups) * width}, "packed", kind).set_requires_grad(true);
        const at::Tensor plain = own.detach().clone().set_requires_grad(true);

        const TurnedHeads turned = fusedHeads(own, kHeads, kGroups, rows);
        const at::Tensor all = plain.view({3, positions, kHeads + 2 * kGroups, width});
        const at::Tensor both = rotate(all.narrow(2, 0, kHeads + kGroups), rows);
        const at::Tensor query = both.narrow(2, 0, kHeads);
        const at::Tensor key = both.narrow(2, kHeads, kGroups);
        const at::Tensor value = all.narrow(2, kHeads + kGroups, kGroups);
        QVERIFY(turned.query.equal(query) && turned.key.equal(key) && turned.value.equal(value));

        const auto attended = [](const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
            return at::scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), {}, 0.0,
                                                    true, {}, true);
        };
        const at::Tensor one = attended(turned.query, turned.key, turned.value);
        const at::Tensor other = attended(query, key, value);
        QVERIFY(one.equal(other));
        one.square().sum().backward();
        other.square().sum().backward();
        QVERIFY(own.grad().equal(plain.grad()));
    }
};

GRADUS_SUITE(FusedLayersTest)
#include "fused_layers_test.moc"
