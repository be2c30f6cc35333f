// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/active_track.h"

namespace gradus::viewmodels {

ActiveTrack::ActiveTrack(CurveTrack& first, QObject* parent) : CurveTrack(parent), m_first(first)
{
    connect(&selection(), &KeySelection::changed, this, [this] {
        // set() says nothing where nothing changes, so the two do not answer each other for ever.
        track().selection().set(selection().indices(), selection().current());
    });
    follow();
}

void ActiveTrack::setTrack(CurveTrack& track)
{
    if (&track == &this->track()) return;
    this->track().disconnect(this);
    this->track().selection().disconnect(this);
    m_track = &track;
    follow();
}

void ActiveTrack::follow()
{
    CurveTrack& now = track();
    const auto take = [this] {
        KeySelection& theirs = track().selection();
        selection().set(theirs.indices(), theirs.current());
    };
    connect(&now, &CurveTrack::curveChanged, this, &ActiveTrack::curveChanged);
    connect(&now.selection(), &KeySelection::changed, this, take);
    Q_EMIT curveChanged(); // another curve: whoever counts keys counts them before the selection speaks of them
    take();
}

Result<void> ActiveTrack::setCurve(const schedule::Curve& curve, const QString& label, int mergeId)
{
    return track().setCurve(curve, label, mergeId);
}

Result<void> ActiveTrack::setMarkers(std::vector<schedule::Marker> markers, const QString& label, int mergeId)
{
    return track().setMarkers(std::move(markers), label, mergeId);
}

} // namespace gradus::viewmodels
