// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/schedule_document.h"

#include "base/text.h"
#include "schedule/presets.h"
#include "spec/future.h"
#include "spec/templates.h"
#include "spec/toml_tree.h"
#include "viewmodels/draft_edit.h"

#include <QFileInfo>
#include <QFileSystemWatcher>

#include <algorithm>
#include <utility>

namespace gradus::viewmodels {

namespace {

constexpr int kLookDelayMs = 150;

/// What the lane shows for an experiment: its curve, or a level line where the file has none.
schedule::Curve laneCurve(const spec::Experiment& experiment)
{
    if (schedule::validate(experiment.gap.curve)) return experiment.gap.curve;
    return schedule::presetCurve(schedule::Preset::Linear, experiment.gap.value, experiment.gap.value);
}

/// What a text that is no experiment yet calls itself; empty where it does not say.
std::string nameIn(const std::string& text)
{
    const auto root = spec::parseToml(text);
    const spec::Member* section = root ? root->find("experiment") : nullptr;
    const spec::Member* name = section ? section->value.find("name") : nullptr;
    return name ? visible(name->value.text, 80) : std::string();
}

} // namespace

ScheduleDocument::ScheduleDocument(QObject* parent) : CurveTrack(parent)
{
    m_lookTimer.setSingleShot(true);
    m_lookTimer.setInterval(kLookDelayMs);
    connect(&m_lookTimer, &QTimer::timeout, this, &ScheduleDocument::look);
    connect(&m_stack, &QUndoStack::cleanChanged, this, &ScheduleDocument::stateChanged);
    connect(&m_stack, &QUndoStack::indexChanged, this, &ScheduleDocument::journalStep);
    adopt(newDraftText(), {});
}

ScheduleDocument::~ScheduleDocument()
{
    // The stack's own signals must not reach a half-destroyed document.
    m_stack.disconnect(this);
}

Result<void> ScheduleDocument::setText(const std::string& text)
{
    if (auto parsed = spec::parseExperiment(text, "the draft"); !parsed) return parsed.error();
    adopt(text, {});
    return {};
}

Result<void> ScheduleDocument::beginFuture(const PastOfRun& past)
{
    const std::string text = futureText(past);
    if (auto read = spec::parseFuture(text, "the draft", past.run.experiment); !read) return read.error();
    adopt(text, {}, past);
    return {};
}

Result<void> ScheduleDocument::setKeptGeneration(int generation)
{
    if (!m_past || generation == m_past->generation) return {};
    PastOfRun other = *m_past;
    other.generation = std::clamp(generation, 1, other.finished);
    if (m_stack.isClean()) return beginFuture(other); // nothing was drawn yet: with a key where that past ends
    if (auto keeps = spec::keepsPast(other.run.experiment, m_experiment, other.generation); !keeps) return keeps;
    m_past = std::move(other);
    Q_EMIT textChanged();
    Q_EMIT curveChanged();
    return {};
}

Result<void> ScheduleDocument::continueFuture(const PastOfRun& past)
{
    auto read = spec::parseFuture(m_text, "the draft", past.run.experiment);
    if (!read) return read.error();
    if (auto keeps = spec::keepsPast(past.run.experiment, *read, past.generation); !keeps) return keeps;
    m_past = past;
    take(m_text);
    return {};
}

void ScheduleDocument::leavePast()
{
    if (!m_past) return;
    m_past.reset();
    take(m_text); // a past may keep what a new experiment may not
}

std::optional<double> ScheduleDocument::closedUntil() const
{
    return m_past && spec::readsGapCurve(m_past->run.experiment) ? pastEnd() : std::nullopt;
}

std::optional<double> ScheduleDocument::pastEnd() const
{
    return m_past ? viewmodels::closedUntil(*m_past, m_experiment.ladder.generations) : std::nullopt;
}

void ScheduleDocument::adopt(const std::string& text, const QString& path, const std::optional<PastOfRun>& past)
{
    m_journal.close();
    m_replaced.clear();
    m_left.erase(
        std::remove_if(m_left.begin(), m_left.end(), [](const auto& left) { return !left.history.path.isEmpty(); }),
        m_left.end());
    m_isRebuilding = true; // that the stack is empty now is no step of the draft
    m_stack.clear();
    m_isRebuilding = false;
    m_path = path;
    m_past = past;
    m_preview.reset();
    m_theirs.reset();
    m_disk.reset();
    if (!path.isEmpty()) m_disk = text;
    selection().clear();
    // Nothing of the draft before may be shown under this one's name.
    m_hasParsed = false;
    m_experiment = {};
    m_curve = laneCurve(m_experiment);
    m_sourceLists.clear();
    take(text);
    markSaved();
    watch();
    Q_EMIT leftChanged();
    Q_EMIT stateChanged();
}

/// The present text is what ghosts and marks compare with.
void ScheduleDocument::markSaved()
{
    m_savedCurve = m_curve;
    m_savedSourceLists = m_sourceLists;
    m_savedDrawn = m_experiment.drawn;
}

Result<spec::Experiment> ScheduleDocument::parsed(const std::string& text) const
{
    const std::string file = m_path.isEmpty() ? "the draft" : m_path.toStdString();
    return m_past ? spec::parseFuture(text, file, m_past->run.experiment) : spec::parseExperiment(text, file);
}

/// The one place where text becomes state.
void ScheduleDocument::take(const std::string& text)
{
    m_text = text;
    if (m_isRebuilding) return;
    m_preview.reset();
    auto read = parsed(text);
    m_beyond.reset();
    if (read) {
        m_error.reset();
        m_hasParsed = true;
        m_experiment = std::move(*read);
        m_curve = laneCurve(m_experiment);
        auto lists = spec::sourceLists(text);
        m_sourceLists = lists ? std::move(*lists) : std::vector<spec::SourceList>{};
    } else {
        m_error = read.error();
        m_beyond = spec::curveBeyond(text, m_error->key);
        if (isGapBeyond()) m_curve = m_beyond->drawn;
        if (!m_hasParsed) m_nameInText = nameIn(text);
    }
    selection().limitTo(static_cast<int>(m_curve.keys.size()));
    Q_EMIT textChanged();
    Q_EMIT curveChanged();
}

QString ScheduleDocument::name() const
{
    if (m_hasParsed) return QString::fromStdString(m_experiment.experiment.name);
    if (!m_nameInText.empty()) return QString::fromStdString(m_nameInText);
    return m_path.isEmpty() ? tr("a draft that cannot be read") : QFileInfo(m_path).completeBaseName();
}

Result<void> ScheduleDocument::mendBeyond()
{
    if (!m_beyond) return {};
    return setWholeText(std::string(m_beyond->mended), tr("Keep within the bounds"), -1);
}

void ScheduleDocument::preview(const schedule::Curve& curve)
{
    m_preview = curve;
    Q_EMIT curveChanged();
}

void ScheduleDocument::cancelPreview()
{
    if (!m_preview) return;
    m_preview.reset();
    Q_EMIT curveChanged();
}

Result<void> ScheduleDocument::setCurve(const schedule::Curve& curve, const QString& label, int mergeId)
{
    const bool previewed = m_preview.has_value();
    m_preview.reset();
    if (curve == m_curve) {
        if (previewed) Q_EMIT curveChanged();
        return {};
    }
    Result<void> done = schedule::validate(curve);
    if (done && m_error) done = *m_error;
    if (done && m_locked) done = badInput("The lane is locked; press L in it to unlock it.");
    if (done) {
        auto text = spec::editToml(m_text, "gap.curve", spec::curveToml(curve));
        done = text ? edit(*text, label, mergeId) : Result<void>(text.error());
    }
    if (!done) {
        Q_EMIT curveChanged();
        Q_EMIT editRefused(QString::fromStdString(done.error().message));
    }
    return done;
}

QString ScheduleDocument::title() const
{
    return tr("Gap δ");
}

Result<void> ScheduleDocument::setMarkers(std::vector<schedule::Marker> markers, const QString& label, int mergeId)
{
    std::stable_sort(markers.begin(), markers.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
    auto done = setValue("gap.markers", spec::markersToml(markers), label, mergeId);
    if (!done) Q_EMIT editRefused(QString::fromStdString(done.error().message));
    return done;
}

bool ScheduleDocument::isMuted() const
{
    return m_experiment.gap.controller != "schedule";
}

void ScheduleDocument::setMuted(bool muted)
{
    if (muted == isMuted()) return;
    const auto done = setValue("gap.controller", muted ? "\"fixed\"" : "\"schedule\"",
                               muted ? tr("Mute the curve") : tr("Use the curve"));
    if (!done) Q_EMIT editRefused(QString::fromStdString(done.error().message));
}

void ScheduleDocument::setLocked(bool locked)
{
    if (locked == m_locked) return;
    m_locked = locked;
    Q_EMIT curveChanged();
}

Result<void> ScheduleDocument::rename(const QString&)
{
    return badInput("The gap's curve keeps its name; the experiment's name is experiment.name.");
}

Result<void> ScheduleDocument::renameSource(std::size_t list, std::size_t source, const QString& name)
{
    if (m_error) return *m_error;
    auto text = spec::withSourceName(m_text, list, source, name.trimmed().toStdString());
    if (!text) return text.error();
    return edit(*text, tr("Rename source"), -1);
}

Result<void> ScheduleDocument::setValue(const std::string& dottedKey, const std::string& value, const QString& label,
                                        int mergeId)
{
    if (m_error) return *m_error;
    auto text = spec::editToml(m_text, dottedKey, value);
    if (!text) return text.error();
    return edit(*text, label, mergeId);
}

Result<void> ScheduleDocument::setWeights(std::size_t list, const std::vector<schedule::Curve>& weights,
                                          const QString& label, int mergeId)
{
    return editOrSay(spec::withSourceWeights(m_text, list, weights), label, mergeId);
}

Result<void> ScheduleDocument::addSource(std::size_t list, const std::string& kind, const std::string& file)
{
    return editOrSay(spec::withSource(m_text, list, kind, file), tr("Add source"), -1);
}

Result<void> ScheduleDocument::removeSource(std::size_t list, std::size_t source)
{
    return editOrSay(spec::withoutSource(m_text, list, source), tr("Remove source"), -1);
}

/// Where nobody but the page can say why it was refused.
Result<void> ScheduleDocument::editOrSay(const Result<std::string>& text, const QString& label, int mergeId)
{
    const auto done = m_error ? Result<void>(*m_error)
                      : text  ? edit(*text, label, mergeId)
                              : Result<void>(text.error());
    if (!done) Q_EMIT editRefused(QString::fromStdString(done.error().message));
    return done;
}

Result<void> ScheduleDocument::edit(const std::string& text, const QString& label, int mergeId)
{
    if (text == m_text) return {};
    const auto read = parsed(text);
    if (!read) return read.error();
    if (m_past)
        if (auto keeps = spec::keepsPast(m_past->run.experiment, *read, m_past->generation); !keeps) return keeps;
    push(text, label, mergeId);
    return {};
}

Result<void> ScheduleDocument::setWholeText(const std::string& text, const QString& label, int mergeId)
{
    // What a past forbids can only be seen in a text that parses.
    if (m_past) return edit(text, label, mergeId);
    if (text != m_text) push(text, label, mergeId);
    return {};
}

void ScheduleDocument::push(const std::string& text, const QString& label, int mergeId)
{
    m_stack.push(new DraftEdit(*this, m_text, text, label, mergeId)); // the stack owns it
    Q_EMIT stateChanged();
}

std::string newDraftText()
{
    return std::string(spec::findTemplate("progressive")->text);
}

} // namespace gradus::viewmodels
