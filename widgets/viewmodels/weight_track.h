// SPDX-License-Identifier: GPL-3.0-or-later
// A source's weight as a track: the same lane, gestures and keys that edit the gap edit it.
#pragma once

#include "viewmodels/curve_track.h"
#include "viewmodels/key_bounds.h"
#include "viewmodels/mix_desk.h"

namespace gradus::viewmodels {

/// One of the desk's sources, by index; to be dropped when the desk says that its sources changed. Values are weights
/// (gamma, 0 to 1), not shares. GUI thread only; the desk must outlive it.
class WeightTrack final : public CurveTrack
{
    Q_OBJECT
public:
    WeightTrack(MixDesk& desk, std::size_t source, QObject* parent = nullptr);

    std::size_t source() const { return m_source; }

    QString title() const override;
    bool isSource() const override { return true; }
    std::string storedAs() const override { return "signal/weight/" + title().toStdString(); }
    const schedule::Curve& curve() const override;
    const schedule::Curve& committedCurve() const override;
    const schedule::Curve& savedCurve() const override; ///< the present one where the saved file has no such source
    const LaneBounds& bounds() const override { return m_bounds; }
    bool isValid() const override { return m_desk.document().isValid(); }
    void preview(const schedule::Curve& curve) override;
    void cancelPreview() override { m_desk.cancelPreview(); }
    bool isPreviewing() const override { return m_desk.isPreviewing(); }
    Result<void> setCurve(const schedule::Curve& curve, const QString& label, int mergeId = -1) override;
    int newMergeId() override { return m_desk.document().newMergeId(); }
    const std::vector<schedule::Marker>& markers() const override { return m_desk.document().markers(); }
    Result<void> setMarkers(std::vector<schedule::Marker> markers, const QString& label, int mergeId = -1) override;
    bool isMuted() const override { return exists() && !m_desk.isOn(m_source); }
    void setMuted(bool muted) override { m_desk.setOn(m_source, !muted); }
    bool isLocked() const override { return !exists() || m_desk.isLocked(m_source); }
    void setLocked(bool locked) override { m_desk.setLocked(m_source, locked); }
    std::optional<double> closedUntil() const override { return m_desk.document().pastEnd(); }
    bool canRename() const override { return true; }
    Result<void> rename(const QString& title) override;

private:
    /// A lane that is about to go may still be asked to paint after its source went.
    bool exists() const { return m_source < m_desk.count(); }

    MixDesk& m_desk;
    std::size_t m_source;
    void follow();

    LaneBounds m_bounds = boundsOf(spec::weightKey());
    schedule::Curve m_shown; ///< what was told last: a drag in one lane must not redraw all the others
    schedule::Curve m_shownSaved;
    std::vector<schedule::Marker> m_shownMarkers;
    bool m_shownLocked = false;
    bool m_shownValid = true;
    std::optional<double> m_shownClosed;
};

} // namespace gradus::viewmodels
