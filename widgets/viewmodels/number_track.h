// SPDX-License-Identifier: GPL-3.0-or-later
// A number of the experiment that is drawn over the run, as a track: the gap's gestures and keys edit it.
#pragma once

#include "spec/keys.h"
#include "viewmodels/curve_track.h"
#include "viewmodels/schedule_document.h"

#include <string>

namespace gradus::viewmodels {

/// One of the draft's drawn numbers, by its key; to be dropped when the text draws it no longer. GUI thread only; the
/// document must outlive it.
class NumberTrack final : public CurveTrack
{
    Q_OBJECT
public:
    /// key: of a number that may be drawn (spec::KeyInfo::drawable).
    NumberTrack(ScheduleDocument& document, const std::string& key, QObject* parent = nullptr);

    const std::string& key() const { return m_key; }

    QString title() const override { return QString::fromStdString(m_key); }
    std::string storedAs() const override { return "setting/" + m_key; }
    const schedule::Curve& curve() const override { return m_preview ? *m_preview : m_curve; }
    const schedule::Curve& committedCurve() const override { return m_curve; }
    const schedule::Curve& savedCurve() const override { return m_saved; }
    const LaneBounds& bounds() const override { return m_bounds; }
    double leastTop() const override { return m_leastTop; }
    bool wantsLogAxis() const override;
    bool isValid() const override { return m_document.isValid(); }
    void preview(const schedule::Curve& curve) override;
    void cancelPreview() override;
    bool isPreviewing() const override { return m_preview.has_value(); }
    Result<void> setCurve(const schedule::Curve& curve, const QString& label, int mergeId = -1) override;
    int newMergeId() override { return m_document.newMergeId(); }
    const std::vector<schedule::Marker>& markers() const override { return m_document.markers(); }
    Result<void> setMarkers(std::vector<schedule::Marker> markers, const QString& label, int mergeId = -1) override;
    bool isMuted() const override { return false; }
    void setMuted(bool muted) override; ///< refused: a number has no second value beside its curve
    bool canMute() const override { return false; }
    bool isLocked() const override { return m_locked; }
    void setLocked(bool locked) override;
    std::optional<double> closedUntil() const override { return m_document.pastEnd(); }
    Result<void> rename(const QString& title) override; ///< refused: it is a setting's
    QString leaveText() const override;
    Result<void> leave() override; ///< one number for the whole run: what the curve begins with

private:
    void follow();
    Result<void> write(const std::string& value, const QString& label, int mergeId);

    ScheduleDocument& m_document;
    std::string m_key;
    const spec::KeyInfo& m_info;
    LaneBounds m_bounds;
    double m_leastTop = 0;
    schedule::Curve m_curve;
    schedule::Curve m_saved;
    std::optional<schedule::Curve> m_preview;
    bool m_locked = false;
    bool m_shownValid = true;
    std::optional<double> m_shownClosed;
    std::vector<schedule::Marker> m_shownMarkers;
};

/// A number as the curve that it is before anything is drawn: the same at both ends, as TOML.
std::string levelToml(const spec::KeyInfo& key, double value);

} // namespace gradus::viewmodels
