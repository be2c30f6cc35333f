// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/start_watch.h"

#include "base/files.h"
#include "base/text.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cerrno>

#include <signal.h> // NOLINT: kill() is POSIX, not in <csignal>

namespace gradus::viewmodels {

namespace {

constexpr int kLookMilliseconds = 250;
constexpr int kDeadLooks = 8; ///< two seconds: its run may be in the store and not yet read from there
constexpr std::size_t kLongestLine = 300;

/// One that ended and was not yet collected by whoever inherited it is no process any more.
bool isAlive(qint64 process)
{
    if (::kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH) return false;
    QFile status(QStringLiteral("/proc/%1/stat").arg(process));
    if (!status.open(QIODevice::ReadOnly)) return true;
    const QByteArray line = status.readAll();
    const qsizetype name = line.lastIndexOf(')'); // the name may hold anything
    return name < 0 || line.mid(name + 2, 1) != "Z";
}

} // namespace

StartWatch::StartWatch(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(kLookMilliseconds);
    connect(&m_timer, &QTimer::timeout, this, &StartWatch::look);
}

void StartWatch::watch(const Launched& launched, const std::string& hash)
{
    m_starts.push_back({.launched = launched, .hash = hash});
    m_timer.start();
}

bool StartWatch::takes(const std::string& hash)
{
    const auto found = std::find_if(m_starts.begin(), m_starts.end(),
                                    [&hash](const Start& start) { return start.hash.empty() || start.hash == hash; });
    if (found == m_starts.end()) return false;
    m_starts.erase(found);
    return true;
}

void StartWatch::clear()
{
    m_starts.clear();
    m_timer.stop();
}

void StartWatch::look()
{
    std::vector<QString> sentences;
    for (auto start = m_starts.begin(); start != m_starts.end();) {
        start->looksDead = isAlive(start->launched.processId) ? 0 : start->looksDead + 1;
        if (start->looksDead < kDeadLooks) {
            ++start;
            continue;
        }
        sentences.push_back(sentenceOf(*start));
        start = m_starts.erase(start);
    }
    if (m_starts.empty()) m_timer.stop();
    for (const QString& sentence : sentences)
        Q_EMIT died(sentence);
}

QString StartWatch::sentenceOf(const Start& start)
{
    const std::filesystem::path log = QFile::encodeName(start.launched.log).toStdString();
    // Nothing of its own in the log: the last line is an earlier process's.
    const bool wrote = QFileInfo(start.launched.log).size() != start.launched.logWas;
    const auto lines = wrote ? lastLines(log, 1) : std::vector<std::string>{};
    const QString head = tr("The worker ended before its run had begun");
    if (lines.empty()) return tr("%1 and said nothing; its log would be %2.").arg(head, start.launched.log);
    std::string line = visible(lines.back(), kLongestLine);
    if (line.starts_with("gradus: ")) line.erase(0, 8);
    return QStringLiteral("%1: %2").arg(head, QString::fromStdString(line));
}

} // namespace gradus::viewmodels
