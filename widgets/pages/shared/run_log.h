// SPDX-License-Identifier: GPL-3.0-or-later
// What a run's process wrote, found and shown at the line that tells why it ended.
#pragma once

#include "common/job.h"
#include "store/records.h"

#include <QDialog>
#include <QString>

class QLabel;
class QPlainTextEdit;

namespace gradus::pages {

struct RunLog
{
    QString path;       ///< empty: none was kept, as of a run that was started in a terminal
    QString text;       ///< the last lines, plain, control characters made visible
    int errorLine = -1; ///< 0-based, of the text; -1: there is no line
};

/// A queued run has logs/UUID.log, a launched one the log beside its frozen experiment, a branch the one
/// named after its parent; of several the newest in which
/// the run's failure stands, else the newest. Reads files: in the pool.
RunLog readRunLog(const QString& workspace, const store::RunRow& run);

/// Not modal. The log is read in the pool; Escape closes. GUI thread.
class LogDialog final : public QDialog
{
    Q_OBJECT
public:
    LogDialog(const QString& workspace, const store::RunRow& run, QWidget* parent = nullptr);

    const RunLog& log() const { return m_log; }
    QPlainTextEdit* lines() const { return m_lines; }

private:
    void show(const RunLog& log);

    common::Job m_job;
    RunLog m_log;
    QLabel* m_place;
    QPlainTextEdit* m_lines;
};

} // namespace gradus::pages
