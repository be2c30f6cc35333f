// SPDX-License-Identifier: GPL-3.0-or-later
// Log-probabilities a few rows at a time, and layers computed twice: the same numbers and gradients as all at once.
#include "base/rng.h"
#include "engine/token_logs_impl.h"
#include "engine/tuning.h"
#include "models/adapter_targets_impl.h"
#include "models/decoder_impl.h"
#include "support/suite.h"

#include <QTest>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

using namespace gradus;
using namespace gradus::engine;

namespace {

at::Tensor drawn(std::int64_t rows, std::int64_t columns, const char* name)
{
    Rng rng(7, name);
    at::Tensor made = at::empty({rows, columns});
    for (std::int64_t i = 0; i < made.numel(); ++i)
        made.data_ptr<float>()[i] = static_cast<float>(rng.normal());
    return made;
}

at::Tensor ids(std::int64_t rows, std::int64_t columns, std::uint64_t vocabulary)
{
    Rng rng(9, "ids");
    at::Tensor made = at::empty({rows, columns}, at::kLong);
    for (std::int64_t i = 0; i < made.numel(); ++i)
        made.data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(rng.below(vocabulary));
    return made;
}

double apart(const at::Tensor& one, const at::Tensor& other)
{
    return (one.to(at::kFloat) - other.to(at::kFloat)).abs().max().item<double>();
}

} // namespace

class TokenLogsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useThreads(1); }

    void parts_giveTheLogsAndGradientsOfTheWhole_data()
    {
        QTest::addColumn<bool>("frozen");
        QTest::addColumn<bool>("brain");
        QTest::newRow("all learn") << false << false;
        QTest::newRow("frozen head") << true << false;
        QTest::newRow("bf16") << false << true;
    }
    void parts_giveTheLogsAndGradientsOfTheWhole()
    {
        QFETCH(bool, frozen);
        QFETCH(bool, brain);
        const at::ScalarType type = brain ? at::kBFloat16 : at::kFloat;
        const at::Tensor hidden = drawn(37, 16, "hidden").to(type);
        const at::Tensor weight = drawn(101, 16, "weight").to(type);
        const at::Tensor targets = ids(1, 37, 101).view({37});
        const at::Tensor upstream = drawn(1, 37, "upstream").view({37});
        std::vector<at::Tensor> logs;
        std::vector<at::Tensor> byHidden;
        std::vector<at::Tensor> byWeight;
        for (const std::int64_t most : {std::int64_t{1} << 20, std::int64_t{101} * 10, std::int64_t{1}}) {
            const at::Tensor h = hidden.clone().set_requires_grad(true);
            const at::Tensor w = weight.clone().set_requires_grad(!frozen);
            logs.push_back(tokenLogs(h, w, targets, most));
            (logs.back() * upstream).sum().backward();
            byHidden.push_back(h.grad());
            byWeight.push_back(w.grad());
        }
        const double near = brain ? 0.15 : 2e-5; // bf16 rounds every part's product once more
        for (std::size_t i = 1; i < logs.size(); ++i) {
            QVERIFY(apart(logs[0], logs[i]) < 1e-5);
            QVERIFY2(apart(byHidden[0], byHidden[i]) < near,
                     qPrintable(QString::number(apart(byHidden[0], byHidden[i]))));
            QCOMPARE(byWeight[i].defined(), !frozen);
            if (!frozen)
                QVERIFY2(apart(byWeight[0], byWeight[i]) < near,
                         qPrintable(QString::number(apart(byWeight[0], byWeight[i]))));
        }
    }
    void recomputedLayers_giveTheSameGradients_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<bool>("adapted");
        for (const char* family : {"attention", "recurrent", "convolutional"}) {
            QTest::addRow("%s", family) << family << false;
            QTest::addRow("%s, adapted", family) << family << true;
        }
    }
    void recomputedLayers_giveTheSameGradients()
    {
        QFETCH(QString, family);
        QFETCH(bool, adapted);
        models::ModelShape shape = models::rungShape(16, 3, 20, 12);
        shape.family = models::familyOf(family.toStdString()).value();
        const at::Tensor tokens = ids(4, 12, 20);
        std::vector<std::vector<at::Tensor>> gradients;
        std::vector<double> losses;
        for (const bool recompute : {false, true}) {
            models::Decoder decoder(shape, 3);
            if (adapted)
                QVERIFY(decoder.attachAdapters({.rank = 2, .targets = models::usualTargets(shape)}).ok());
            decoder.requiresGradients(true);
            decoder.recomputeLayers(recompute);
            const at::Tensor loss = decoder.logits(decoder.hidden(tokens)).square().mean();
            loss.backward();
            losses.push_back(loss.item<double>());
            std::vector<at::Tensor>& all = gradients.emplace_back();
            for (const at::Tensor& leaf : decoder.parameters())
                all.push_back(leaf.grad().clone());
        }
        QCOMPARE(losses[0], losses[1]);
        for (std::size_t i = 0; i < gradients[0].size(); ++i)
            QVERIFY2(apart(gradients[0][i], gradients[1][i]) < 1e-6,
                     qPrintable(QString("leaf %1: %2").arg(i).arg(apart(gradients[0][i], gradients[1][i]))));
    }
};

GRADUS_SUITE(TokenLogsTest)
#include "token_logs_test.moc"
