// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/mix_desk.h"

#include <algorithm>

namespace gradus::viewmodels {

namespace {

/// Whether the lists name the same sources of the same kinds; weights may differ.
bool sameNames(const std::vector<spec::SignalSource>& a, const std::vector<spec::SignalSource>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& left, const auto& right) {
        return left.name == right.name && left.kind == right.kind;
    });
}

} // namespace

MixDesk::MixDesk(ScheduleDocument& document, QObject* parent) : QObject(parent), m_document(document)
{
    connect(&document, &ScheduleDocument::textChanged, this, &MixDesk::read);
    read();
}

void MixDesk::read()
{
    m_preview.reset();
    const auto& lists = m_document.sourceLists();
    m_list = lists.empty() ? 0 : std::min(m_list, lists.size() - 1);
    auto sources = lists.empty() ? std::vector<spec::SignalSource>{} : lists[m_list].sources;
    const bool same = sameNames(sources, m_sources);
    m_sources = std::move(sources);
    m_mix = {};
    for (const spec::SignalSource& source : m_sources) {
        m_mix.weights.push_back(source.weight);
        m_mix.locked.push_back(m_locked.contains(source.name));
    }
    m_selected = m_sources.empty() ? 0 : std::min(m_selected, m_sources.size() - 1);
    if (!same) Q_EMIT sourcesChanged();
    Q_EMIT mixChanged();
}

void MixDesk::setList(std::size_t list)
{
    if (list == m_list || list >= m_document.sourceLists().size()) return;
    m_list = list;
    m_sources.clear(); // so that read() tells of other sources even where the names are the same
    read();
}

void MixDesk::preview(const Mix& mix)
{
    m_preview = mix;
    Q_EMIT mixChanged();
}

void MixDesk::cancelPreview()
{
    if (!m_preview) return;
    m_preview.reset();
    Q_EMIT mixChanged();
}

void MixDesk::commit(const Mix& mix, const QString& label, int mergeId)
{
    const Mix wanted = mix; // it may be the preview that goes away here
    m_preview.reset();
    if (wanted.weights != m_mix.weights) (void)m_document.setWeights(m_list, wanted.weights, label, mergeId);
    Q_EMIT mixChanged();
}

void MixDesk::setPlayhead(double x)
{
    const double clamped = std::clamp(x, 0.0, 1.0);
    if (clamped == m_playhead) return;
    m_playhead = clamped;
    Q_EMIT mixChanged();
}

void MixDesk::select(std::size_t source)
{
    if (source == m_selected || source >= m_sources.size()) return;
    m_selected = source;
    Q_EMIT mixChanged();
}

void MixDesk::setLocked(std::size_t source, bool locked)
{
    if (source >= m_sources.size() || m_mix.locked[source] == locked) return;
    m_mix.locked[source] = locked;
    if (locked)
        m_locked.insert(m_sources[source].name);
    else
        m_locked.erase(m_sources[source].name);
    Q_EMIT mixChanged();
}

bool MixDesk::isOn(std::size_t source) const
{
    const auto& keys = mix().weights[source].keys;
    return std::any_of(keys.begin(), keys.end(), [](const schedule::Key& key) { return key.y > 0; });
}

void MixDesk::setOn(std::size_t source, bool on)
{
    if (source >= m_sources.size() || isOn(source) == on) return;
    const std::string& name = m_sources[source].name;
    schedule::Curve curve{{{.x = 0, .y = on ? 1.0 : 0.0}}};
    if (on) {
        if (const auto before = m_switchedOff.find(name); before != m_switchedOff.end()) curve = before->second;
    } else {
        m_switchedOff[name] = m_mix.weights[source];
    }
    commit(withWeight(m_mix, source, curve), on ? tr("Switch source on") : tr("Switch source off"));
}

} // namespace gradus::viewmodels
