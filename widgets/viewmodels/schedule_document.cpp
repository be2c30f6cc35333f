// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/schedule_document.h"

#include "base/files.h"
#include "spec/future.h"
#include "spec/templates.h"
#include "viewmodels/presets.h"

#include <QFile>

#include <algorithm>
#include <utility>

namespace gradus::viewmodels {

namespace {

constexpr std::size_t kLargestFile = std::size_t{4} << 20;
constexpr int kJournalDelayMs = 1000;

std::filesystem::path nativePath(const QString& path)
{
    return std::filesystem::path(QFile::encodeName(path).toStdString());
}

/// What the lane shows for an experiment: its curve, or a level line where the file has none.
schedule::Curve laneCurve(const spec::Experiment& experiment)
{
    if (schedule::validate(experiment.gap.curve)) return experiment.gap.curve;
    return presetCurve(Preset::Linear, experiment.gap.value, experiment.gap.value);
}

} // namespace

/// Holds both texts, so that undo is byte-equal by construction. A draft is a few kilobytes.
class DraftEdit final : public QUndoCommand
{
public:
    DraftEdit(ScheduleDocument& document, std::string before, std::string after, const QString& label, int mergeId)
        : QUndoCommand(label), m_document(document), m_before(std::move(before)), m_after(std::move(after)),
          m_mergeId(mergeId)
    {
    }
    void undo() override { m_document.take(m_before); }
    void redo() override { m_document.take(m_after); }
    int id() const override { return m_mergeId; }
    bool mergeWith(const QUndoCommand* other) override
    {
        m_after = static_cast<const DraftEdit*>(other)->m_after;
        setObsolete(m_after == m_before);
        return true;
    }

private:
    ScheduleDocument& m_document;
    std::string m_before;
    std::string m_after;
    int m_mergeId;
};

ScheduleDocument::ScheduleDocument(QObject* parent) : CurveTrack(parent)
{
    m_journalTimer.setSingleShot(true);
    m_journalTimer.setInterval(kJournalDelayMs);
    connect(&m_journalTimer, &QTimer::timeout, this, &ScheduleDocument::writeJournal);
    connect(&m_stack, &QUndoStack::cleanChanged, this, &ScheduleDocument::stateChanged);
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
    if (auto begun = setText(futureText(past)); !begun) return begun;
    m_past = past;
    Q_EMIT textChanged();
    Q_EMIT curveChanged();
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

void ScheduleDocument::leavePast()
{
    if (!m_past) return;
    m_past.reset();
    Q_EMIT textChanged();
    Q_EMIT curveChanged();
}

std::optional<double> ScheduleDocument::closedUntil() const
{
    return m_past && spec::readsGapCurve(m_past->run.experiment) ? pastEnd() : std::nullopt;
}

std::optional<double> ScheduleDocument::pastEnd() const
{
    return m_past ? viewmodels::closedUntil(*m_past, m_experiment.ladder.generations) : std::nullopt;
}

Result<void> ScheduleDocument::load(const QString& path)
{
    auto text = readFile(nativePath(path), kLargestFile);
    if (!text) return text.error();
    adopt(*text, path);
    if (m_error) return *m_error;
    return {};
}

void ScheduleDocument::adopt(const std::string& text, const QString& path)
{
    m_journalTimer.stop();
    m_stack.clear();
    m_path = path;
    m_past.reset();
    m_preview.reset();
    selection().clear();
    take(text);
    m_savedCurve = m_curve;
    m_savedSourceLists = m_sourceLists;
    m_savedDrawn = m_experiment.drawn;
    m_journalTimer.stop();
    Q_EMIT stateChanged();
}

/// The one place where text becomes state.
void ScheduleDocument::take(const std::string& text)
{
    m_text = text;
    m_preview.reset();
    auto parsed = spec::parseExperiment(text, m_path.isEmpty() ? "the draft" : m_path.toStdString());
    if (parsed) {
        m_error.reset();
        m_experiment = std::move(*parsed);
        m_curve = laneCurve(m_experiment);
        auto lists = spec::sourceLists(text);
        m_sourceLists = lists ? std::move(*lists) : std::vector<spec::SourceList>{};
    } else {
        m_error = parsed.error();
        if (m_curve.keys.empty()) m_curve = laneCurve(spec::Experiment{});
    }
    selection().limitTo(static_cast<int>(m_curve.keys.size()));
    m_journalTimer.start();
    Q_EMIT textChanged();
    Q_EMIT curveChanged();
}

Result<void> ScheduleDocument::save()
{
    if (m_path.isEmpty()) return badInput("The draft has no file yet; save it under a name first.");
    return saveAs(m_path);
}

Result<void> ScheduleDocument::saveAs(const QString& path)
{
    if (auto written = writeFileAtomically(nativePath(path), m_text); !written) return written;
    const bool moved = path != m_path;
    if (moved && !m_path.isEmpty()) discardRecovery();
    m_path = path;
    m_savedCurve = m_curve;
    m_savedSourceLists = m_sourceLists;
    m_savedDrawn = m_experiment.drawn;
    m_stack.setClean();
    discardRecovery();
    Q_EMIT stateChanged();
    Q_EMIT curveChanged(); // the ghost moved
    return {};
}

QString ScheduleDocument::name() const
{
    return QString::fromStdString(m_experiment.experiment.name);
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
    Result<void> done = m_error ? Result<void>(*m_error) : Result<void>();
    if (done) {
        auto text = spec::withSourceWeights(m_text, list, weights);
        done = text ? edit(*text, label, mergeId) : Result<void>(text.error());
    }
    if (!done) Q_EMIT editRefused(QString::fromStdString(done.error().message));
    return done;
}

Result<void> ScheduleDocument::edit(const std::string& text, const QString& label, int mergeId)
{
    if (text == m_text) return {};
    const auto parsed = spec::parseExperiment(text, m_path.isEmpty() ? "the draft" : m_path.toStdString());
    if (!parsed) return parsed.error();
    if (m_past)
        if (auto keeps = spec::keepsPast(m_past->run.experiment, *parsed, m_past->generation); !keeps) return keeps;
    m_stack.push(new DraftEdit(*this, m_text, text, label, mergeId)); // the stack owns it
    Q_EMIT stateChanged();
    return {};
}

std::optional<std::string> ScheduleDocument::recoverable() const
{
    if (m_path.isEmpty()) return std::nullopt;
    auto journal = readFile(nativePath(journalPathOf(m_path)), kLargestFile);
    if (!journal || *journal == m_text) return std::nullopt;
    return *journal;
}

Result<void> ScheduleDocument::recover()
{
    const auto journal = recoverable();
    if (!journal) return failed("There are no unsaved edits to restore.");
    return edit(*journal, tr("Restore unsaved edits"), -1);
}

void ScheduleDocument::discardRecovery()
{
    m_journalTimer.stop();
    if (!m_path.isEmpty()) QFile::remove(journalPathOf(m_path));
}

void ScheduleDocument::writeJournal()
{
    if (m_path.isEmpty() || !isUnsaved()) return;
    if (auto written = writeFileAtomically(nativePath(journalPathOf(m_path)), m_text); !written)
        Q_EMIT journalFailed(QString::fromStdString(written.error().message));
}

std::string newDraftText()
{
    return std::string(spec::findTemplate("progressive")->text);
}

} // namespace gradus::viewmodels
