// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/risk_content.h"

namespace gradus::pages {

namespace {

plot::RiskPoint pointOf(const Estimate& risk, const Estimate& competence)
{
    return {.at = {risk.value, competence.value},
            .half = {(risk.high - risk.low) / 2, (competence.high - competence.low) / 2}};
}

} // namespace

QVector<plot::RiskStep> riskStepsOf(const viewmodels::LiveRun& run)
{
    QVector<plot::RiskStep> steps;
    if (!run.hasRun()) return steps;
    for (const events::GenerationRecord& record : run.detail().generations)
        if (record.harmBefore && record.harm && record.utility && record.alignedUtility)
            steps.append({.generation = record.generation,
                          .before = pointOf(*record.harmBefore, *record.utility),
                          .after = pointOf(*record.harm, *record.alignedUtility),
                          .rolledBack = record.rolledBack});
    return steps;
}

} // namespace gradus::pages
