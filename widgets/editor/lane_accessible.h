// SPDX-License-Identifier: GPL-3.0-or-later
// A lane for assistive technology: every keyframe is a child with a name, a value that can be set, and a place.
#pragma once

namespace gradus::editor {

class LaneView;

/// Makes Qt ask this room for lanes; done once, by the first lane. GUI thread only.
void installLaneAccessibility();
/// Tells that another key is current, or that its value changed. Costs nothing while nobody listens.
void announceCurrentKey(LaneView& lane);
void announceValue(LaneView& lane, int index);

} // namespace gradus::editor
