// SPDX-License-Identifier: GPL-3.0-or-later
// How rows of different lengths lie in one batch: padded, or end to end as a GPU reads them.
#include "engine/tuning_objective_impl.h"
#include "support/suite.h"

#include <QTest>

#include <numeric>

using namespace gradus;
using namespace gradus::engine;

namespace {

template <typename Number>
std::vector<std::int64_t> numbers(const at::Tensor& tensor)
{
    const auto* first = tensor.const_data_ptr<Number>();
    return {first, first + tensor.numel()};
}

using Numbers = std::vector<std::int64_t>;

} // namespace

class PackingTest : public QObject
{
    Q_OBJECT
    TaughtSequence m_long{.tokens = {7, 8, 9}, .taught = {}};
    TaughtSequence m_short{.tokens = {5}, .taught = {}};
    TaughtSequence m_middle{.tokens = {3, 4}, .taught = {}};

private Q_SLOTS:
    void rowsEndToEnd_haveNoGapAndTheirOwnPositions()
    {
        const PackedRows packed = packRows({&m_long, &m_short, &m_middle}, at::kCPU, true);
        QCOMPARE(packed.ids_BT.sizes().vec(), (Numbers{1, 6}));
        QCOMPARE(numbers<std::int64_t>(packed.ids_BT), (Numbers{7, 8, 9, 5, 3, 4}));
        QCOMPARE(numbers<std::int64_t>(packed.positions_BT), (Numbers{0, 1, 2, 0, 0, 1}));
        QCOMPARE(numbers<std::int32_t>(packed.starts_B1), (Numbers{0, 3, 4, 6}));
        QCOMPARE(packed.begins, (Numbers{0, 3, 4}));
        QCOMPARE(packed.realTokens, std::int64_t{6});
        QCOMPARE(packed.longest, std::int64_t{3});
        for (std::size_t row = 0; row < packed.rows.size(); ++row)
            QCOMPARE(packed.ids_BT.const_data_ptr<std::int64_t>()[packed.begin(row)],
                     std::int64_t{packed.rows[row]->tokens.front()});
    }
    void rowsOfOneLength_arePaddedNowhereAndKeepTheirRows()
    {
        const PackedRows packed = packRows({&m_middle, &m_middle}, at::kCPU, true);
        QCOMPARE(packed.ids_BT.sizes().vec(), (Numbers{2, 2}));
        QVERIFY(!packed.starts_B1.defined() && !packed.positions_BT.defined());
    }
    void paddedRows_endInZeros()
    {
        const PackedRows packed = packRows({&m_short, &m_long}, at::kCPU, false);
        QCOMPARE(packed.ids_BT.sizes().vec(), (Numbers{2, 3}));
        QCOMPARE(numbers<std::int64_t>(packed.ids_BT), (Numbers{5, 0, 0, 7, 8, 9}));
        QCOMPARE(packed.begins, (Numbers{0, 3}));
        QCOMPARE(packed.realTokens, std::int64_t{4});
    }
};
GRADUS_SUITE(PackingTest)
#include "packing_test.moc"
