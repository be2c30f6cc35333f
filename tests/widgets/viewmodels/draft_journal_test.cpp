// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "base/text.h"
#include "support/suite.h"
#include "viewmodels/draft_journal.h"
#include "viewmodels/schedule_document.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdlib>

#include <sys/wait.h>
#include <unistd.h>

using namespace gradus;
using namespace gradus::viewmodels;

namespace {

const std::string kText = "# mine, with an umlaut: \u00fc\n[experiment]\nname = \"a draft\"\n[gap]\n"
                          "curve = { keys = [[0.0, 0.3], [1.0, 0.9]] } # drawn\ncontroller = \"schedule\"\n";
constexpr int kEdits = 20;

/// A workspace and a file in it.
struct Place
{
    QTemporaryDir folder;
    QString file = folder.filePath("draft.toml");
    QString journals = journalFolderOf(folder.path());

    Place() { put(kText); }
    void put(const std::string& text) const
    {
        if (!writeFileAtomically(file.toStdString(), text)) qFatal("cannot write");
    }
    std::string onDisk() const { return readFile(file.toStdString()).value(); }
    QStringList journalFiles() const { return QDir(journals).entryList({"*.journal"}, QDir::Files); }
};

void edit(ScheduleDocument& document, int number)
{
    const auto done = document.setValue("gap.value", numberText(0.25 + 0.001 * number), "Value");
    if (!done) qFatal("%s", done.error().message.c_str());
}

/// Runs work in a process of its own that is killed in the middle of it.
template <typename Work>
bool killedWhile(Work work)
{
    const pid_t child = ::fork();
    if (child == 0) {
        work();
        std::raise(SIGKILL);
        std::_Exit(0);
    }
    int status = 0;
    return child > 0 && ::waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

} // namespace

class DraftJournalTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fileChangedByAnotherProgram_isNotWrittenOver()
    {
        const Place place;
        ScheduleDocument document;
        QVERIFY(document.load(place.file));
        edit(document, 1);
        const std::string mine = document.text();
        const std::string theirs = kText + "# theirs\n";
        place.put(theirs);
        const auto saved = document.save();
        QVERIFY(!saved);
        QVERIFY2(saved.error().message.find("draft.toml") != std::string::npos, saved.error().message.c_str());
        QVERIFY(document.isChangedOutside());
        QCOMPARE(place.onDisk(), theirs);
        QCOMPARE(document.text(), mine);
        QVERIFY(document.isUnsaved());
        // Taking theirs over keeps mine one undo away.
        QVERIFY(document.reload());
        QCOMPARE(document.text(), theirs);
        QVERIFY(!document.isUnsaved() && !document.isChangedOutside());
        document.undoStack().undo();
        QCOMPARE(document.text(), mine);
        QVERIFY(document.save());
        QCOMPARE(place.onDisk(), mine);
    }
    void keepMine_writesOverOnlyWhatWasSeen()
    {
        const Place place;
        ScheduleDocument document;
        QVERIFY(document.load(place.file));
        place.put(kText + "# theirs\n");
        QVERIFY(!document.save());
        document.keepMine();
        QVERIFY(document.isUnsaved());
        place.put(kText + "# theirs, again\n");
        QVERIFY(!document.save());
        document.keepMine();
        QVERIFY(document.save());
        QCOMPARE(place.onDisk(), kText);
    }
    void fileChangedByAnotherProgram_isNoticedWhileItIsOpen()
    {
        const Place place;
        ScheduleDocument document;
        QVERIFY(document.load(place.file));
        place.put(kText + "# theirs\n");
        QTRY_VERIFY(document.isChangedOutside());
        place.put(kText); // another rename: the watcher must have followed the first
        QTRY_VERIFY(!document.isChangedOutside());
    }
    void brokenTextOfAnotherProgram_isTakenOverAndUndone()
    {
        const Place place;
        ScheduleDocument document;
        QVERIFY(document.load(place.file));
        place.put("[gap\n");
        QVERIFY(!document.save());
        QVERIFY(document.reload());
        QVERIFY(!document.isValid());
        document.undoStack().undo();
        QVERIFY(document.isValid());
        QCOMPARE(document.text(), kText);
    }
    void killedDraftWithoutAFile_isOfferedWithAllItsSteps()
    {
        const Place place;
        const std::string base = newDraftText();
        QVERIFY(killedWhile([&] {
            ScheduleDocument document;
            document.setJournalFolder(place.journals);
            for (int i = 1; i <= kEdits; ++i)
                edit(document, i);
        }));
        ScheduleDocument document;
        document.setJournalFolder(place.journals);
        QCOMPARE(document.left().size(), std::size_t{1});
        QCOMPARE(document.text(), base);
        QVERIFY(document.restore(document.left().front().journal));
        QCOMPARE(document.experiment().gap.value, 0.25 + 0.001 * kEdits);
        QVERIFY(document.isUnsaved());
        QCOMPARE(document.undoStack().count(), kEdits);
        while (document.undoStack().canUndo())
            document.undoStack().undo();
        QCOMPARE(document.text(), base);
        QVERIFY(document.left().empty());
        QCOMPARE(place.journalFiles().size(), 1); // ours, with everything that the old one held
    }
    void draftOfALivingWindow_isNotOffered()
    {
        const Place place;
        ScheduleDocument first;
        first.setJournalFolder(place.journals);
        edit(first, 1);
        ScheduleDocument second;
        second.setJournalFolder(place.journals);
        QVERIFY(second.left().empty());
        QCOMPARE(place.journalFiles().size(), 1);
    }
    void killedFile_oneEditLater_isStillOffered()
    {
        const Place place;
        std::string lost;
        QVERIFY(killedWhile([&] {
            ScheduleDocument document;
            document.setJournalFolder(place.journals);
            (void)document.load(place.file);
            edit(document, 1);
            edit(document, 2);
        }));
        for (int session = 0; session < 2; ++session) {
            // An edit of the new session, and another kill: neither journal goes.
            QVERIFY(killedWhile([&] {
                ScheduleDocument document;
                document.setJournalFolder(place.journals);
                (void)document.load(place.file);
                edit(document, 10 + session);
            }));
        }
        ScheduleDocument document;
        document.setJournalFolder(place.journals);
        QVERIFY(document.load(place.file));
        QCOMPARE(document.left().size(), std::size_t{3});
        edit(document, 20);
        QCOMPARE(document.left().size(), std::size_t{3});
        const std::string present = document.text();
        QString first;
        for (const LeftDraft& left : document.left())
            if (left.history.index == 2) first = left.journal;
        QVERIFY(document.restore(first));
        QCOMPARE(document.experiment().gap.value, 0.252);
        document.undoStack().undo();
        QCOMPARE(document.text(), present);
        document.discard(document.left().back().journal);
        document.discard(document.left().back().journal);
        QVERIFY(document.left().empty());
        QCOMPARE(place.journalFiles().size(), 1);
    }
    void twentyEdits_areUndoneAfterARestart()
    {
        const Place place;
        {
            ScheduleDocument document;
            document.setJournalFolder(place.journals);
            QVERIFY(document.load(place.file));
            const int merged = document.newMergeId();
            for (int i = 1; i < kEdits; ++i)
                edit(document, i);
            for (int i = 0; i < 5; ++i)
                QVERIFY(document.setValue("gap.value", numberText(0.5 + i), "Value", merged));
            document.undoStack().undo();
            document.undoStack().redo();
            QVERIFY(document.save());
        }
        ScheduleDocument document;
        document.setJournalFolder(place.journals);
        QVERIFY(document.load(place.file));
        QVERIFY(document.left().empty()); // nothing is unsaved: there is nothing to ask
        QVERIFY(!document.isUnsaved());
        QCOMPARE(document.undoStack().count(), kEdits);
        const std::string last = document.text();
        while (document.undoStack().canUndo())
            document.undoStack().undo();
        QCOMPARE(document.text(), kText);
        while (document.undoStack().canRedo())
            document.undoStack().redo();
        QCOMPARE(document.text(), last);
        QVERIFY(!document.isUnsaved());
    }
    void journalOfAFileThatMovedOn_isForgotten()
    {
        const Place place;
        {
            ScheduleDocument document;
            document.setJournalFolder(place.journals);
            QVERIFY(document.load(place.file));
            edit(document, 1);
            QVERIFY(document.save());
        }
        place.put(kText + "# later\n");
        ScheduleDocument document;
        document.setJournalFolder(place.journals);
        QVERIFY(document.load(place.file));
        QCOMPARE(document.undoStack().count(), 0);
        QVERIFY(place.journalFiles().isEmpty());
    }
    void givenUpEdits_areNotOffered()
    {
        const Place place;
        {
            ScheduleDocument document;
            document.setJournalFolder(place.journals);
            QVERIFY(document.load(place.file));
            edit(document, 1);
            document.forget();
            QVERIFY(document.setText(kText));
            edit(document, 2);
            document.forget();
        }
        ScheduleDocument document;
        document.setJournalFolder(place.journals);
        QVERIFY(document.left().empty());
        QVERIFY(document.load(place.file));
        QVERIFY(document.left().empty());
    }
    void draftThatIsSavedUnderAName_takesItsStepsAlong()
    {
        const Place place;
        {
            ScheduleDocument document;
            document.setJournalFolder(place.journals);
            edit(document, 1);
            QVERIFY(document.saveAs(place.folder.filePath("named.toml")));
            edit(document, 2);
        }
        QCOMPARE(unsavedFiles(place.journals), QSet<QString>{place.folder.filePath("named.toml")});
        ScheduleDocument document;
        document.setJournalFolder(place.journals);
        QVERIFY(document.left().empty());
        QVERIFY(document.load(place.folder.filePath("named.toml")));
        QCOMPARE(document.left().size(), std::size_t{1});
        QVERIFY(document.restore(document.left().front().journal));
        QCOMPARE(document.undoStack().count(), 2);
        QVERIFY(document.isUnsaved());
        document.undoStack().undo();
        QVERIFY(!document.isUnsaved()); // the file's text
    }
    void tornJournal_givesWhatIsWhole()
    {
        const Place place;
        QString file;
        {
            ScheduleDocument document;
            document.setJournalFolder(place.journals);
            QVERIFY(document.load(place.file));
            for (int i = 1; i <= 3; ++i)
                edit(document, i);
            file = QDir(place.journals).filePath(place.journalFiles().front());
        }
        QFile journal(file);
        const qint64 whole = journal.size();
        for (const qint64 size : {whole - 1, whole - 20, whole / 2, qint64{9}, qint64{0}}) {
            QVERIFY(QFile::resize(file, size));
            const auto history = readJournal(file);
            QVERIFY(!history || history->text().starts_with("# mine"));
            if (size == whole - 1) QCOMPARE(history->index, 2);
        }
    }
    void folderThatCannotBeWritten_isASentenceAndTheEditStays()
    {
        ScheduleDocument document;
        document.setJournalFolder("/proc/none");
        QSignalSpy failed(&document, &ScheduleDocument::journalFailed);
        edit(document, 1);
        QCOMPARE(failed.count(), 1);
        QVERIFY(failed[0][0].toString().size() > 20);
        QCOMPARE(document.undoStack().count(), 1);
    }
};

GRADUS_SUITE(DraftJournalTest)
#include "draft_journal_test.moc"
