// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/weight_track.h"

namespace gradus::viewmodels {

namespace {

const schedule::Curve kNothing{{{.x = 0, .y = 0}}}; ///< of a source that went

} // namespace

WeightTrack::WeightTrack(MixDesk& desk, std::size_t source, QObject* parent)
    : CurveTrack(parent), m_desk(desk), m_source(source)
{
    connect(&desk, &MixDesk::mixChanged, this, &WeightTrack::follow);
    connect(&desk.document(), &ScheduleDocument::stateChanged, this, &WeightTrack::follow); // saving moves the ghost
    follow();
}

void WeightTrack::follow()
{
    if (!exists()) return; // the sources are about to be told anew
    if (m_shown == curve() && m_shownSaved == savedCurve() && m_shownMarkers == markers() &&
        m_shownLocked == isLocked() && m_shownValid == isValid() && m_shownClosed == closedUntil())
        return;
    m_shown = curve();
    m_shownSaved = savedCurve();
    m_shownMarkers = markers();
    m_shownLocked = isLocked();
    m_shownValid = isValid();
    m_shownClosed = closedUntil();
    selection().limitTo(static_cast<int>(committedCurve().keys.size()));
    Q_EMIT curveChanged();
}

QString WeightTrack::title() const
{
    return exists() ? QString::fromStdString(m_desk.sources()[m_source].name) : QString();
}

const schedule::Curve& WeightTrack::curve() const
{
    return exists() ? m_desk.mix().weights[m_source] : kNothing;
}

const schedule::Curve& WeightTrack::committedCurve() const
{
    return exists() ? m_desk.committed().weights[m_source] : kNothing;
}

const schedule::Curve& WeightTrack::savedCurve() const
{
    const auto& saved = m_desk.document().savedSourceLists();
    if (exists() && m_desk.list() < saved.size())
        for (const spec::SignalSource& source : saved[m_desk.list()].sources)
            if (source.name == m_desk.sources()[m_source].name) return source.weight;
    return committedCurve();
}

void WeightTrack::preview(const schedule::Curve& curve)
{
    if (exists()) m_desk.preview(withWeight(m_desk.committed(), m_source, curve));
}

Result<void> WeightTrack::setCurve(const schedule::Curve& curve, const QString& label, int mergeId)
{
    Mix wanted = m_desk.committed();
    if (exists()) wanted.weights[m_source] = curve;
    m_desk.cancelPreview();
    auto valid = schedule::validate(curve);
    if (valid && isLocked()) valid = badInput("The lane is locked; press L in it to unlock it.");
    if (!valid) {
        Q_EMIT editRefused(QString::fromStdString(valid.error().message));
        return valid;
    }
    return m_desk.document().setWeights(m_desk.list(), wanted.weights, label, mergeId); // it says refusals itself
}

Result<void> WeightTrack::setMarkers(std::vector<schedule::Marker> markers, const QString& label, int mergeId)
{
    return m_desk.document().setMarkers(std::move(markers), label, mergeId);
}

Result<void> WeightTrack::rename(const QString& title)
{
    return m_desk.document().renameSource(m_desk.list(), m_source, title);
}

} // namespace gradus::viewmodels
