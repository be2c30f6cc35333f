// SPDX-License-Identifier: GPL-3.0-or-later
// What a draft was at every step, in a file that survives the window: undo after a restart, drafts after a kill.
#pragma once

#include "base/result.h"

#include <QFile>
#include <QSet>
#include <QString>

#include <string>
#include <vector>

namespace gradus::viewmodels {

/// The texts of a draft from the one it was opened with to the newest.
struct DraftHistory
{
    struct Step
    {
        QString label;
        std::string text; ///< after the step
    };
    QString path;     ///< absolute; empty: the draft has no file
    QString name;     ///< the experiment's, when the journal was begun
    QString branchOf; ///< UUID of the run whose future was drawn; empty: an ordinary draft
    int kept = 0;     ///< of a future: the last generation kept when the journal was begun
    std::string base; ///< before the first step
    std::vector<Step> steps;
    int index = 0; ///< steps that are done: 0..steps.size()
    int saved = 0; ///< the index whose text is in the file (or was there at the start); -1: none

    const std::string& textAt(int step) const
    {
        return step == 0 ? base : steps[static_cast<std::size_t>(step) - 1].text;
    }
    const std::string& text() const { return textAt(index); }
    bool isUnsaved() const { return index != saved; }
};

/// A journal that nobody is writing: its window is gone.
struct LeftDraft
{
    QString journal; ///< its file
    DraftHistory history;
};

/// Written at once with every step, so that a kill loses nothing; the file is locked while a draft writes it and free
/// when its process is dead. Each record is a few hundred bytes into the page cache: fit for the GUI thread. One
/// thread.
class DraftJournal final
{
public:
    DraftJournal() = default;
    ~DraftJournal() { close(); }
    DraftJournal(const DraftJournal&) = delete;
    DraftJournal& operator=(const DraftJournal&) = delete;

    bool isOpen() const { return m_file.isOpen(); }
    QString file() const { return m_file.fileName(); }
    /// A new journal in folder that holds all of history. On failure nothing is left and the journal is closed.
    Result<void> begin(const QString& folder, const DraftHistory& history);
    /// The step that is now the last one: before and after it.
    Result<void> step(int position, const QString& label, const std::string& before, const std::string& after);
    /// Undone or redone to index; count steps are left.
    Result<void> position(int index, int count);
    Result<void> saved(int index); ///< -1: the file holds none of the texts
    void close();                  ///< the file stays for the next session
    void remove();

private:
    Result<void> write(const QByteArray& record);

    QFile m_file;
};

/// As far as it is whole: a torn last record is no error, a file that is no journal is.
Result<DraftHistory> readJournal(const QString& file);
/// The journals of folder that no living window writes, newest first. Of those without unsaved edits the oldest beyond
/// 200 are removed.
std::vector<LeftDraft> leftDrafts(const QString& folder);
/// Files with edits that are in a journal only, be its window alive or dead.
QSet<QString> unsavedFiles(const QString& folder);
/// Where a workspace keeps its journals.
QString journalFolderOf(const QString& workspace);

} // namespace gradus::viewmodels
