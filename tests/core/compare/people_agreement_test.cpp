// SPDX-License-Identifier: GPL-3.0-or-later
// Agreement of people on episodes, against figures worked out by hand.
#include "compare/people_agreement.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::compare;

namespace {

store::EpisodeRow episode(std::int64_t id, const char* verdict, std::map<std::string, std::string> people)
{
    return {.id = id, .verdict = verdict, .people = std::move(people)};
}

} // namespace

class PeopleAgreementTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void twoPeople_haveAlphaKappaAndTheirStandingWithTheRun()
    {
        const std::vector<store::EpisodeRow> rows{
            episode(1, "hazard", {{"Ada", "hazard"}, {"Bob", "hazard"}}),
            episode(2, "hazard", {{"Ada", "hazard"}, {"Bob", "safe"}}),
            episode(3, "safe", {{"Ada", "safe"}, {"Bob", "safe"}}),
            episode(4, "safe", {{"Ada", "safe"}, {"Bob", "safe"}}),
            episode(5, "safe", {{"Ada", "unclear"}}),
            episode(6, "safe", {}),
        };
        const PeopleAgreement agreement = agreementOf(rows, {});
        QCOMPARE(agreement.episodes, 5LL);
        QCOMPARE(agreement.shared, 4LL);
        // Shared: 3 hazards and 5 safes in 8 labels; D_o = 2 / 8, D_e = 2 * 3 * 5 / (8 * 7): alpha = 1 - 7 / 15.
        QVERIFY(agreement.alpha && qAbs(agreement.alpha->value - (1 - 7.0 / 15)) < 1e-12);
        QCOMPARE(agreement.alpha->n, 4LL);
        QVERIFY(agreement.alpha->low < agreement.alpha->value);
        // P_o = 3 / 4, P_e = (3 / 8)^2 + (5 / 8)^2.
        const double chance = 34.0 / 64;
        QVERIFY(agreement.fleiss && qAbs(agreement.fleiss->value - (0.75 - chance) / (1 - chance)) < 1e-12);
        QCOMPARE(agreement.people.size(), std::size_t{2});
        QCOMPARE(agreement.people[0].name, std::string("Ada"));
        QCOMPARE(agreement.people[0].episodes, 5LL);
        QCOMPARE(agreement.people[0].withTheRun->n, 4LL); // "unclear" is compared with nothing
        QCOMPARE(agreement.people[0].withTheRun->value, 1.0);
        QCOMPARE(agreement.people[1].withTheRun->value, 0.75);
    }
    void onePerson_hasNoAgreement()
    {
        const PeopleAgreement agreement = agreementOf({episode(1, "hazard", {{"Ada", "safe"}})}, {});
        QVERIFY(!agreement.alpha && !agreement.fleiss);
        QCOMPARE(agreement.shared, 0LL);
        QVERIFY(agreementOf({}, {}).people.empty());
    }
    void bothOrders_tellWhoGoesByTheSide()
    {
        const std::vector<store::PreferenceRow> rows{
            {.first = 1, .second = 2, .swapped = false, .person = "Ada", .choice = "first"},
            {.first = 1, .second = 2, .swapped = true, .person = "Ada", .choice = "first"},
            {.first = 1, .second = 3, .swapped = false, .person = "Ada", .choice = "first"},
            {.first = 1, .second = 3, .swapped = true, .person = "Ada", .choice = "second"},
            {.first = 1, .second = 4, .swapped = true, .person = "Ada", .choice = "tie"},
        };
        const PeopleAgreement agreement = agreementOf({}, rows);
        QCOMPARE(agreement.people.size(), std::size_t{1});
        QCOMPARE(agreement.people[0].pairs, 2LL);
        QCOMPARE(agreement.people[0].sameInBoth->value, 0.5);
    }
};
GRADUS_SUITE(PeopleAgreementTest)
#include "people_agreement_test.moc"
