// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/draft_journal.h"

#include "base/files.h"

#include <QDataStream>
#include <QDir>
#include <QFileInfo>
#include <QUuid>

#include <algorithm>

#include <sys/file.h>

namespace gradus::viewmodels {

namespace {

constexpr quint32 kMagic = 0x47524a44; // "GRJD"
constexpr quint32 kVersion = 1;
constexpr qint64 kLargestJournal = qint64{256} << 20;
constexpr int kMostHistories = 200;
const QString kPattern = QStringLiteral("*.journal");

enum class Record : quint8
{
    Step,
    Position,
    Saved,
};

QByteArray bytesOf(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

template <typename... Values>
QByteArray packed(const Values&... values)
{
    QByteArray bytes;
    QDataStream stream(&bytes, QIODevice::WriteOnly);
    stream.setVersion(QDataStream::Qt_6_0);
    (stream << ... << values);
    return bytes;
}

/// A record is its length and its bytes, so that a torn one is noticed.
QByteArray framed(const QByteArray& record)
{
    return packed(record);
}

/// Only what changed between two texts: a moved key is some twenty bytes.
QByteArray stepRecord(int position, const QString& label, const std::string& before, const std::string& after)
{
    const std::size_t shorter = std::min(before.size(), after.size());
    std::size_t head = 0;
    while (head < shorter && before[head] == after[head])
        ++head;
    std::size_t tail = 0;
    while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    return packed(static_cast<quint8>(Record::Step), qint32{position}, label, quint32(head),
                  quint32(before.size() - head - tail), bytesOf(after.substr(head, after.size() - head - tail)));
}

QByteArray positionRecord(int index, int count)
{
    return packed(static_cast<quint8>(Record::Position), qint32{index}, qint32{count});
}

QByteArray savedRecord(int index)
{
    return packed(static_cast<quint8>(Record::Saved), qint32{index});
}

bool takeStep(DraftHistory& history, QDataStream& stream)
{
    qint32 position = 0;
    QString label;
    quint32 at = 0;
    quint32 cut = 0;
    QByteArray put;
    stream >> position >> label >> at >> cut >> put;
    if (stream.status() != QDataStream::Ok || position < 1 || position > int(history.steps.size()) + 1) return false;
    std::string text = history.textAt(position - 1);
    if (at > text.size() || cut > text.size() - at) return false;
    text.replace(at, cut, put.toStdString());
    history.steps.resize(static_cast<std::size_t>(position) - 1);
    history.steps.push_back({label, std::move(text)});
    history.index = position;
    if (history.saved >= position) history.saved = -1; // that text is no more
    return true;
}

bool takePosition(DraftHistory& history, QDataStream& stream)
{
    qint32 index = 0;
    qint32 count = 0;
    stream >> index >> count;
    if (stream.status() != QDataStream::Ok || count < 0 || count > int(history.steps.size()) || index < 0 ||
        index > count)
        return false;
    history.steps.resize(static_cast<std::size_t>(count));
    history.index = index;
    if (history.saved > count) history.saved = -1;
    return true;
}

bool takeSaved(DraftHistory& history, QDataStream& stream)
{
    qint32 index = 0;
    stream >> index;
    if (stream.status() != QDataStream::Ok || index < -1 || index > int(history.steps.size())) return false;
    history.saved = index;
    return true;
}

bool take(DraftHistory& history, const QByteArray& record)
{
    QDataStream stream(record);
    stream.setVersion(QDataStream::Qt_6_0);
    quint8 kind = 0;
    stream >> kind;
    switch (static_cast<Record>(kind)) {
    case Record::Step:
        return takeStep(history, stream);
    case Record::Position:
        return takePosition(history, stream);
    case Record::Saved:
        return takeSaved(history, stream);
    }
    return false;
}

/// The lock goes with the process, however it ends.
bool lock(QFile& file)
{
    return ::flock(file.handle(), LOCK_EX | LOCK_NB) == 0;
}

} // namespace

Result<void> DraftJournal::begin(const QString& folder, const DraftHistory& history)
{
    close();
    if (auto made = makeFolder(std::filesystem::path(QFile::encodeName(folder).toStdString())); !made) return made;
    m_file.setFileName(
        QDir(folder).filePath(QUuid::createUuid().toString(QUuid::WithoutBraces) + QStringLiteral(".journal")));
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::NewOnly | QIODevice::Unbuffered))
        return failed("The draft's journal could not be begun: " + m_file.errorString().toStdString() +
                      "; save the draft to keep it.");
    (void)lock(m_file);
    QByteArray all = packed(kMagic, kVersion, history.path, history.name, history.branchOf, qint32{history.kept}, bytesOf(history.base));
    for (std::size_t i = 0; i < history.steps.size(); ++i)
        all += framed(stepRecord(int(i) + 1, history.steps[i].label, history.textAt(int(i)), history.steps[i].text));
    all += framed(positionRecord(history.index, int(history.steps.size())));
    all += framed(savedRecord(history.saved));
    if (m_file.write(all) == all.size()) return {};
    const std::string cause = m_file.errorString().toStdString();
    remove();
    return failed("The draft's journal could not be written: " + cause + "; save the draft to keep it.");
}

Result<void> DraftJournal::write(const QByteArray& record)
{
    const QByteArray bytes = framed(record);
    if (m_file.write(bytes) == bytes.size()) return {};
    // A torn record in the middle would hide what comes after it: the next step begins a journal of its own.
    const std::string cause = m_file.errorString().toStdString();
    close();
    return failed("The draft's journal could not be written: " + cause + "; save the draft to keep it.");
}

Result<void> DraftJournal::step(int position, const QString& label, const std::string& before, const std::string& after)
{
    return write(stepRecord(position, label, before, after));
}

Result<void> DraftJournal::position(int index, int count)
{
    return write(positionRecord(index, count));
}

Result<void> DraftJournal::saved(int index)
{
    return write(savedRecord(index));
}

void DraftJournal::close()
{
    if (m_file.isOpen()) m_file.close();
}

void DraftJournal::remove()
{
    if (m_file.isOpen()) m_file.remove();
}

Result<DraftHistory> readJournal(const QString& file)
{
    QFile input(file);
    const auto refuse = [&file] { return badInput(file.toStdString() + " is no draft's journal."); };
    if (!input.open(QIODevice::ReadOnly) || input.size() > kLargestJournal) return refuse();
    const QByteArray all = input.readAll();
    QDataStream stream(all);
    stream.setVersion(QDataStream::Qt_6_0);
    quint32 magic = 0;
    quint32 version = 0;
    DraftHistory history;
    QByteArray base;
    stream >> magic >> version;
    if (magic != kMagic || version != kVersion) return refuse();
    qint32 kept = 0;
    stream >> history.path >> history.name >> history.branchOf >> kept >> base;
    history.kept = kept;
    if (stream.status() != QDataStream::Ok) return refuse();
    history.base = base.toStdString();
    while (!stream.atEnd()) {
        QByteArray record;
        stream >> record;
        if (stream.status() != QDataStream::Ok || !take(history, record)) break;
    }
    return history;
}

std::vector<LeftDraft> leftDrafts(const QString& folder)
{
    std::vector<LeftDraft> left;
    int histories = 0;
    for (const QFileInfo& info : QDir(folder).entryInfoList({kPattern}, QDir::Files, QDir::Time)) {
        QFile file(info.absoluteFilePath());
        if (!file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly) || !lock(file)) continue;
        auto history = readJournal(file.fileName());
        if (!history) continue;
        if (!history->isUnsaved() && ++histories > kMostHistories) {
            file.remove();
            continue;
        }
        left.push_back({file.fileName(), std::move(*history)});
    }
    return left;
}

QSet<QString> unsavedFiles(const QString& folder)
{
    QSet<QString> files;
    for (const QFileInfo& info : QDir(folder).entryInfoList({kPattern}, QDir::Files))
        if (const auto history = readJournal(info.absoluteFilePath()); history && history->isUnsaved())
            files.insert(history->path);
    return files;
}

QString journalFolderOf(const QString& workspace)
{
    return QDir(workspace).filePath(QStringLiteral(".drafts"));
}

} // namespace gradus::viewmodels
