// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/mix_content.h"

#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/run_mix.h"

#include <QCoreApplication>

#include <limits>

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

} // namespace

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
        line.inLegend = false; // dotted beside what was voted
        drawn << line;
    }
    if (!run.hasRun()) return {};
    for (const events::GenerationRecord& record : run.detail().generations) {
        if (record.generation < 2 || record.rolledBack) continue; // truth teaches the first one
        const auto shares = viewmodels::mixSharesOf(run, sources, record.generation);
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
    const auto shares = viewmodels::mixSharesOf(run, sources, generation);
    if (!shares) return words("Every source has weight 0 in generation %1.").arg(generation);
    if (!shares->actual) return words("No source has voted for generation %1 yet.").arg(generation);
    const auto farthest = viewmodels::farthestShare(*shares);
    if (!farthest)
        return words("Generation %1 was taught by the mix that was drawn, within %2 of every source.")
            .arg(generation)
            .arg(common::percentText(viewmodels::kMixTolerance, 1));
    return words("Generation %1: %2 gave %3 of the weighted votes where %4 was drawn; it was silent on more items, or "
                 "on fewer, than the others.")
        .arg(generation)
        .arg(shown(sources[*farthest]), common::percentText((*shares->actual)[*farthest], 1),
             common::percentText(shares->drawn[*farthest], 1));
}

} // namespace gradus::pages
