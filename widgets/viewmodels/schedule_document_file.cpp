// SPDX-License-Identifier: GPL-3.0-or-later
// The draft's file, what others write into it, and the journal that outlives the window.
#include "viewmodels/schedule_document.h"

#include "base/files.h"
#include "viewmodels/draft_edit.h"

#include <QFileInfo>
#include <QFileSystemWatcher>

#include <algorithm>

namespace gradus::viewmodels {

namespace {

constexpr std::size_t kLargestFile = std::size_t{4} << 20;

std::filesystem::path nativePath(const QString& path)
{
    return std::filesystem::path(QFile::encodeName(path).toStdString());
}

/// As journals name a file, wherever the program was started.
QString absolute(const QString& path)
{
    return path.isEmpty() ? QString() : QFileInfo(path).absoluteFilePath();
}

} // namespace

Result<void> ScheduleDocument::load(const QString& path)
{
    auto text = readFile(nativePath(path), kLargestFile);
    if (!text) return text.error();
    adopt(*text, path);
    lookForLeft(absolute(path));
    if (m_error) return *m_error;
    return {};
}

Result<void> ScheduleDocument::save()
{
    if (m_path.isEmpty()) return badInput("The draft has no file yet; save it under a name first.");
    return saveAs(m_path);
}

Result<void> ScheduleDocument::saveAs(const QString& path)
{
    const bool moved = path != m_path;
    if (!moved) {
        auto present = readFile(nativePath(path), kLargestFile);
        if (present && *present != m_disk && *present != m_text) {
            m_theirs = std::move(*present);
            Q_EMIT leftChanged();
            return badInput(path.toStdString() + " was changed by another program since it was opened here; take its "
                                                 "text over, keep yours, or save under another name.");
        }
    }
    if (auto written = writeFileAtomically(nativePath(path), m_text); !written) return written;
    m_path = path;
    m_disk = m_text;
    m_theirs.reset();
    markSaved();
    m_stack.setClean();
    if (moved) {
        // A journal belongs to one file.
        m_replaced = m_journal.isOpen() ? m_journal.file() : m_replaced;
        m_journal.close();
        if (m_stack.count() > 0) journalStep();
    }
    journalSaved();
    watch();
    Q_EMIT leftChanged();
    Q_EMIT stateChanged();
    Q_EMIT curveChanged(); // the ghost moved
    return {};
}

Result<void> ScheduleDocument::reload()
{
    auto present = readFile(nativePath(m_path), kLargestFile);
    if (!present) return present.error();
    if (auto taken = setWholeText(*present, tr("Reload from the file"), -1); !taken) return taken;
    m_disk = std::move(*present);
    m_theirs.reset();
    markSaved();
    m_stack.setClean();
    journalSaved();
    Q_EMIT leftChanged();
    Q_EMIT curveChanged();
    return {};
}

void ScheduleDocument::keepMine()
{
    if (!m_theirs) return;
    m_disk = std::move(m_theirs);
    m_theirs.reset();
    m_stack.resetClean(); // the file holds none of our texts any more
    journalSaved();
    Q_EMIT leftChanged();
}

void ScheduleDocument::watch()
{
    if (!m_watcher) {
        if (m_path.isEmpty()) return;
        m_watcher = std::make_unique<QFileSystemWatcher>();
        connect(m_watcher.get(), &QFileSystemWatcher::fileChanged, &m_lookTimer, qOverload<>(&QTimer::start));
    }
    if (!m_watcher->files().isEmpty()) m_watcher->removePaths(m_watcher->files());
    m_lookTimer.stop();
    m_lookJob.cancel();
    if (!m_path.isEmpty()) m_watcher->addPath(m_path);
}

void ScheduleDocument::look()
{
    m_lookJob.start([path = nativePath(m_path)] { return readFile(path, kLargestFile); },
                    [this](Result<std::string> present) {
                        // Most programs write a new file and rename it: the one that was watched is gone.
                        if (!m_watcher->files().contains(m_path)) m_watcher->addPath(m_path);
                        if (!present) return; // gone: the next save makes it anew
                        const bool differs = *present != m_disk && *present != m_text;
                        if (!differs && !m_theirs) return;
                        m_theirs = differs ? std::optional(std::move(*present)) : std::nullopt;
                        Q_EMIT leftChanged();
                    });
}

DraftHistory ScheduleDocument::history() const
{
    DraftHistory history{.path = absolute(m_path),
                         .name = name(),
                         .branchOf = m_past ? m_past->uuid : QString(),
                         .kept = m_past ? m_past->generation : 0,
                         .base = m_text,
                         .steps = {},
                         .index = m_stack.index(),
                         .saved = m_stack.cleanIndex()};
    for (int i = 0; i < m_stack.count(); ++i) {
        const auto* edit = static_cast<const DraftEdit*>(m_stack.command(i));
        if (i == 0) history.base = edit->before();
        history.steps.push_back({edit->text(), edit->after()});
    }
    return history;
}

void ScheduleDocument::rebuild(const DraftHistory& history)
{
    m_isRebuilding = true;
    m_stack.clear();
    m_text = history.base;
    for (std::size_t i = 0; i < history.steps.size(); ++i) {
        auto* edit = new DraftEdit(*this, history.textAt(int(i)), history.steps[i].text, history.steps[i].label, -1);
        edit->setJournalled();
        m_stack.push(edit); // the stack owns it
    }
    if (history.saved >= 0) {
        m_stack.setIndex(history.saved);
        m_stack.setClean();
    } else {
        m_stack.resetClean();
    }
    m_stack.setIndex(history.index);
    m_isRebuilding = false;
    take(history.text());
    Q_EMIT stateChanged();
}

void ScheduleDocument::setJournalFolder(const QString& folder)
{
    m_journalFolder = folder;
    m_left.clear();
    lookForLeft({});
}

/// Drafts without a file where path is empty, else what is left of that file.
void ScheduleDocument::lookForLeft(const QString& path)
{
    if (m_journalFolder.isEmpty()) return;
    for (LeftDraft& left : leftDrafts(m_journalFolder)) {
        if (left.history.path != path) continue;
        if (left.history.isUnsaved())
            m_left.push_back(std::move(left));
        else if (path.isEmpty() || m_stack.count() > 0 || left.history.text() != m_text)
            QFile::remove(left.journal); // every text in it was saved, and the file has moved on
        else {
            m_replaced = left.journal;
            rebuild(left.history);
        }
    }
    Q_EMIT leftChanged();
}

Result<void> ScheduleDocument::restore(const QString& journal)
{
    const auto found =
        std::find_if(m_left.begin(), m_left.end(), [&](const LeftDraft& left) { return left.journal == journal; });
    if (found == m_left.end()) return failed("These edits were restored or discarded already.");
    const LeftDraft left = std::move(*found);
    m_left.erase(found);
    const DraftHistory& old = left.history;
    const bool isOwn = !old.path.isEmpty();
    if (!isOwn && isUnsaved() && m_journal.isOpen()) {
        auto present = LeftDraft{m_journal.file(), history()};
        adopt(old.base, {});
        if (present.history.path.isEmpty()) m_left.push_back(std::move(present));
    } else if (!isOwn) {
        adopt(old.base, {});
    }
    const bool isWhole = !isOwn || (m_stack.count() == 0 && old.saved >= 0 && old.textAt(old.saved) == m_text);
    if (isWhole) {
        m_journal.remove(); // it holds nothing that the old one does not
        rebuild(old);
        m_replaced = left.journal;
        journalStep();
    } else if (auto taken = setWholeText(old.text(), tr("Restore unsaved edits"), -1); taken) {
        if (m_journal.isOpen()) QFile::remove(left.journal); // ours holds its text now
    } else {
        m_left.push_back(left);
        return taken;
    }
    Q_EMIT leftChanged();
    return {};
}

void ScheduleDocument::discard(const QString& journal)
{
    const auto found =
        std::find_if(m_left.begin(), m_left.end(), [&](const LeftDraft& left) { return left.journal == journal; });
    if (found == m_left.end()) return;
    QFile::remove(journal);
    m_left.erase(found);
    Q_EMIT leftChanged();
}

void ScheduleDocument::forget()
{
    const int clean = m_stack.cleanIndex();
    if (m_path.isEmpty() || clean < 0)
        m_journal.remove();
    else if (m_journal.isOpen())
        say(m_journal.position(clean, m_stack.count()));
}

void ScheduleDocument::journalStep()
{
    if (m_journalFolder.isEmpty() || m_isRebuilding) return;
    const int index = m_stack.index();
    const DraftEdit* last = index > 0 ? static_cast<const DraftEdit*>(m_stack.command(index - 1)) : nullptr;
    if (!m_journal.isOpen()) {
        auto begun = m_journal.begin(m_journalFolder, history());
        if (begun) {
            for (int i = 0; i < m_stack.count(); ++i)
                static_cast<const DraftEdit*>(m_stack.command(i))->setJournalled();
            if (!m_replaced.isEmpty()) QFile::remove(m_replaced);
            m_replaced.clear();
        }
        return say(begun);
    }
    if (last == nullptr || last->isJournalled() || index != m_stack.count())
        return say(m_journal.position(index, m_stack.count()));
    const auto written = m_journal.step(index, last->text(), last->before(), last->after());
    if (written) last->setJournalled();
    say(written);
}

void ScheduleDocument::journalSaved()
{
    if (m_journal.isOpen()) say(m_journal.saved(m_stack.cleanIndex()));
}

void ScheduleDocument::say(const Result<void>& journalled)
{
    if (!journalled) Q_EMIT journalFailed(QString::fromStdString(journalled.error().message));
}

} // namespace gradus::viewmodels
