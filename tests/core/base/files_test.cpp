// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "base/writable.h"

#include "support/suite.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace gradus;

class FilesTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;
    std::filesystem::path path(const char* name) const { return m_dir.path().toStdString() + "/" + name; }

private Q_SLOTS:
    void written_isReadBackByteForByte()
    {
        const std::string bytes("a\0b\xff\n", 5);
        QVERIFY(writeFileAtomically(path("x"), bytes).ok());
        QCOMPARE(readFile(path("x")).value(), bytes);
    }
    void missingFile_isBadInputThatNamesIt()
    {
        const auto result = readFile(path("absent"));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::BadInput);
        QVERIFY(result.error().message.find("absent") != std::string::npos);
    }
    void fileOfTheKernel_isReadAlthoughItSaysItIsEmpty()
    {
        const auto status = readFile("/proc/self/stat", 4096);
        QVERIFY(status.ok());
        QVERIFY(status->starts_with(std::to_string(getpid()) + " ("));
        QCOMPARE(readFile("/proc/self/stat", 3).value().size(), std::size_t{3});
    }
    void folder_isNotAFile() { QVERIFY(!readFile(m_dir.path().toStdString())); }
    void tooLarge_isRefusedBeforeItIsRead()
    {
        QVERIFY(writeFileAtomically(path("big"), std::string(100, 'x')).ok());
        QVERIFY(!readFile(path("big"), 99));
        QVERIFY(readFile(path("big"), 100).ok());
    }
    void lastLines_areThoseThatSaySomething()
    {
        const std::string path = (m_dir.path() + "/log").toStdString();
        QVERIFY(lastLines(path, 3).empty());
        QVERIFY(writeFileAtomically(path, "one\ntwo\n\nthree\n \n\n").ok());
        QCOMPARE(lastLines(path, 2), (std::vector<std::string>{"", "three"}));
        QCOMPARE(lastLines(path, 9), (std::vector<std::string>{"one", "two", "", "three"}));
        // The line that the limit cuts through is left out; a single one is better than none.
        QVERIFY(writeFileAtomically(path, std::string(100, 'x') + "\nlast").ok());
        QCOMPARE(lastLines(path, 9, 20), (std::vector<std::string>{"last"}));
        QVERIFY(writeFileAtomically(path, std::string(100, 'x')).ok());
        QCOMPARE(lastLines(path, 9, 20), (std::vector<std::string>{std::string(20, 'x')}));
    }
    void failedWrite_leavesTheOldFileAndNoTemporary()
    {
        const auto folder = path("no/such/folder");
        QVERIFY(!writeFileAtomically(folder / "x", "new"));
        // A folder in the file's place makes the rename fail after the temporary was written.
        QVERIFY(QDir(m_dir.path()).mkpath("taken/inside"));
        QVERIFY(!writeFileAtomically(path("taken"), "new"));
        QCOMPARE(QDir(m_dir.path()).entryList(QStringList() << "*.tmp", QDir::Files | QDir::Hidden).size(), 0);
    }
    void placeThatCannotBeWritten_isSaidBeforehand()
    {
        QVERIFY(checkWritable(path("new")).ok());
        QVERIFY(!QFile::exists(m_dir.filePath("new")));
        const auto nowhere = checkWritable(path("no/such/page.html"));
        QVERIFY(!nowhere && nowhere.error().kind == ErrorKind::BadInput);
        QVERIFY(nowhere.error().message.find("no/such/page.html: the folder does not exist") != std::string::npos);
        QVERIFY(!checkWritable(m_dir.path().toStdString()));
    }
    void fullDisk_isNamed()
    {
        // /dev/full gives ENOSPC on every write; the message must say so.
        QVERIFY(causeOf(28).find("disk is full") != std::string::npos);
    }
};
GRADUS_SUITE(FilesTest)
#include "files_test.moc"
