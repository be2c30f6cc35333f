// SPDX-License-Identifier: GPL-3.0-or-later
// What of a result can be drawn, and as which lines.
#include "support/suite.h"
#include "viewmodels/result_series.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace gradus;
using namespace gradus::viewmodels;

namespace {

store::QueryResult result()
{
    const double infinity = std::numeric_limits<double>::infinity();
    store::QueryResult made;
    made.columns = {"x", "group", "y", "blob", "mixed", "nothing"};
    const auto row = [&](store::SqlValue x, store::SqlValue group, store::SqlValue y, store::SqlValue mixed) {
        made.rows.push_back(
            {std::move(x), std::move(group), std::move(y), store::SqlBlob{"b"}, std::move(mixed), std::monostate()});
    };
    row(std::int64_t{3}, std::string("b"), 0.3, std::int64_t{1});
    row(std::int64_t{1}, std::string("a"), 0.1, std::string("word"));
    row(std::int64_t{2}, std::string("b"), infinity, 0.5);
    row(std::int64_t{1}, std::string("b"), std::int64_t{7}, 0.5);
    row(infinity, std::string("b"), 0.5, 0.5);
    row(std::int64_t{5}, std::monostate(), 0.9, 0.5);
    row(std::int64_t{6}, std::string("a"), std::monostate(), 0.5);
    return made;
}

} // namespace

class ResultSeriesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void columns_areNumbersOrTextsOrNeither()
    {
        const ResultColumns columns = columnsOf(result());
        QCOMPARE(columns.numbers, (QVector<int>{0, 2}));
        QCOMPARE(columns.texts, QVector<int>{1});
        QVERIFY(columnsOf({}).numbers.isEmpty());
    }
    void rows_becomeLinesByTheirTexts()
    {
        const ResultLines made = linesOf(result(), 0, 2);
        QCOMPARE(made.lines.size(), std::size_t{3});
        QCOMPARE(made.lines[0].name, QStringLiteral("b"));
        QCOMPARE(made.lines[0].points.size(), 3);
        QCOMPARE(made.lines[0].points[0], QPointF(1, 7)); // by x
        QVERIFY(made.lines[0].points[1].x() == 2 && std::isnan(made.lines[0].points[1].y()));
        QCOMPARE(made.lines[0].points[2], QPointF(3, 0.3));
        QCOMPARE(made.lines[1].points.size(), 1); // NULL is no 0
        QCOMPARE(made.lines[2].name, QStringLiteral("–"));
        QCOMPARE(made.rowsLeftOut, 2);
        QCOMPARE(made.linesLeftOut, 0);
    }
    /// No statement says in which order rows of one x would be joined; a gap beside a value is no second one.
    void rowsOfOneX_areSaid()
    {
        store::QueryResult made;
        made.columns = {"x", "group", "y"};
        const auto row = [&](std::int64_t x, const char* group, double y) {
            made.rows.push_back({x, std::string(group), y});
        };
        row(1, "twice", 0.1);
        row(2, "twice", 0.2);
        row(1, "twice", 0.3);
        row(1, "once", 0.1);
        row(2, "once", 0.2);
        row(2, "once", std::numeric_limits<double>::infinity());
        const ResultLines lines = linesOf(made, 0, 2);
        QCOMPARE(lines.lines.size(), std::size_t{2});
        QVERIFY(lines.lines[0].repeatsX);
        QCOMPARE(lines.lines[0].points.size(), 3); // and none of them is left out
        QVERIFY(!lines.lines[1].repeatsX);
    }
    void textsThatBeginAlike_areLinesOfTheirOwn()
    {
        store::QueryResult long_;
        long_.columns = {"x", "condition", "y"};
        const std::string prefix(200, 'p');
        for (const char* end : {"a", "b"})
            for (std::int64_t x = 0; x < 3; ++x)
                long_.rows.push_back({x, prefix + end, 0.5});
        QCOMPARE(linesOf(long_, 0, 2).lines.size(), std::size_t{2});
    }
    void hostileTexts_areNamesAndNothingElse()
    {
        store::QueryResult made;
        made.columns = {"x", "t"};
        for (int i = 0; i < 20; ++i)
            made.rows.push_back({std::int64_t{i}, "\x1b[31m<script>\n" + std::to_string(i) + std::string(10'000, 'z')});
        const ResultLines lines = linesOf(made, 0, 0);
        QCOMPARE(lines.lines.size(), std::size_t{kMostResultLines});
        QVERIFY(lines.lines[0].name.size() < 300);
        QVERIFY(!lines.lines[0].name.contains(QChar(0x1b)) && !lines.lines[0].name.contains(QLatin1Char('\n')));
        QVERIFY(lines.linesLeftOut > 0 || lines.rowsLeftOut > 0);
    }
};
GRADUS_SUITE(ResultSeriesTest)
#include "result_series_test.moc"
