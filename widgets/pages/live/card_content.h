// SPDX-License-Identifier: GPL-3.0-or-later
// What each card of Live draws: the run's series turned into lines, steps, marks and words.
#pragma once

#include "plot/time_plot.h"
#include "schedule/curve.h"
#include "viewmodels/live_run.h"
#include "viewmodels/time_window.h"

#include <QString>
#include <QVector>

#include <optional>

namespace gradus::pages {

enum class CardKind
{
    Utility,
    TrainingFit,
    Imitation,
    Entropy,
    Gap,
    Recovery, ///< PGR per generation
    Noise,    ///< estimates of the share of wrong labels; only of runs that make some
    Harm,     ///< harm and over-refusal on held-out twins; only of runs with stage 3
    Foreign,  ///< one series of an imported run, under the name it came with
    Mix,      ///< shares of the signal sources, drawn and voted; see mix_content.h
};
inline constexpr int kCardCount = 9; ///< that every page has; those of foreign series come with their run

struct CardText
{
    QString id; ///< object name
    QString title;
    QString subtitle;
    QString empty; ///< what will appear and when
};
CardText textOf(CardKind kind);
bool isOptional(CardKind kind); ///< most runs have nothing for it: then its place goes to the others

/// Everything a card but that of the mix draws, for the window's unit of x.
QVector<plot::Series> seriesOf(CardKind kind, const viewmodels::LiveRun& run, const viewmodels::TimeWindow& window,
                               const std::optional<schedule::Curve>& drawn);

/// The line of a card of kind Foreign.
plot::Series foreignSeriesOf(const std::string& series, const viewmodels::LiveRun& run,
                             const viewmodels::TimeWindow& window);

QVector<plot::StageSpan> stagesOf(const viewmodels::LiveRun& run, viewmodels::XAxis axis);
QVector<plot::GenerationLabel> generationsOf(const viewmodels::LiveRun& run, viewmodels::XAxis axis);
QVector<plot::EventMark> eventsOf(const viewmodels::LiveRun& run, viewmodels::XAxis axis);

/// The controller's sentence in force at a step; empty before the first decision. Made visible.
QString decisionAt(const viewmodels::LiveRun& run, double step);
/// "PGR 0.43" or the refusal's sentence, for the generation of a step; empty while there is nothing to say.
QString recoveryAt(const viewmodels::LiveRun& run, double step);

} // namespace gradus::pages
