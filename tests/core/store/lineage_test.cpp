// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of runs that came out of one another, from whichever of them one asks.
#include "store/lineage.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus::store;

class LineageTreeTest : public QObject
{
    Q_OBJECT

    static RunRow run(std::int64_t id, const std::string& parent = {}, int generation = 1)
    {
        RunRow row;
        row.id = id;
        row.uuid = "u" + std::to_string(id);
        if (!parent.empty()) row.lineage = Lineage{.parent = parent, .generation = generation};
        return row;
    }

    static std::string shapeOf(const std::vector<RunRow>& rows, std::int64_t asked)
    {
        std::string text;
        for (const Relative& relative : relativesOf(rows, asked))
            text += (text.empty() ? "" : " ") + std::to_string(relative.depth) + relative.uuid +
                    (relative.run ? "" : "?") + (relative.from ? "@" + std::to_string(relative.from->generation) : "");
        return text;
    }

private Q_SLOTS:
    void family_isTheSameFromAnyOfIt()
    {
        const std::vector<RunRow> rows{run(5, "u2", 3), run(4, "u1", 2), run(3), run(2, "u1"), run(1)};
        for (const std::int64_t asked : {1, 2, 4, 5})
            QCOMPARE(shapeOf(rows, asked), std::string("0u1 1u2@1 2u5@3 1u4@2"));
        QCOMPARE(shapeOf(rows, 3), std::string("0u3"));
        QCOMPARE(shapeOf(rows, 9), std::string());
    }
    void ancestorThatIsGone_keepsItsPlace()
    {
        const std::vector<RunRow> rows{run(5, "gone"), run(4, "gone", 2), run(6, "u5")};
        QCOMPARE(shapeOf(rows, 6), std::string("0gone? 1u4@2 1u5@1 2u6@1"));
    }
    void rings_areCut()
    {
        const std::vector<RunRow> rows{run(1, "u2"), run(2, "u1"), run(3, "u3")};
        QCOMPARE(relativesOf(rows, 1).size(), std::size_t(2));
        QCOMPARE(relativesOf(rows, 3).size(), std::size_t(1));
    }
    void attemptsRolledBack_sayWhatTheyAre()
    {
        QCOMPARE(fromText({.parent = "u", .generation = 2}), std::string("branch after generation 2"));
        QCOMPARE(fromText({.parent = "u", .generation = 2, .superseded = true}),
                 std::string("what it was before it was rolled back to generation 2"));
    }
};
GRADUS_SUITE(LineageTreeTest)
#include "lineage_test.moc"
