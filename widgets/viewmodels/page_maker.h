// SPDX-License-Identifier: GPL-3.0-or-later
// Has `gradus` write a page about runs, so that what the window writes is what the command line writes.
#pragma once

#include "viewmodels/launcher.h"

#include <QObject>
#include <QPointer>
#include <QProcess>
#include <QStringList>

namespace gradus::viewmodels {

/// One page: a verb of `gradus` that takes runs, --store and -o.
struct PageOrder
{
    QString verb;             ///< "report", "forecast", "beyond"
    QString store;            ///< path of the run store
    QStringList runs;         ///< UUIDs
    QStringList options = {}; ///< of the verb's own, as they are typed
    QString file;             ///< to write
    bool countsUp = false;    ///< the verb knows --progress
};

/// What to type to have the same page without the window.
QString commandLineOf(const PageOrder& order);

/// One page at a time, in a process of its own; the file is written whole or not at all. GUI thread; nothing waits.
class PageMaker final : public QObject
{
    Q_OBJECT
public:
    explicit PageMaker(QObject* parent = nullptr) : QObject(parent) {}
    ~PageMaker() override; ///< what is being made is given up

    void setPlace(const LaunchPlace& place) { m_place = place; }
    /// Nothing while another page is being made.
    void make(const PageOrder& order);
    /// Asks the process to stop; one that does not is killed after kPatience. ended() says when it is gone.
    void cancel();
    bool isRunning() const { return m_process != nullptr; }

    static constexpr int kPatience = 3000; ///< milliseconds

    enum class End
    {
        Made,
        Refused,
        Cancelled,
    };
    Q_ENUM(End)

Q_SIGNALS:
    void progressed(int done, int all);
    /// words: of a refusal one sentence with its cure; else the file's name.
    void ended(gradus::viewmodels::PageMaker::End end, const QString& words);

private:
    void readProgress();
    void end(End end, const QString& words);

    LaunchPlace m_place;
    QPointer<QProcess> m_process;
    QString m_file;
    QByteArray m_said; ///< on standard error, without lines of progress
    QByteArray m_line; ///< of it, not ended yet
    bool m_cancelled = false;
};

} // namespace gradus::viewmodels
