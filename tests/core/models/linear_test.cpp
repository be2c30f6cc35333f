// SPDX-License-Identifier: GPL-3.0-or-later
// Products of few rows, and of matrices kept in bfloat16 while they are read: the numbers that libtorch's product of
// the (widened) matrix gives.
#include "models/linear_impl.h"

#include "models/folder_weights_impl.h"
#include "models/weights_impl.h"
#include "support/suite.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::models;

namespace {

at::Tensor drawn(std::vector<std::int64_t> sizes, std::uint64_t seed, const std::string& name)
{
    at::Tensor tensor = at::empty(sizes);
    fillNormal({name, tensor}, seed, 1);
    return tensor;
}

double largest(const at::Tensor& tensor)
{
    return tensor.abs().max().item<double>();
}

ModelShape smallShape(bool tied)
{
    ModelShape shape;
    shape.vocabularySize = 67;
    shape.hiddenSize = 24;
    shape.layers = 2;
    shape.heads = 4;
    shape.keyValueHeads = 2;
    shape.intermediateSize = 40;
    shape.maxPositions = 64;
    shape.tiedEmbeddings = tied;
    return shape;
}

} // namespace

class LinearTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void productsOfAnySize_equalThoseOfTheWidenedWeight_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("inputs");
        QTest::addColumn<int>("rows");
        QTest::addColumn<bool>("bias");
        // Counts on both sides of every tile and of where whole matrix products begin; inputs with and without a rest.
        for (const int count : {1, 2, 3, 4, 5, 8, 16, 17, 33})
            for (const int inputs : {1, 15, 16, 17, 576})
                for (const int rows : {1, 2, 17, 1031})
                    QTest::addRow("%d x %d by %d", count, inputs, rows) << count << inputs << rows << (rows % 2 == 1);
    }
    void productsOfAnySize_equalThoseOfTheWidenedWeight()
    {
        QFETCH(int, count);
        QFETCH(int, inputs);
        QFETCH(int, rows);
        QFETCH(bool, bias);
        const at::Tensor x = drawn({2, count, inputs}, 1, "x").narrow(0, 1, 1);
        const at::Tensor narrow = drawn({rows, inputs}, 1, "w").to(at::kBFloat16);
        const at::Tensor b = bias ? drawn({rows}, 1, "b") : at::Tensor();
        const at::Tensor wide = at::linear(x, narrow.to(at::kFloat), b);
        // Sums in another order: a few units of the last place of the largest sum of magnitudes.
        const double bound = 4e-7 * largest(at::linear(x.abs(), narrow.to(at::kFloat).abs()));
        const at::NoGradGuard reading;
        for (const at::Tensor& weight : {narrow, narrow.to(at::kFloat)}) {
            const at::Tensor y = models::linear(x, weight, b);
            QCOMPARE(y.sizes(), wide.sizes());
            QVERIFY2(largest(y - wide) <= bound, qPrintable(QString("%1 > %2").arg(largest(y - wide)).arg(bound)));
        }
    }

    void aRowOfFew_isTheSameWhateverLiesBesideIt()
    {
        const at::NoGradGuard reading;
        const at::Tensor x = drawn({16, 167}, 1, "x");
        const at::Tensor wide = drawn({35, 167}, 1, "w");
        for (const at::Tensor& weight : {wide, wide.to(at::kBFloat16)}) {
            const at::Tensor all = models::linear(x, weight, at::Tensor());
            for (int i = 0; i < 16; ++i)
                QVERIFY(models::linear(x.narrow(0, i, 1), weight, at::Tensor()).equal(all.narrow(0, i, 1)));
        }
    }

    void gradients_areThoseOfTheLibrary()
    {
        const at::Tensor x = drawn({3, 16}, 1, "x");
        const at::Tensor w = drawn({5, 16}, 1, "w").requires_grad_();
        QVERIFY(models::linear(x, w, at::Tensor()).equal(at::linear(x, w)));
        models::linear(x, w, at::Tensor()).sum().backward();
        QVERIFY(w.grad().equal(x.sum(0).expand({5, 16})));
    }

    void otherTypes_areLeftToTheLibrary()
    {
        const at::Tensor x = drawn({3, 16}, 1, "x");
        const at::Tensor w = drawn({5, 16}, 1, "w");
        const at::Tensor half = models::linear(x.to(at::kBFloat16), w.to(at::kBFloat16), at::Tensor());
        QCOMPARE(half.scalar_type(), at::kBFloat16);
    }

    void aFolderInBfloat16_isReadAtHalfTheMemoryAndSaysTheSame_data()
    {
        QTest::addColumn<bool>("tied");
        QTest::newRow("tied") << true;
        QTest::newRow("untied") << false;
    }
    void aFolderInBfloat16_isReadAtHalfTheMemoryAndSaysTheSame()
    {
        QFETCH(bool, tied);
        const QTemporaryDir home;
        const std::string folder = home.path().toStdString();
        Decoder rounded(smallShape(tied), 5);
        rounded.convert(at::kCPU, at::kBFloat16);
        QVERIFY(saveModelFolder(rounded, {}, folder));
        const auto opened = openModelFolder(folder);
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        auto wide = loadDecoder(*opened);
        auto reader = loadReader(*opened, at::kCPU);
        QVERIFY2(wide, wide ? "" : wide.error().message.c_str());
        QVERIFY2(reader, reader ? "" : reader.error().message.c_str());
        for (const NamedTensor& named : reader->named())
            QCOMPARE(named.tensor.scalar_type(), named.tensor.dim() == 2 ? at::kBFloat16 : at::kFloat);
        const at::Tensor ids = at::arange(20).view({2, 10});
        const at::Tensor expected = wide->logits(wide->hidden(ids));
        QVERIFY(largest(reader->logits(reader->hidden(ids)) - expected) <= 2e-6 * largest(expected));
        // Token by token over a cache, as texts are written.
        DecoderCache cache = reader->cache(2, 10);
        at::Tensor last;
        for (int t = 0; t < 10; ++t)
            last = reader->next(ids.narrow(1, t, 1), cache, {}, {});
        QVERIFY(largest(reader->logits(last.select(1, 0)) - expected.select(1, 9)) <= 2e-6 * largest(expected));

        reader->convert(at::kCPU, at::kFloat); // what tuning does first
        QVERIFY(reader->logits(reader->hidden(ids)).equal(expected));
    }

    void aFolderInSinglePrecision_isReadAsItIs()
    {
        const QTemporaryDir home;
        const Decoder decoder(smallShape(true), 5);
        QVERIFY(saveModelFolder(decoder, {}, home.path().toStdString()));
        const auto opened = openModelFolder(home.path().toStdString());
        QVERIFY(opened);
        const auto reader = loadReader(*opened, at::kCPU);
        QVERIFY2(reader, reader ? "" : reader.error().message.c_str());
        QCOMPARE(reader->outputWeight().scalar_type(), at::kFloat);
    }
};

GRADUS_SUITE(LinearTest)
#include "linear_test.moc"
