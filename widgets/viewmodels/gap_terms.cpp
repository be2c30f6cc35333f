// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/gap_terms.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace gradus::viewmodels {

std::optional<double> gapTerm(const LiveRun& run, int generation, const char* term)
{
    if (!run.hasRun()) return std::nullopt;
    std::optional<double> found;
    for (const store::EventRow& event : run.detail().events) {
        if (event.kind != "gap.decision" || event.generation != generation - 1) continue;
        const QJsonValue value =
            QJsonDocument::fromJson(QByteArray::fromStdString(event.detailsJson)).object().value(QLatin1String(term));
        found = value.isDouble() ? std::optional(value.toDouble()) : std::nullopt;
    }
    return found;
}

} // namespace gradus::viewmodels
