// SPDX-License-Identifier: GPL-3.0-or-later
// The draft on the Design page: one experiment file's text, the gap curve in it, undo, saving and recovery.
#pragma once

#include "base/result.h"
#include "common/job.h"
#include "spec/experiment.h"
#include "spec/source_weights.h"
#include "viewmodels/curve_track.h"
#include "viewmodels/draft_journal.h"
#include "viewmodels/future_draft.h"
#include "viewmodels/key_bounds.h"

#include <QTimer>
#include <QUndoStack>

#include <memory>
#include <optional>
#include <string>
#include <vector>

class QFileSystemWatcher;

namespace gradus::viewmodels {

/// The text is the truth: every edit is spliced into it, so comments and order survive, and undo brings back the same
/// bytes. As a track it is that of the gap. GUI thread only; owned by the page.
class ScheduleDocument final : public CurveTrack
{
    Q_OBJECT
public:
    explicit ScheduleDocument(QObject* parent = nullptr);
    ~ScheduleDocument() override;

    /// A new draft that has no file yet. text that does not parse is refused and leaves the document as it was.
    Result<void> setText(const std::string& text);
    /// Reads a file. One that cannot be read is refused; one that does not parse is opened as invalid: nothing is
    /// drawn, only setWholeText() can mend it, error() names line, column and cure. What could be undone when the file
    /// was last open here can be undone again.
    Result<void> load(const QString& path);
    /// The future of a run as a draft without a file: the same edits, refused in words where they would change what is
    /// behind. Ends with the next text or file, or with leavePast().
    Result<void> beginFuture(const PastOfRun& past);
    /// Another generation is the last one kept; refused where the draft then changes the past.
    Result<void> setKeptGeneration(int generation);
    /// The present text is such a future: a draft of one that was restored. Refused where it changes that past.
    Result<void> continueFuture(const PastOfRun& past);
    void leavePast(); ///< the text becomes an ordinary draft
    const std::optional<PastOfRun>& past() const { return m_past; }
    /// To path(); the error says so when there is none. Refused while the file holds what another program wrote: then
    /// isChangedOutside().
    Result<void> save();
    Result<void> saveAs(const QString& path);
    /// Another program wrote another text into the file since it was loaded or saved here. Noticed at the latest by
    /// save().
    bool isChangedOutside() const { return m_theirs.has_value(); }
    Result<void> reload(); ///< takes the file's text as one undo step
    void keepMine();       ///< the next save() writes over what the other program wrote

    const std::string& text() const { return m_text; }
    const QString& path() const { return m_path; }
    QString name() const; ///< the experiment's; of a text that never parsed what can be read of it, or the file's
    /// Of the text, else of the last one of this draft that parsed; all at its defaults where none did.
    const spec::Experiment& experiment() const { return m_experiment; }
    const std::optional<Error>& error() const { return m_error; }
    /// Where error() is that a curve leaves its key's bounds: what is drawn there. The gap's is shown all the same.
    const std::optional<spec::CurveBeyond>& beyond() const { return m_beyond; }
    bool isBlank() const override { return !m_hasParsed && !isGapBeyond(); }
    Result<void> mendBeyond(); ///< one undo step: the nearest curve that the key takes
    bool isValid() const override { return !m_error.has_value(); }
    bool isUnsaved() const { return !m_stack.isClean(); }
    QUndoStack& undoStack() { return m_stack; }

    QString title() const override;
    const schedule::Curve& curve() const override { return m_preview ? *m_preview : m_curve; }
    const schedule::Curve& committedCurve() const override { return m_curve; }
    const schedule::Curve& savedCurve() const override { return m_savedCurve; }
    const LaneBounds& bounds() const override { return m_bounds; }
    const std::vector<schedule::Marker>& markers() const override { return m_experiment.gap.markers; }
    bool isMuted() const override; ///< another controller than the schedule decides
    bool isLocked() const override { return m_locked; }
    std::optional<double> closedUntil() const override; ///< of the gap: none where no generation read its curve
    std::optional<double> pastEnd() const;              ///< fraction of the run up to which other curves were read
    /// The sources that the text names, [signals] first, then the sweep's conditions; the last good ones while the text
    /// does not parse.
    const std::vector<spec::SourceList>& sourceLists() const { return m_sourceLists; }
    /// Numbers that were drawn over the run when the text was saved.
    const std::vector<spec::DrawnNumber>& savedDrawn() const { return m_savedDrawn; }
    /// The same of the text as it was saved.
    const std::vector<spec::SourceList>& savedSourceLists() const { return m_savedSourceLists; }

    void preview(const schedule::Curve& curve) override;
    void cancelPreview() override;
    bool isPreviewing() const override { return m_preview.has_value(); }
    Result<void> setCurve(const schedule::Curve& curve, const QString& label, int mergeId = -1) override;
    Result<void> setMarkers(std::vector<schedule::Marker> markers, const QString& label, int mergeId = -1) override;
    void setMuted(bool muted) override;
    void setLocked(bool locked) override;
    Result<void> rename(const QString& title) override; ///< refused: it is the gap's
    Result<void> renameSource(std::size_t list, std::size_t source, const QString& name);
    /// One more source in one of sourceLists() (0 also where there is none yet), and one less; one undo step each.
    Result<void> addSource(std::size_t list, const std::string& kind, const std::string& file = {});
    Result<void> removeSource(std::size_t list, std::size_t source);
    /// Another key of the file: value is TOML text. The text must still parse afterwards.
    Result<void> setValue(const std::string& dottedKey, const std::string& value, const QString& label,
                          int mergeId = -1);
    /// Any text, also one that does not parse (its error is shown then): the one edit of a broken file. One undo step.
    Result<void> setWholeText(const std::string& text, const QString& label, int mergeId = -1);
    /// The weights of one of sourceLists(), one curve a source: one undo step, nothing where nothing changes.
    Result<void> setWeights(std::size_t list, const std::vector<schedule::Curve>& weights, const QString& label,
                            int mergeId = -1);
    int newMergeId() override { return ++m_lastMergeId; }

    /// Where every step is journaled from the next draft on; empty (at first): nowhere. Finds the drafts without a file
    /// that ended badly.
    void setJournalFolder(const QString& folder);
    /// Unsaved edits that an earlier session left: of this file, and drafts that never had one. They stay until they
    /// are restored or discarded, whatever is edited meanwhile.
    const std::vector<LeftDraft>& left() const { return m_left; }
    /// One of left(), by its journal: with all its undo steps where nothing was edited since; else its text as one undo
    /// step. A draft without a file takes the place of the present one, which becomes one of left() if it is unsaved.
    Result<void> restore(const QString& journal);
    void discard(const QString& journal);
    /// The unsaved edits of this draft are given up: they will not be offered again.
    void forget();

Q_SIGNALS:
    void textChanged();  ///< text, experiment or error
    void stateChanged(); ///< unsaved dot, path, name
    void journalFailed(const QString& sentence);
    void leftChanged(); ///< left() or isChangedOutside()

private:
    friend class DraftEdit;
    void take(const std::string& text);
    bool isGapBeyond() const { return m_beyond && m_beyond->key == "gap.curve"; }
    Result<void> edit(const std::string& text, const QString& label, int mergeId);
    Result<void> editOrSay(const Result<std::string>& text, const QString& label, int mergeId);
    void adopt(const std::string& text, const QString& path, const std::optional<PastOfRun>& past = {});
    Result<spec::Experiment> parsed(const std::string& text) const; ///< as a draft with such a past, or none, is read
    void push(const std::string& text, const QString& label, int mergeId);
    void markSaved();
    // schedule_document_file.cpp
    DraftHistory history() const;
    void rebuild(const DraftHistory& history);
    void lookForLeft(const QString& path);
    void journalStep();
    void journalSaved();
    void say(const Result<void>& journalled);
    void watch();
    void look();

    std::string m_text;
    QString m_path;
    spec::Experiment m_experiment;
    std::optional<Error> m_error;
    schedule::Curve m_curve;
    schedule::Curve m_savedCurve;
    std::optional<schedule::Curve> m_preview;
    std::vector<spec::SourceList> m_sourceLists;
    std::vector<spec::SourceList> m_savedSourceLists;
    std::vector<spec::DrawnNumber> m_savedDrawn;
    LaneBounds m_bounds = boundsOf(*spec::findKey("gap.curve"));
    bool m_hasParsed = false; ///< a text of this draft did
    std::string m_nameInText; ///< until one does
    std::optional<spec::CurveBeyond> m_beyond;
    std::optional<PastOfRun> m_past;
    bool m_locked = false;
    QUndoStack m_stack;
    bool m_isRebuilding = false; ///< the stack is filled from a journal: only the last text becomes state
    QString m_journalFolder;
    DraftJournal m_journal;
    QString m_replaced; ///< the journal that goes when ours is begun: ours holds all that is in it
    std::vector<LeftDraft> m_left;
    std::optional<std::string> m_disk;   ///< what the file holds, as far as we know
    std::optional<std::string> m_theirs; ///< what another program wrote there
    std::unique_ptr<QFileSystemWatcher> m_watcher;
    QTimer m_lookTimer; ///< programs write a file in several steps
    common::Job m_lookJob{this};
    int m_lastMergeId = 0;
};

/// What a new draft starts from: the template "progressive".
std::string newDraftText();

} // namespace gradus::viewmodels
