// SPDX-License-Identifier: GPL-3.0-or-later
// The draft on the Design page: one experiment file's text, the gap curve in it, undo, saving and recovery.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"
#include "spec/source_weights.h"
#include "viewmodels/curve_edit.h"
#include "viewmodels/key_selection.h"

#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include <optional>
#include <string>
#include <vector>

namespace gradus::viewmodels {

/// The text is the truth: every edit is spliced into it, so comments and order survive, and undo brings back the same
/// bytes. GUI thread only; owned by the page.
class ScheduleDocument final : public QObject
{
    Q_OBJECT
public:
    explicit ScheduleDocument(QObject* parent = nullptr);
    ~ScheduleDocument() override;

    /// A new draft that has no file yet. text that does not parse is refused and leaves the document as it was.
    Result<void> setText(const std::string& text);
    /// Reads a file. One that cannot be read is refused; one that does not parse is opened as invalid: the last good
    /// curve stays, nothing can be edited, error() names line, column and cure.
    Result<void> load(const QString& path);
    Result<void> save(); ///< to path(); the error says so when there is none
    Result<void> saveAs(const QString& path);

    const std::string& text() const { return m_text; }
    const QString& path() const { return m_path; }
    QString name() const; ///< the experiment's name
    const spec::Experiment& experiment() const { return m_experiment; }
    const std::optional<Error>& error() const { return m_error; }
    bool isValid() const { return !m_error.has_value(); }
    bool isUnsaved() const { return !m_stack.isClean(); }
    QUndoStack& undoStack() { return m_stack; }

    /// The curve as it is drawn now: a drag's preview, else the text's. Always valid.
    const schedule::Curve& curve() const { return m_preview ? *m_preview : m_curve; }
    const schedule::Curve& committedCurve() const { return m_curve; }
    const schedule::Curve& savedCurve() const { return m_savedCurve; }
    /// The sources that the text names, [signals] first, then the sweep's conditions; the last good ones while the text
    /// does not parse.
    const std::vector<spec::SourceList>& sourceLists() const { return m_sourceLists; }
    const LaneBounds& bounds() const { return m_bounds; }
    KeySelection& selection() { return m_selection; }

    /// Shows a curve everywhere without touching text or undo stack, while a drag lasts.
    void preview(const schedule::Curve& curve);
    void cancelPreview();
    bool isPreviewing() const { return m_preview.has_value(); }

    /// One undo step. Steps with the same mergeId (>= 0) that follow one another become one. Refused, in words, when
    /// the document is invalid or the curve is; no step when nothing changes.
    Result<void> setCurve(const schedule::Curve& curve, const QString& label, int mergeId = -1);
    /// Another key of the file: value is TOML text. The text must still parse afterwards.
    Result<void> setValue(const std::string& dottedKey, const std::string& value, const QString& label,
                          int mergeId = -1);
    /// The weights of one of sourceLists(), one curve a source: one undo step, nothing where nothing changes.
    Result<void> setWeights(std::size_t list, const std::vector<schedule::Curve>& weights, const QString& label,
                            int mergeId = -1);
    /// A number no other merge uses yet.
    int newMergeId() { return ++m_lastMergeId; }

    /// The journal beside the file, if it is newer than what the file says: unsaved edits of a session that ended
    /// badly.
    std::optional<std::string> recoverable() const;
    Result<void> recover(); ///< takes the journal's text as one undo step
    void discardRecovery();
    static QString journalPathOf(const QString& path) { return path + QStringLiteral(".autosave"); }

Q_SIGNALS:
    void curveChanged(); ///< also for previews
    void textChanged();  ///< text, experiment or error
    void stateChanged(); ///< unsaved dot, path, name
    /// A drag or a field asked for a curve the experiment does not take (a handle that pulls it below 0).
    void editRefused(const QString& sentence);
    void journalFailed(const QString& sentence);

private:
    friend class DraftEdit;
    void take(const std::string& text);
    Result<void> edit(const std::string& text, const QString& label, int mergeId);
    void adopt(const std::string& text, const QString& path);
    void writeJournal();

    std::string m_text;
    QString m_path;
    spec::Experiment m_experiment;
    std::optional<Error> m_error;
    schedule::Curve m_curve;
    schedule::Curve m_savedCurve;
    std::optional<schedule::Curve> m_preview;
    std::vector<spec::SourceList> m_sourceLists;
    LaneBounds m_bounds;
    KeySelection m_selection;
    QUndoStack m_stack;
    QTimer m_journalTimer;
    int m_lastMergeId = 0;
};

/// What a new draft starts from: the template "progressive".
std::string newDraftText();

} // namespace gradus::viewmodels
