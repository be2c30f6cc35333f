// SPDX-License-Identifier: GPL-3.0-or-later
// What a monitor found in an episode, with the message that it cites.
#pragma once

#include "events/events.h"

#include <QString>
#include <QVector>

#include <string>

namespace gradus::viewmodels {

struct MonitorFinding
{
    QString why;      ///< visible text
    int message = -1; ///< 0-based; -1: it cites none that is there
};

/// Of a monitor's note: JSON {"findings": [{"why", "part", "record" or "message", ...}]}. A record is a tool call with
/// its output, counted from 0; part "statement" is the last thing that was said. At most 50 are taken, others are in
/// the store. Empty for a note of another form.
QVector<MonitorFinding> monitorFindings(const std::string& note, const events::EpisodeRecord& episode);

} // namespace gradus::viewmodels
