// SPDX-License-Identifier: GPL-3.0-or-later
// The track whose lane the user is in, as one track: inspector and table of points hold this and need not be told.
#pragma once

#include "viewmodels/curve_track.h"

#include <QPointer>

namespace gradus::viewmodels {

/// Forwards everything. Its selection and the track's always agree. Falls back to the first track when the present one
/// goes. GUI thread only; the first track must outlive it.
class ActiveTrack final : public CurveTrack
{
    Q_OBJECT
public:
    explicit ActiveTrack(CurveTrack& first, QObject* parent = nullptr);

    void setTrack(CurveTrack& track);
    CurveTrack& track() const { return m_track ? *m_track : m_first; }

    QString title() const override { return track().title(); }
    std::string storedAs() const override { return track().storedAs(); }
    const schedule::Curve& curve() const override { return track().curve(); }
    const schedule::Curve& committedCurve() const override { return track().committedCurve(); }
    const schedule::Curve& savedCurve() const override { return track().savedCurve(); }
    bool isBlank() const override { return track().isBlank(); }
    const LaneBounds& bounds() const override { return track().bounds(); }
    bool isValid() const override { return track().isValid(); }
    void preview(const schedule::Curve& curve) override { track().preview(curve); }
    void cancelPreview() override { track().cancelPreview(); }
    bool isPreviewing() const override { return track().isPreviewing(); }
    Result<void> setCurve(const schedule::Curve& curve, const QString& label, int mergeId = -1) override;
    int newMergeId() override { return track().newMergeId(); }
    const std::vector<schedule::Marker>& markers() const override { return track().markers(); }
    Result<void> setMarkers(std::vector<schedule::Marker> markers, const QString& label, int mergeId = -1) override;
    bool isMuted() const override { return track().isMuted(); }
    void setMuted(bool muted) override { track().setMuted(muted); }
    bool isLocked() const override { return track().isLocked(); }
    void setLocked(bool locked) override { track().setLocked(locked); }
    bool canRename() const override { return track().canRename(); }
    Result<void> rename(const QString& title) override { return track().rename(title); }

private:
    void follow();

    CurveTrack& m_first;
    QPointer<CurveTrack> m_track;
};

} // namespace gradus::viewmodels
