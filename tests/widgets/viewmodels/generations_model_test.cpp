// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"
#include "viewmodels/generations_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace gradus;
using gradus::viewmodels::GenerationsModel;

class GenerationsModelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rolledBackGeneration_saysSoInItsRow()
    {
        GenerationsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        events::GenerationRecord kept;
        kept.generation = 2;
        kept.utility = Estimate{.value = 0.74, .low = 0.72, .high = 0.76, .n = 2000};
        events::GenerationRecord failed = kept;
        failed.generation = 3;
        failed.rolledBack = true;
        model.setRecords({kept, failed});
        QCOMPARE(model.rowCount(), 2);
        const auto at = [&](int row, int role) {
            return model.index(row, GenerationsModel::GenerationColumn).data(role);
        };
        QVERIFY(!at(0, GenerationsModel::RolledBackRole).toBool());
        QVERIFY(at(0, Qt::ToolTipRole).toString().isEmpty());
        QVERIFY(at(1, GenerationsModel::RolledBackRole).toBool());
        QVERIFY(at(1, Qt::ToolTipRole).toString().startsWith("Rolled back"));
    }
};

GRADUS_SUITE(GenerationsModelTest)
#include "generations_model_test.moc"
