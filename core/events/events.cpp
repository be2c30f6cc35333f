// SPDX-License-Identifier: GPL-3.0-or-later
#include "events/events.h"

namespace gradus::events {

const char* nameOf(StageKind kind)
{
    switch (kind) {
    case StageKind::Competence:
        return "competence";
    case StageKind::Discovery:
        return "discovery";
    case StageKind::Alignment:
        return "alignment";
    case StageKind::Gap:
        return "gap";
    case StageKind::Gate:
        return "gate";
    }
    return "";
}

const char* nameOf(StageState state)
{
    switch (state) {
    case StageState::Running:
        return "running";
    case StageState::Finished:
        return "finished";
    case StageState::Skipped:
        return "skipped";
    case StageState::Failed:
        return "failed";
    }
    return "";
}

} // namespace gradus::events
