// SPDX-License-Identifier: GPL-3.0-or-later
// Votes that a run keeps, read back as the report of its sources.
#include "compare/run_sources.h"
#include "compare/source_diversity.h"
#include "compare/source_errors.h"

#include "base/rng.h"
#include "base/text.h"
#include "store/store_writer.h"
#include "support/must.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace gradus;
using namespace gradus::compare;
using tests::must;

namespace {

constexpr std::size_t kAsked = 300;
constexpr std::size_t kAnchors = 120;

/// Item numbers as a run has them: in no order, anchors last.
std::vector<std::int64_t> numbers()
{
    std::vector<std::int64_t> items;
    for (std::size_t i = 0; i < kAsked + kAnchors; ++i)
        items.push_back(static_cast<std::int64_t>((i * 7919) % 100'003));
    return items;
}

struct Panel
{
    std::vector<std::int64_t> items = numbers();
    std::vector<int> truth;
    std::vector<std::pair<std::string, std::vector<int>>> said; ///< original, its twin, one of its clique, a stranger

    Panel()
    {
        Rng rng(5, "panel");
        std::vector<int> original;
        std::vector<int> clique;
        std::vector<int> stranger;
        for (std::size_t i = 0; i < items.size(); ++i) {
            truth.push_back(static_cast<int>(rng.below(3)));
            const auto wrong = [&] { return (truth.back() + 1 + static_cast<int>(rng.below(2))) % 3; };
            original.push_back(rng.uniform() < 0.35 ? wrong() : truth.back());
            clique.push_back(rng.uniform() < 0.85 ? original.back() : truth.back());
            stranger.push_back(rng.uniform() < 0.2 ? wrong() : truth.back());
        }
        stranger[3] = -1; // it held its peace once
        said = {{"original", original}, {"twin", original}, {"clique", clique}, {"stranger", stranger}};
    }

    events::VoteRecord recordOf(std::size_t j) const
    {
        return {.generation = 2,
                .source = said[j].first,
                .kind = "model",
                .items = items,
                .labels = said[j].second,
                .probabilities = {}};
    }
    events::VoteRecord anchors() const
    {
        return {.generation = 2,
                .source = spec::kAnchorsName,
                .kind = spec::kAnchorsName,
                .items = {items.begin() + kAsked, items.end()},
                .labels = {truth.begin() + kAsked, truth.end()},
                .probabilities = {}};
    }
};

/// A store with one run that was told these votes.
class Store final
{
public:
    explicit Store(const std::vector<events::VoteRecord>& votes)
    {
        spec::Experiment experiment;
        experiment.experiment.name = "panel";
        experiment.experiment.seeds = {1};
        experiment.ladder.generations = 3;
        experiment.signals.sources = {{.name = "original"}, {.name = "stranger", .family = "elsewhere"}};
        experiment.signals.sources[0].weight = {{{.x = 0, .y = 0.5}, {.x = 1, .y = 0.5}}};
        const std::string path = m_folder.filePath("gradus.db").toStdString();
        m_writer = must(store::StoreWriter::open(path));
        m_run = must(m_writer->addRuns(experiment, spec::canonicalToml(experiment), must(spec::expand(experiment))))[0];
        for (const events::VoteRecord& record : votes)
            m_writer->sink(m_run).votes(record);
        must(m_writer->flush());
        m_reader.emplace(must(store::StoreReader::open(path)));
    }
    Result<RunSources> sources(std::optional<int> generation = {}) const
    {
        return runSources(*m_reader, must(m_reader->detail(m_run)), generation);
    }
    Result<SourceErrors> errors() const { return sourceErrors(*m_reader, m_run, std::nullopt); }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<store::StoreWriter> m_writer;
    std::int64_t m_run = 0;
    std::optional<store::StoreReader> m_reader;
};

std::string refusalOf(const Result<RunSources>& result)
{
    if (result) return "accepted";
    return result.error().kind == ErrorKind::BadInput ? result.error().message : "of another kind";
}

bool near(const std::optional<Estimate>& a, const std::optional<Estimate>& b)
{
    if (!a || !b) return !a && !b;
    return std::abs(a->value - b->value) < 1e-12 && std::abs(a->low - b->low) < 1e-12 && a->n == b->n;
}

} // namespace

class RunSourcesTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aDuplicateACliqueAndAStranger_areToldApart()
    {
        const Panel panel;
        std::vector<events::VoteRecord> votes;
        for (std::size_t j = 0; j < panel.said.size(); ++j)
            votes.push_back(panel.recordOf(j));
        votes.push_back(panel.anchors());
        const auto found = must(Store(votes).sources());
        QCOMPARE(found.generation, 2);
        QCOMPARE(found.votes.table.classes, 3);
        QCOMPARE(found.votes.question.anchors.items.size(), kAnchors);
        const auto phi = [&](std::size_t a, std::size_t b) {
            for (const signals::SourcePair& pair : found.report.pairs)
                if (pair.first == a && pair.second == b) return pair.phi->phi;
            return std::nan("");
        };
        QVERIFY(std::abs(phi(0, 1) - 1) < 1e-12);
        QVERIFY2(phi(0, 2) > 0.6 && phi(0, 2) < 1, qPrintable(QString::number(phi(0, 2))));
        QVERIFY2(std::abs(phi(0, 3)) < 0.25, qPrintable(QString::number(phi(0, 3))));
        QCOMPARE(found.report.sources[3].answered, static_cast<long long>(kAsked + kAnchors - 1));
        // As drawn in the experiment, and the families that it names.
        QCOMPARE(found.votes.table.sources[0].weight, 0.5);
        QCOMPARE(found.votes.table.sources[3].family, std::string("elsewhere"));
        QCOMPARE(found.votes.table.sources[1].family, std::string("model"));
    }

    void people_areTakenTogetherByTheirBackground()
    {
        const Panel panel;
        std::vector<events::VoteRecord> votes;
        for (std::size_t j = 0; j < panel.said.size(); ++j)
            votes.push_back(panel.recordOf(j));
        votes[0].background = votes[2].background = "nurse, \"12\" years"; // original and its clique
        votes[3].background = "pilot";
        votes.push_back(panel.anchors());
        const auto found = must(Store(votes).sources());
        QCOMPARE(found.votes.backgrounds[0], votes[0].background); // through the store
        const auto lines = byBackground(found.votes);
        QCOMPARE(lines.size(), std::size_t{2});
        QCOMPARE(lines[0].background, votes[0].background);
        QCOMPARE(lines[0].people, (std::vector<std::string>{"original", "clique"}));
        QCOMPARE(lines[0].answered, static_cast<long long>(2 * (kAsked + kAnchors)));
        QCOMPARE(lines[0].accuracy->n, static_cast<long long>(2 * kAnchors));
        long long right = 0;
        long long same = 0;
        for (std::size_t i = 0; i < panel.truth.size(); ++i) {
            same += panel.said[0].second[i] == panel.said[2].second[i] ? 1 : 0;
            if (i < kAsked) continue;
            right += panel.said[0].second[i] == panel.truth[i] ? 1 : 0;
            right += panel.said[2].second[i] == panel.truth[i] ? 1 : 0;
        }
        QCOMPARE(lines[0].accuracy->value, static_cast<double>(right) / (2 * kAnchors));
        QCOMPARE(lines[0].among->value, static_cast<double>(same) / (kAsked + kAnchors));
        QCOMPARE(lines[0].others->n, 4 * static_cast<long long>(kAsked + kAnchors) - 2); // the stranger was silent once
        QVERIFY(!lines[1].among);
        votes[0].background = votes[2].background = votes[3].background = {};
        QVERIFY(byBackground(must(Store(votes).sources()).votes).empty());
    }
    void theReport_isThatOfTheSameTable()
    {
        const Panel panel;
        std::vector<events::VoteRecord> votes;
        for (const std::size_t j : {0, 2, 3})
            votes.push_back(panel.recordOf(j));
        votes.push_back(panel.anchors());
        const auto found = must(Store(votes).sources(2));
        // The same table by hand: items ascend by their number.
        std::vector<std::size_t> order(panel.items.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::sort(order.begin(), order.end(), [&](auto a, auto b) { return panel.items[a] < panel.items[b]; });
        signals::VoteTable table{.classes = 3, .items = order.size(), .sources = {}};
        for (const std::size_t j : {0, 2, 3}) {
            signals::SourceVotes one{.name = panel.said[j].first, .labels = {}, .probabilities = {}, .family = "model"};
            for (const std::size_t i : order)
                one.labels.push_back(panel.said[j].second[i]);
            table.sources.push_back(std::move(one));
        }
        table.sources[0].weight = 0.5;
        table.sources[2].family = "elsewhere";
        signals::SourceQuestion question;
        for (std::size_t place = 0; place < order.size(); ++place)
            if (order[place] >= kAsked) {
                question.anchors.items.push_back(place);
                question.anchors.truth.push_back(panel.truth[order[place]]);
            }
        const auto expected = must(signals::sourceReport(table, question));
        QCOMPARE(found.report.pairs.size(), expected.pairs.size());
        for (std::size_t i = 0; i < expected.pairs.size(); ++i) {
            QVERIFY(near(found.report.pairs[i].phiEstimate, expected.pairs[i].phiEstimate));
            QVERIFY(near(found.report.pairs[i].agreement, expected.pairs[i].agreement));
            QCOMPARE(found.report.pairs[i].capa->kappa, expected.pairs[i].capa->kappa);
        }
        QVERIFY(near(found.report.krippendorff, expected.krippendorff));
        QVERIFY(near(found.report.effective->spectral, expected.effective->spectral));
        QCOMPARE(found.report.benefit.size(), expected.benefit.size());
        for (std::size_t i = 0; i < expected.benefit.size(); ++i)
            QVERIFY(near(found.report.benefit[i].lossSaved, expected.benefit[i].lossSaved));
    }

    void theSquareOfErrors_isThatOfTheReportWhicheverWayItIsRead()
    {
        const Panel panel;
        std::vector<events::VoteRecord> votes;
        for (std::size_t j = 0; j < panel.said.size(); ++j)
            votes.push_back(panel.recordOf(j));
        votes.push_back(panel.anchors());
        const Store store(votes);
        const auto report = must(store.sources()).report;
        const auto errors = must(store.errors());
        QCOMPARE(errors.names.size(), std::size_t{4});
        QCOMPARE(errors.generations, std::vector<int>{2});
        QCOMPARE(errors.anchors, static_cast<long long>(kAnchors));
        for (const signals::SourcePair& pair : report.pairs) {
            QVERIFY(near(errors.pair(pair.first, pair.second).phi, pair.phiEstimate));
            QVERIFY(&errors.pair(pair.first, pair.second) == &errors.pair(pair.second, pair.first));
        }
        const std::string csv = sourceErrorsCsv(errors, "where from");
        QVERIFY(csv.starts_with("# where from\nfirst,second,phi,low,high,n,"));
        QCOMPARE(std::count(csv.begin(), csv.end(), '\n'), std::ptrdiff_t{8});
        QVERIFY2(csv.find("original,twin," + numberText(errors.pair(0, 1).phi->value) + ",") != std::string::npos,
                 csv.c_str());
        QVERIFY(sourceErrorsJson(errors, "x").find("\"phi_of_largest\"") != std::string::npos);
        // Without truth there is no correlation, and it is said why.
        votes.pop_back();
        const auto blind = must(Store(votes).errors());
        QVERIFY(!blind.pair(0, 1).phi && blind.pair(0, 1).agreement && !blind.notes.empty());
    }

    /// A mean over pairs of what the report says of each, and families told apart where there are both kinds of pairs.
    void diversity_isTheMeanOfWhatTheReportSaysOfPairs()
    {
        const Panel panel;
        std::vector<events::VoteRecord> votes;
        for (std::size_t j = 0; j < panel.said.size(); ++j)
            votes.push_back(panel.recordOf(j));
        votes.push_back(panel.anchors());
        const auto found = must(Store(votes).sources());
        const auto made = diversityOf(found.votes);
        QVERIFY(made && made->phi && made->accuracy && made->agreement && made->effective);
        QCOMPARE(made->sources, panel.said.size());
        QCOMPARE(made->anchors, kAnchors);
        double phi = 0;
        double within = 0;
        double between = 0;
        int same = 0;
        int defined = 0;
        double agreement = 0;
        for (const signals::SourcePair& pair : found.report.pairs) {
            agreement += pair.agreement->value / static_cast<double>(found.report.pairs.size());
            if (!pair.phi) continue;
            ++defined;
            phi += pair.phi->phi;
            const bool family =
                found.votes.table.sources[pair.first].family == found.votes.table.sources[pair.second].family;
            same += family ? 1 : 0;
            (family ? within : between) += pair.phi->phi;
        }
        double accuracy = 0;
        for (const signals::SourceLine& line : found.report.sources)
            accuracy += line.accuracy->value / static_cast<double>(found.report.sources.size());
        QVERIFY(same > 0 && same < defined); // the stranger is of another family
        QVERIFY(std::abs(*made->phi - phi / defined) < 1e-12);
        QVERIFY(std::abs(made->within.value() - within / same) < 1e-12);
        QVERIFY(std::abs(made->between.value() - between / (defined - same)) < 1e-12);
        QVERIFY(std::abs(*made->agreement - agreement) < 1e-12);
        QVERIFY(std::abs(*made->accuracy - accuracy) < 1e-12);
        QVERIFY(std::abs(*made->effective - found.report.effective->mean.value) < 1e-12);
    }
    void diversityWithoutTruth_isAgreementAlone()
    {
        const Panel panel;
        const auto blind = diversityOf(must(Store({panel.recordOf(0), panel.recordOf(3)}).sources()).votes);
        QVERIFY(blind && blind->agreement);
        QVERIFY(!blind->phi && !blind->accuracy && !blind->effective && !blind->within && !blind->between);
        QVERIFY(!diversityOf(keptVotes({panel.recordOf(0), panel.anchors()}, nullptr)));
    }
    void whoIsNoPanel_isRefusedInOneSentence()
    {
        const Panel panel;
        const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
        const std::string alone = refusalOf(Store({}).sources());
        QVERIFY2(has(alone, "one predecessor labelled alone"), alone.c_str());
        const std::string anchors = refusalOf(Store({panel.anchors()}).sources());
        QVERIFY2(has(anchors, "keeps no votes of sources"), anchors.c_str());
        const std::string single = refusalOf(Store({panel.recordOf(0), panel.anchors()}).sources());
        QVERIFY2(has(single, "at least two"), single.c_str());
        const std::string other = refusalOf(Store({panel.recordOf(0), panel.recordOf(3)}).sources(3));
        QVERIFY2(has(other, "no votes for generation 3; sources labelled for generation 2."), other.c_str());
    }
};

GRADUS_SUITE(RunSourcesTest)
#include "run_sources_test.moc"
