// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/series_catalogue.h"

#include <QCoreApplication>

#include <array>

namespace gradus::viewmodels {

namespace {

constexpr std::array kSeries{
    SeriesInfo{"utility/competence", QT_TRANSLATE_NOOP("Series", "competence"),
               QT_TRANSLATE_NOOP("Series", "competence"), 0, 3},
    SeriesInfo{"utility/conformity", QT_TRANSLATE_NOOP("Series", "conformity"),
               QT_TRANSLATE_NOOP("Series", "conformity"), 3, 3},
    SeriesInfo{"utility/ceiling", QT_TRANSLATE_NOOP("Series", "ceiling"), QT_TRANSLATE_NOOP("Series", "ceiling"), 7, 3},
    SeriesInfo{"pgr", QT_TRANSLATE_NOOP("Series", "PGR"), QT_TRANSLATE_NOOP("Series", "PGR"), 5, 2},
    SeriesInfo{"imitation/rate", QT_TRANSLATE_NOOP("Series", "imitation rate"),
               QT_TRANSLATE_NOOP("Series", "imitation rate"), 1, 3},
    SeriesInfo{"imitation/excess", QT_TRANSLATE_NOOP("Series", "excess imitation"),
               QT_TRANSLATE_NOOP("Series", "excess"), 4, 3},
    SeriesInfo{"memorisation", QT_TRANSLATE_NOOP("Series", "memorisation"), QT_TRANSLATE_NOOP("Series", "memorisation"),
               4, 3},
    SeriesInfo{"entropy/label", QT_TRANSLATE_NOOP("Series", "entropy per label"),
               QT_TRANSLATE_NOOP("Series", "per label"), 0, 3},
    SeriesInfo{"entropy/token", QT_TRANSLATE_NOOP("Series", "entropy per token"),
               QT_TRANSLATE_NOOP("Series", "per token"), 5, 3},
    SeriesInfo{"diversity/distinct2", QT_TRANSLATE_NOOP("Series", "distinct-2"),
               QT_TRANSLATE_NOOP("Series", "distinct-2"), 2, 3},
    SeriesInfo{"gap/delta", QT_TRANSLATE_NOOP("Series", "gap δ"), QT_TRANSLATE_NOOP("Series", "δ"), 0, 2},
    SeriesInfo{"train/accuracy_noisy", QT_TRANSLATE_NOOP("Series", "accuracy, noisy"),
               QT_TRANSLATE_NOOP("Series", "noisy"), 1, 3},
    SeriesInfo{"train/accuracy_clean", QT_TRANSLATE_NOOP("Series", "accuracy, clean"),
               QT_TRANSLATE_NOOP("Series", "clean"), 2, 3},
    SeriesInfo{"train/loss", QT_TRANSLATE_NOOP("Series", "loss"), QT_TRANSLATE_NOOP("Series", "loss"), 7, 3},
    SeriesInfo{"test/accuracy", QT_TRANSLATE_NOOP("Series", "test accuracy"),
               QT_TRANSLATE_NOOP("Series", "test accuracy"), 6, 3},
    SeriesInfo{"harm/rate", QT_TRANSLATE_NOOP("Series", "harm rate"), QT_TRANSLATE_NOOP("Series", "harm"), 1, 3},
    SeriesInfo{"refusal/over", QT_TRANSLATE_NOOP("Series", "over-refusal"), QT_TRANSLATE_NOOP("Series", "over-refusal"),
               5, 3},
    SeriesInfo{"noise/estimate", QT_TRANSLATE_NOOP("Series", "label noise, estimated"),
               QT_TRANSLATE_NOOP("Series", "estimated"), 1, 3},
    SeriesInfo{"noise/upper", QT_TRANSLATE_NOOP("Series", "label noise, at most"),
               QT_TRANSLATE_NOOP("Series", "at most"), 3, 3},
    SeriesInfo{"noise/anchors", QT_TRANSLATE_NOOP("Series", "label noise, by anchors"),
               QT_TRANSLATE_NOOP("Series", "anchors"), 0, 3},
    SeriesInfo{"noise/confident", QT_TRANSLATE_NOOP("Series", "label noise, by confident learning"),
               QT_TRANSLATE_NOOP("Series", "confident"), 2, 3},
    SeriesInfo{"noise/loss_mixture", QT_TRANSLATE_NOOP("Series", "label noise, by the loss mixture"),
               QT_TRANSLATE_NOOP("Series", "mixture"), 4, 3},
    SeriesInfo{"align/loss", QT_TRANSLATE_NOOP("Series", "alignment loss"), QT_TRANSLATE_NOOP("Series", "alignment"), 7,
               3},
    SeriesInfo{"align/preference_loss", QT_TRANSLATE_NOOP("Series", "preference loss"),
               QT_TRANSLATE_NOOP("Series", "preference"), 7, 3},
    SeriesInfo{"throughput/tokens_per_s", QT_TRANSLATE_NOOP("Series", "tokens per second"),
               QT_TRANSLATE_NOOP("Series", "tokens/s"), 6, 0},
};

} // namespace

std::span<const SeriesInfo> seriesCatalogue()
{
    return kSeries;
}

const SeriesInfo* findSeries(const std::string& name)
{
    for (const SeriesInfo& info : kSeries)
        if (name == info.name) return &info;
    return nullptr;
}

QString seriesLabel(const SeriesInfo& info)
{
    return QCoreApplication::translate("Series", info.label);
}

QString shortLabel(const SeriesInfo& info)
{
    return QCoreApplication::translate("Series", info.brief);
}

} // namespace gradus::viewmodels
