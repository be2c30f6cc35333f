// SPDX-License-Identifier: GPL-3.0-or-later
// Where texts are written on a CPU, loops of our own stand in for libtorch's operators: they give its numbers, but for
// the order of sums, and a row the same numbers whatever lies beside it.
#include "models/block_impl.h"
#include "models/few_rows_impl.h"
#include "models/layer_math_impl.h"
#include "models/row_dots.h"
#include "models/row_math.h"
#include "models/weights_impl.h"
#include "support/suite.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <QTest>

#include <cmath>
#include <functional>
#include <limits>

using namespace gradus;
using namespace gradus::models;

namespace {

at::Tensor drawn(std::vector<std::int64_t> sizes, const std::string& name)
{
    at::Tensor tensor = at::empty(sizes);
    fillNormal({name, tensor}, 3, 1);
    return tensor;
}

double largest(const at::Tensor& tensor)
{
    return tensor.abs().max().item<double>();
}

/// Largest difference between what is made where texts are written and elsewhere, as a share of the largest number.
double difference(const std::function<at::Tensor()>& make)
{
    const at::NoGradGuard noGrad;
    const at::Tensor library = make();
    const c10::InferenceMode reading;
    if (!make().equal(library)) return std::numeric_limits<double>::infinity(); // without a scope it is the library
    const LoopScope scope(true);
    const at::Tensor own = make();
    if (own.sizes() != library.sizes()) return std::numeric_limits<double>::infinity();
    return largest(own - library) / largest(library);
}

} // namespace

class FewRowsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void norms_areTheLibrarys()
    {
        for (const int width : {1, 7, 16, 64, 577})
            for (const bool lessOne : {false, true}) {
                Norm norm = lessOne ? Norm::makeLessOne(width, 1e-5) : Norm::make(width, false, 1e-5);
                norm.weight = drawn({width}, "weight");
                // Heads of a packed row are views.
                const at::Tensor x = drawn({2, 1, 5, width}, "x").narrow(2, 1, 3);
                QVERIFY(difference([&] { return norm(x); }) < 4e-7);
            }
    }

    void gates_areTheLibrarys()
    {
        for (const int width : {1, 16, 43, 1536}) {
            at::Tensor x = drawn({3, 1, 2 * width}, "x") * 4;
            QVERIFY(difference([&] { return swiGlu(x); }) < 4e-7);
            QVERIFY(difference([&] { return geGlu(x); }) < 4e-7);
        }
    }

    void gatesOfLargeNumbers_endWhereTheyShould()
    {
        const float x[] = {-1e30F, -200.0F, -80.0F, 0.0F, 80.0F, 200.0F, 1e30F};
        for (const float value : x) {
            const float gateUp[] = {value, 1.0F};
            for (const Gate gate : {Gate::Silu, Gate::GeluTanh}) {
                float y = -1;
                gateRow(gateUp, 1, gate, &y);
                QVERIFY(value > 0 ? y == value : std::abs(y) < 1e-6F);
            }
        }
        const float damaged[] = {std::numeric_limits<float>::quiet_NaN(), 1.0F};
        float y = 0;
        gateRow(damaged, 1, Gate::Silu, &y);
        QVERIFY(std::isnan(y));
    }

    void turnedHeads_areTheLibrarys_data()
    {
        QTest::addColumn<double>("share");
        QTest::newRow("whole heads") << 1.0;
        QTest::newRow("a part of each") << 0.5;
    }
    void turnedHeads_areTheLibrarys()
    {
        QFETCH(double, share);
        ModelShape shape;
        shape.hiddenSize = 96;
        shape.heads = 4;
        shape.rotaryShare = share;
        shape.maxPositions = 32;
        const RotaryTable table = rotaryTable(shape);
        const at::Tensor x = drawn({2, 3, 6, 24}, "x").narrow(2, 0, 5);
        QVERIFY(difference([&] { return rotate(x, rotaryRows(table, 7, 3)); }) < 4e-7);
        const at::Tensor positions = at::arange(6).view({2, 3}) * 5;
        QVERIFY(difference([&] { return rotate(x, rotaryRows(table, positions)); }) < 4e-7);
    }

    void attentionOverTheCache_isTheLibrarys_data()
    {
        QTest::addColumn<int>("heads");
        QTest::addColumn<int>("groups");
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("past");
        for (const int past : {0, 1, 16, 70})
            for (const int size : {8, 20, 64})
                for (const auto& [heads, groups] : {std::pair(1, 1), {4, 4}, {9, 3}, {12, 2}})
                    QTest::addRow("%d heads of %d in %d groups after %d", heads, size, groups, past)
                        << heads << groups << size << past;
    }
    void attentionOverTheCache_isTheLibrarys()
    {
        QFETCH(int, heads);
        QFETCH(int, groups);
        QFETCH(int, size);
        QFETCH(int, past);
        constexpr int kBatch = 3;
        const int total = past + 1;
        const at::Tensor query = drawn({kBatch, 1, heads, size}, "query");
        // Keys and values stand in one packed row.
        const at::Tensor packed = drawn({kBatch, 1, 2 * groups, size}, "packed");
        const at::Tensor keys = drawn({kBatch, groups, total + 5, size}, "keys");
        const at::Tensor values = drawn({kBatch, groups, total + 5, size}, "values");
        at::Tensor ownMask = at::arange(kBatch * total).view({kBatch, 1, 1, total}).remainder(3).ne(0);
        ownMask.select(3, past).fill_(true); // every position sees itself
        const std::vector<at::Tensor> masks{at::Tensor(), ownMask, ownMask.narrow(0, 1, 1)};
        for (const at::Tensor& mask : masks)
            for (const std::optional<double> scale : {std::optional<double>(), std::optional<double>(0.3)}) {
                Pass pass{.rows = {}, .past = past, .mask = mask};
                std::vector<at::Tensor> kept;
                const double off = difference([&] {
                    LayerCache cache{.keys = keys.clone(), .values = values.clone()};
                    const at::Tensor mixed = attend(query, packed.narrow(2, 0, groups),
                                                    packed.narrow(2, groups, groups), pass, &cache, scale);
                    kept.insert(kept.end(), {cache.keys, cache.values});
                    return mixed;
                });
                QVERIFY2(off < 2e-6, qPrintable(QString::number(off)));
                QVERIFY(kept[0].equal(kept[4]) && kept[1].equal(kept[5]));
            }
    }

    void sumsByShares_areTheSameWhateverIsAskedBeside()
    {
        for (const int rows : {1, 2, 33})
            for (const int size : {5, 16, 40}) {
                const at::Tensor shares = drawn({kDotRows, rows}, "shares");
                const at::Tensor of = drawn({rows, size}, "of");
                at::Tensor all = at::empty({kDotRows, size});
                rowSums(shares.const_data_ptr<float>(), kDotRows, of.const_data_ptr<float>(), rows, size,
                        all.data_ptr<float>());
                QVERIFY(largest(all - shares.matmul(of)) <= 4e-7 * largest(shares.abs().matmul(of.abs())));
                for (int m = 0; m < kDotRows; ++m) {
                    at::Tensor one = at::empty({size});
                    rowSums(shares.const_data_ptr<float>() + m * rows, 1, of.const_data_ptr<float>(), rows, size,
                            one.data_ptr<float>());
                    QVERIFY(one.equal(all.select(0, m)));
                }
            }
    }
};

GRADUS_SUITE(FewRowsTest)
#include "few_rows_test.moc"
