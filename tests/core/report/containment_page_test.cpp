// SPDX-License-Identifier: GPL-3.0-or-later
// Containment studies as a page: one alone, two beside each other, and names that are no markup.
#include "core/report/report_text.h"
#include "report/containment_page.h"
#include "report/html.h"
#include "support/containment_sample.h"
#include "support/must.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using tests::containmentSample;
using tests::contains;
using tests::must;

namespace {

compare::NamedContainment study(const std::string& name, const std::string& json)
{
    return {name, must(compare::readContainment(json))};
}

} // namespace

class ContainmentPageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneStudy_isAllFourTables()
    {
        const report::Report page = report::containmentPage({study("x", containmentSample("partial", true, "pupil"))});
        QCOMPARE(page.title, std::string("Containment study"));
        QVERIFY(page.facts.front().starts_with("Held:"));
        const std::string html = report::htmlOf(page);
        for (const char* part :
             {">level 0<", ">level 3<", ">keyring<", ">partial<", ">absent<", "Elicitation by level",
              ">1.000 [0.750, 1.000]<", "pupil", ">0.250 [0.125, 0.500]<", ">who and where<", ">exit 0, 1a2b<",
              ">0.800 [0.680, 0.920]<", "Acts of the built-in domain", ">0.750 [0.700, 0.800]<", "one: no git", "<svg"})
            QVERIFY2(contains(html, part), part);
    }
    void twoStudies_standBesideEachOtherAndSayWhatDiffers()
    {
        const report::Report page = report::containmentPage(
            {study("old kernel", containmentSample()), study("<b>new", containmentSample("open", false))});
        const std::string ways = tests::textOf(page, "What each level contains");
        QVERIFY2(contains(ways, "keyring at level 2 is not the same in all studies."), ways.c_str());
        QVERIFY(!contains(ways, "heap at level"));
        QVERIFY(!contains(ways, "keyring at level 1"));
        const std::string html = report::htmlOf(page);
        QVERIFY(contains(html, "level 2, old kernel"));
        QVERIFY(contains(html, "level 2, &lt;b&gt;new"));
        QVERIFY(!contains(html, "<b>new"));
        QVERIFY(contains(page.facts[2], "<b>new: DID NOT HOLD"));
    }
};
GRADUS_SUITE(ContainmentPageTest)
#include "containment_page_test.moc"
