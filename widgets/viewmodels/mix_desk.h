// SPDX-License-Identifier: GPL-3.0-or-later
// The mix of a draft's sources as the Design page shows and edits it: playhead, selection, locks, preview of a drag.
#pragma once

#include "viewmodels/mix.h"
#include "viewmodels/schedule_document.h"

#include <QObject>

#include <map>
#include <set>

namespace gradus::viewmodels {

/// Edits go through the document's undo stack. Locks and the weights of sources that were switched off belong to the
/// session, not to the file. GUI thread only; the document must outlive it.
class MixDesk final : public QObject
{
    Q_OBJECT
public:
    explicit MixDesk(ScheduleDocument& document, QObject* parent = nullptr);

    ScheduleDocument& document() { return m_document; }
    bool isEmpty() const { return m_sources.empty(); } ///< the text names no sources
    const std::vector<spec::SignalSource>& sources() const { return m_sources; }
    std::size_t count() const { return m_sources.size(); }
    /// Which of the document's lists is shown.
    std::size_t list() const { return m_list; }
    void setList(std::size_t list);
    int generations() const { return m_document.experiment().ladder.generations; }

    const Mix& mix() const { return m_preview ? *m_preview : m_mix; } ///< as drawn now
    const Mix& committed() const { return m_mix; }
    void preview(const Mix& mix);
    void cancelPreview();
    bool isPreviewing() const { return m_preview.has_value(); }
    /// One undo step, none where nothing changes; a refusal reaches the page through the document's editRefused.
    void commit(const Mix& mix, const QString& label, int mergeId = -1);

    double playhead() const { return m_playhead; } ///< fraction of the ladder, 0..1
    void setPlayhead(double x);
    /// Where an edit at the playhead puts its keys: a key that is as good as there, else the playhead.
    double editPlace() const { return mixKeyNear(m_mix, m_playhead, 0.005); }
    std::size_t selected() const { return m_selected; } ///< below count() unless empty
    void select(std::size_t source);
    bool isLocked(std::size_t source) const { return m_mix.locked[source]; }
    void setLocked(std::size_t source, bool locked);
    bool isOn(std::size_t source) const; ///< has a weight somewhere
    /// Off: weight 0 throughout. On: what it was before in this session, else 1.
    void setOn(std::size_t source, bool on);

Q_SIGNALS:
    void sourcesChanged(); ///< other sources, or another list: build anew
    void mixChanged();     ///< also for previews, playhead, selection, locks

private:
    void read();

    ScheduleDocument& m_document;
    std::vector<spec::SignalSource> m_sources;
    std::size_t m_list = 0;
    Mix m_mix;
    std::optional<Mix> m_preview;
    double m_playhead = 0.5;
    std::size_t m_selected = 0;
    std::set<std::string> m_locked;
    std::map<std::string, schedule::Curve> m_switchedOff;
};

} // namespace gradus::viewmodels
