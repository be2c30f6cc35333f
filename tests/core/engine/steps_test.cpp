// SPDX-License-Identifier: GPL-3.0-or-later
// Twenty optimiser steps against PyTorch's AdamW on transformers' models (tests/data/models).
#include "base/files.h"
#include "engine/train_step_impl.h"
#include "models/folder_weights_impl.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>

#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>

using namespace gradus;

namespace {

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

class StepsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void twentySteps_equalPyTorch_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"qwen2", "qwen2-untied", "qwen3", "llama3", "smollm", "mistral", "gemma3", "neox", "neox-serial"})
            QTest::newRow(name) << name;
    }
    void twentySteps_equalPyTorch()
    {
        QFETCH(QString, name);
        const auto path = tests::sourceDir() / "tests/data/models" / name.toStdString();
        const auto golden = nlohmann::json::parse(readFile(path / "golden.json").value());
        models::Decoder decoder = models::loadDecoder(models::openModelFolder(path).value()).value();
        decoder.requiresGradients(true);
        engine::AdamW optimizer;
        optimizer.add("body", decoder.parameters(), 1.0, 0.01);
        const at::Tensor ids = idsOf(golden["ids"]);
        const at::Tensor targets = idsOf(golden["targets"]).view({-1});
        const auto expected = golden["losses"].get<std::vector<double>>();
        QCOMPARE(expected.size(), std::size_t{20});
        for (std::size_t step = 0; step < expected.size(); ++step) {
            const at::Tensor logits = decoder.logits(decoder.hidden(ids)).view({-1, 40});
            const double loss =
                engine::optimise(at::cross_entropy_loss(logits, targets), optimizer, {.rate = 1e-2}).value();
            QVERIFY2(std::abs(loss - expected[step]) <= 5e-5 * std::max(1.0, expected[step]),
                     qPrintable(QString("step %1: %2, not %3").arg(step + 1).arg(loss).arg(expected[step])));
        }
        QVERIFY(expected.back() < 0.9 * expected.front()); // the steps did something
    }
};
GRADUS_SUITE(StepsTest)
#include "steps_test.moc"
