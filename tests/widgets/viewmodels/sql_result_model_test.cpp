// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/sql_result_model.h"

#include "support/suite.h"

#include <QTest>

#include <memory>

using namespace gradus;
using viewmodels::SqlResultModel;

class SqlResultModelTest : public QObject
{
    Q_OBJECT

    static bool isRight(const QVariant& alignment) { return (alignment.toInt() & Qt::AlignRight) != 0; }

private Q_SLOTS:
    void columnsOfNumbers_standRightWhateverTheirFirstRow()
    {
        auto result = std::make_shared<store::QueryResult>();
        result->columns = {"name", "late", "never"};
        result->rows.push_back({std::string("a"), std::monostate(), std::monostate()});
        result->rows.push_back({std::string("b"), 0.5, std::monostate()});
        SqlResultModel model;
        model.setResult(result);
        const auto header = [&](int column) {
            return isRight(model.headerData(column, Qt::Horizontal, Qt::TextAlignmentRole));
        };
        QVERIFY(!header(0) && header(1) && !header(2));
        for (int row = 0; row < 2; ++row)
            QVERIFY(isRight(model.data(model.index(row, 1), Qt::TextAlignmentRole)));
        QVERIFY(!isRight(model.data(model.index(0, 0), Qt::TextAlignmentRole)));
        QVERIFY(!isRight(model.data(model.index(0, 2), Qt::TextAlignmentRole)));
        model.setResult(nullptr);
        QCOMPARE(model.columnCount({}), 0);
    }
};
GRADUS_SUITE(SqlResultModelTest)
#include "sql_result_model_test.moc"
