// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/number_track.h"

#include "spec/drawn.h"
#include "viewmodels/key_bounds.h"

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

namespace {

constexpr double kLeastTop = 1e-9;

const schedule::Curve* drawnIn(const std::vector<spec::DrawnNumber>& drawn, const std::string& key)
{
    for (const spec::DrawnNumber& number : drawn)
        if (number.key == key) return &number.curve;
    return nullptr;
}

} // namespace

NumberTrack::NumberTrack(ScheduleDocument& document, const std::string& key, QObject* parent)
    : CurveTrack(parent), m_document(document), m_key(key), m_info(*spec::findKey(key)),
      m_bounds(boundsOf(m_info)), m_curve{{{.x = 0, .y = m_bounds.minimumY}, {.x = 1, .y = m_bounds.minimumY}}},
      m_saved(m_curve)
{
    connect(&document, &ScheduleDocument::textChanged, this, &NumberTrack::follow);
    connect(&document, &ScheduleDocument::stateChanged, this, &NumberTrack::follow); // saving moves the ghost
    connect(&document, &ScheduleDocument::curveChanged, this, &NumberTrack::follow); // markers, the past
    follow();
}

void NumberTrack::follow()
{
    const schedule::Curve* now = drawnIn(m_document.experiment().drawn, m_key);
    if (now == nullptr) return; // the track is about to go
    const schedule::Curve* saved = drawnIn(m_document.savedDrawn(), m_key);
    const schedule::Curve& ghost = saved ? *saved : *now;
    if (*now == m_curve && ghost == m_saved && m_shownValid == isValid() && m_shownClosed == closedUntil() &&
        m_shownMarkers == markers())
        return;
    if (*now != m_curve) m_preview.reset();
    m_curve = *now;
    m_saved = ghost;
    m_shownValid = isValid();
    m_shownClosed = closedUntil();
    m_shownMarkers = markers();
    // The lane is as high as the numbers are, not as high as they might be.
    m_leastTop = kLeastTop;
    for (const schedule::Key& key : m_curve.keys)
        m_leastTop = std::max(m_leastTop, key.y);
    selection().limitTo(static_cast<int>(m_curve.keys.size()));
    Q_EMIT curveChanged();
}

void NumberTrack::preview(const schedule::Curve& curve)
{
    m_preview = curve;
    Q_EMIT curveChanged();
}

void NumberTrack::cancelPreview()
{
    if (!m_preview) return;
    m_preview.reset();
    Q_EMIT curveChanged();
}

Result<void> NumberTrack::write(const std::string& value, const QString& label, int mergeId)
{
    auto done = m_document.setValue(m_key, value, label, mergeId);
    if (!done) {
        Q_EMIT curveChanged();
        Q_EMIT editRefused(QString::fromStdString(done.error().message));
    }
    return done;
}

Result<void> NumberTrack::setCurve(const schedule::Curve& curve, const QString& label, int mergeId)
{
    const bool previewed = m_preview.has_value();
    m_preview.reset();
    if (curve == m_curve) {
        if (previewed) Q_EMIT curveChanged();
        return {};
    }
    auto valid = schedule::validate(curve);
    if (valid && m_locked) valid = badInput("The lane is locked; press L in it to unlock it.");
    if (!valid) {
        Q_EMIT curveChanged();
        Q_EMIT editRefused(QString::fromStdString(valid.error().message));
        return valid;
    }
    return write(spec::drawnToml(m_info, curve), label, mergeId);
}

Result<void> NumberTrack::setMarkers(std::vector<schedule::Marker> markers, const QString& label, int mergeId)
{
    return m_document.setMarkers(std::move(markers), label, mergeId);
}

void NumberTrack::setMuted(bool muted)
{
    if (muted)
        Q_EMIT editRefused(
            tr("A drawn number has no other value that a run could take; \"%1\" gives it one.").arg(leaveText()));
}

void NumberTrack::setLocked(bool locked)
{
    if (locked == m_locked) return;
    m_locked = locked;
    Q_EMIT curveChanged();
}

Result<void> NumberTrack::rename(const QString&)
{
    return badInput("The lane has its setting's name.");
}

QString NumberTrack::leaveText() const
{
    return tr("Back to one number");
}

bool NumberTrack::wantsLogAxis() const
{
    if (!m_key.ends_with("learning_rate")) return false;
    const auto [low, high] = std::minmax_element(m_curve.keys.begin(), m_curve.keys.end(),
                                                 [](const auto& a, const auto& b) { return a.y < b.y; });
    return low != m_curve.keys.end() && low->y > 0 && high->y >= 10 * low->y;
}

Result<void> NumberTrack::leave()
{
    return write(spec::drawnToml(m_info, {{m_curve.keys.front()}}), leaveText(), -1);
}

std::string levelToml(const spec::KeyInfo& key, double value)
{
    return spec::drawnToml(key, {{{.x = 0, .y = value}, {.x = 1, .y = value}}});
}

} // namespace gradus::viewmodels
