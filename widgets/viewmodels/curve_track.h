// SPDX-License-Identifier: GPL-3.0-or-later
// What a lane edits: one curve of a draft with its bounds, its selected keys, a preview while a drag lasts, undo.
#pragma once

#include "base/result.h"
#include "schedule/marker.h"
#include "viewmodels/curve_edit.h"
#include "viewmodels/key_selection.h"

#include <QObject>

#include <optional>
#include <string>
#include <vector>

namespace gradus::viewmodels {

/// A draft has several tracks (the gap, each source's weight); all of them write into the same text and share its undo
/// stack. GUI thread only.
class CurveTrack : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    virtual QString title() const = 0; ///< of the lane: "Gap δ", a source's name; to be shown as plain text
    virtual bool isSource() const { return false; } ///< the curve is a source's weight
    /// The series that runs store of what they took of this curve: "setting/KEY", "signal/weight/NAME"; empty: the gap,
    /// which the generations hold.
    virtual std::string storedAs() const { return {}; }
    /// The curve as it is drawn now: a drag's preview, else the text's. Always valid.
    virtual const schedule::Curve& curve() const = 0;
    virtual const schedule::Curve& committedCurve() const = 0;
    virtual const schedule::Curve& savedCurve() const = 0;
    virtual const LaneBounds& bounds() const = 0;
    virtual bool isValid() const = 0; ///< the text parses
    /// There is nothing to show: the text does not parse and never did. curve() is then any curve.
    virtual bool isBlank() const { return false; }

    /// Shows a curve everywhere without touching text or undo stack, while a drag lasts.
    virtual void preview(const schedule::Curve& curve) = 0;
    virtual void cancelPreview() = 0;
    virtual bool isPreviewing() const = 0;
    /// One undo step. Steps with the same mergeId (>= 0) that follow one another become one. Refused, in words, when
    /// the text is invalid or the curve is; no step when nothing changes.
    virtual Result<void> setCurve(const schedule::Curve& curve, const QString& label, int mergeId = -1) = 0;
    virtual int newMergeId() = 0; ///< a number no other merge uses yet

    /// Named places of the run, in increasing order; all tracks of a draft share them.
    virtual const std::vector<schedule::Marker>& markers() const = 0;
    virtual Result<void> setMarkers(std::vector<schedule::Marker> markers, const QString& label, int mergeId = -1) = 0;

    /// Muted: the curve is kept in the text, but a run does not follow it. An edit like any other.
    virtual bool isMuted() const = 0;
    virtual void setMuted(bool muted) = 0;
    virtual bool canMute() const { return true; }
    /// The lane is at least so high, in the curve's own units: a level curve is no line at its top.
    virtual double leastTop() const { return 0.2; }
    /// Its values say more on an axis by powers of ten: a learning rate that spans one or more of them.
    virtual bool wantsLogAxis() const { return false; }
    /// What ends the curve, in words ("Back to one number"); empty: nothing does. leave() is one undo step.
    virtual QString leaveText() const { return {}; }
    virtual Result<void> leave() { return {}; }
    /// Locked: lane and keyboard leave the curve alone. Belongs to the session, not to the text.
    virtual bool isLocked() const = 0;
    virtual void setLocked(bool locked) = 0;
    /// Another title, as one undo step; refused, in words, where the text does not take it. Not every track has a title
    /// of its own.
    virtual bool canRename() const { return false; }
    virtual Result<void> rename(const QString& title) = 0;
    /// Fraction of the run before which nothing can be changed any more: a run has read the curve up to there.
    virtual std::optional<double> closedUntil() const { return std::nullopt; }
    bool isEditable() const { return isValid() && !isLocked(); }
    int keyCount() const { return isBlank() ? 0 : static_cast<int>(curve().keys.size()); } ///< that are shown

    KeySelection& selection() { return m_selection; }

Q_SIGNALS:
    void curveChanged(); ///< curve, also for previews; markers, lock
    /// A drag or a field asked for a curve the experiment does not take (a handle that pulls it below 0).
    void editRefused(const QString& sentence);

private:
    KeySelection m_selection;
};

} // namespace gradus::viewmodels
