// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/live_moment.h"

#include "base/text.h"
#include "common/number_text.h"
#include "pages/live/card_content.h"
#include "viewmodels/run_mix.h"

#include <QCoreApplication>

#include <cmath>

namespace gradus::pages {

namespace {

constexpr std::size_t kLongestName = 40; // bytes of a source's name
constexpr qsizetype kMostSources = 6;

QString words(const char* text)
{
    return QCoreApplication::translate("LiveMoment", text);
}

/// What was drawn; what the votes made of it where they are counted.
void addMix(Moment& moment, const viewmodels::LiveRun& run, const std::vector<spec::SignalSource>& sources,
            int generation)
{
    const auto shares = viewmodels::mixSharesOf(run, sources, generation);
    if (!shares) return;
    for (std::size_t i = 0; i < sources.size() && i < static_cast<std::size_t>(kMostSources); ++i) {
        QString share = words("%1 % drawn").arg(common::numberText(100 * shares->drawn[i], 0));
        if (shares->actual) share = words("%1 %, %2").arg(common::numberText(100 * (*shares->actual)[i], 0), share);
        moment.rows.append(
            {words("Mix: %1").arg(QString::fromStdString(visible(sources[i].name, kLongestName))), share});
    }
}

} // namespace

Moment momentOf(const viewmodels::LiveRun& run, const std::vector<spec::SignalSource>& sources, double step,
                const QVector<LegendEntry>& values, const QString& event)
{
    Moment moment;
    const int generation = run.generationAt(step);
    moment.title = words("Step %1, generation %2").arg(common::groupedText(std::llround(step))).arg(generation);
    for (const LegendEntry& value : values)
        moment.rows.append({value.name, value.value});
    if (const auto gap = run.valueAt("gap/delta", step)) moment.rows.append({words("Gap"), common::numberText(gap, 2)});
    addMix(moment, run, sources, generation);
    if (!event.isEmpty()) moment.sentences.append(event);
    if (const QString decision = decisionAt(run, step); !decision.isEmpty() && decision != event)
        moment.sentences.append(decision);
    const store::RunRow& row = run.detail().run;
    moment.runs.append({.run = row.id,
                        .generation = generation,
                        .name = {},
                        .hasEpisodes = true,
                        .uuid = QString::fromStdString(row.uuid)});
    return moment;
}

} // namespace gradus::pages
