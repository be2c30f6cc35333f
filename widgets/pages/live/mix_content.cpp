// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/mix_content.h"

#include "base/text.h"
#include "common/number_text.h"
#include "spec/experiment.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace gradus::pages {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int kStyles = 8; // of the colour cycle

QString words(const char* text)
{
    return QCoreApplication::translate("LiveCards", text);
}

QString shown(const spec::SignalSource& source)
{
    return QString::fromStdString(visible(source.name, 40));
}

QString percent(double share)
{
    return common::numberText(100 * share, 1) + QStringLiteral(" %");
}

/// Makes them sum to 1; false where they are all 0.
bool normalise(std::vector<double>& shares)
{
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    if (!(sum > 0)) return false;
    for (double& share : shares)
        share /= sum;
    return true;
}

std::int64_t votesOf(const viewmodels::LiveRun& run, const std::string& source, int generation)
{
    const auto found = std::find_if(run.votes().begin(), run.votes().end(), [&](const store::VoteCount& count) {
        return count.generation == generation && count.source == source;
    });
    return found == run.votes().end() ? 0 : found->said;
}

} // namespace

std::vector<spec::SignalSource> mixSources(const std::string& specToml)
{
    const Result<spec::Experiment> experiment = spec::parseExperiment(specToml, "run");
    if (!experiment || experiment->signals.sources.size() < 2) return {};
    return experiment->signals.sources;
}

std::optional<MixShares> mixSharesOf(const viewmodels::LiveRun& run, const std::vector<spec::SignalSource>& sources,
                                     int generation)
{
    MixShares shares;
    std::vector<double> voted;
    const int generations = std::max(run.hasRun() ? run.detail().run.generations : 1, 1);
    for (const spec::SignalSource& source : sources) {
        const double weight = std::clamp(spec::weightAt(source, generation, generations), 0.0, 1.0);
        shares.drawn.push_back(weight);
        voted.push_back(weight * static_cast<double>(votesOf(run, source.name, generation)));
    }
    if (!normalise(shares.drawn)) return std::nullopt;
    if (normalise(voted)) shares.actual = std::move(voted);
    return shares;
}

QVector<plot::Series> mixSeriesOf(const viewmodels::LiveRun& run, viewmodels::XAxis axis,
                                  const std::vector<spec::SignalSource>& sources)
{
    QVector<plot::Series> drawn;
    QVector<plot::Series> actual;
    for (std::size_t j = 0; j < sources.size(); ++j) {
        plot::Series line;
        line.name = shown(sources[j]);
        line.style = static_cast<int>(j % kStyles);
        line.draw = plot::Draw::Hold;
        line.id = QStringLiteral("mix/%1").arg(j);
        line.dash = QVector<qreal>{};
        actual << line;
        line.id = QStringLiteral("mix-drawn/%1").arg(j);
        line.dash = QVector<qreal>{2, 3};
        drawn << line;
    }
    if (!run.hasRun()) return {};
    for (const events::GenerationRecord& record : run.detail().generations) {
        if (record.generation < 2 || record.rolledBack) continue; // truth teaches the first one
        const auto shares = mixSharesOf(run, sources, record.generation);
        if (!shares) continue;
        const double first = run.xOf(run.firstStepOf(record), axis);
        const double last = run.xOf(run.lastStepOf(record), axis);
        const auto add = [first, last](plot::Series& line, double value) {
            line.points << QPointF(first, value) << QPointF(last, value) << QPointF(last, kNan);
        };
        for (std::size_t j = 0; j < sources.size(); ++j) {
            const auto place = static_cast<qsizetype>(j);
            add(drawn[place], shares->drawn[j]);
            if (shares->actual) add(actual[place], (*shares->actual)[j]);
        }
    }
    return actual + drawn;
}

QString mixSentence(const viewmodels::LiveRun& run, const std::vector<spec::SignalSource>& sources, double step)
{
    const int generation = run.hasRun() ? run.generationAt(step) : 1;
    if (generation < 2) return words("Generation 1 is taught by ground truth; the mix begins with generation 2.");
    const auto shares = mixSharesOf(run, sources, generation);
    if (!shares) return words("Every source has weight 0 in generation %1.").arg(generation);
    if (!shares->actual) return words("No source has voted for generation %1 yet.").arg(generation);
    std::size_t farthest = 0;
    const auto apart = [&](std::size_t j) { return std::abs((*shares->actual)[j] - shares->drawn[j]); };
    for (std::size_t j = 1; j < sources.size(); ++j)
        if (apart(j) > apart(farthest)) farthest = j;
    if (apart(farthest) <= kMixTolerance)
        return words("Generation %1 was taught by the mix that was drawn, within %2 of every source.")
            .arg(generation)
            .arg(percent(kMixTolerance));
    return words("Generation %1: %2 gave %3 of the weighted votes where %4 was drawn; it was silent on more items, or "
                 "on fewer, than the others.")
        .arg(generation)
        .arg(shown(sources[farthest]), percent((*shares->actual)[farthest]), percent(shares->drawn[farthest]));
}

} // namespace gradus::pages
