// SPDX-License-Identifier: GPL-3.0-or-later
// The lower part of the queue: the chosen run's cause first, the last lines of its log beside it.
#pragma once

#include "common/job.h"
#include "store/records.h"

#include <QFrame>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace gradus::common {
class ElidedLabel;
}

namespace gradus::pages {

/// Everything it shows is plain text. The log is read in the pool, never by the GUI thread.
class RunReport final : public QFrame
{
    Q_OBJECT
public:
    static constexpr int kLines = 50;

    explicit RunReport(QWidget* parent = nullptr);

    /// Null: nothing is chosen. logs: the folder of the logs.
    void show(const store::QueueRow* row, const QString& waitsFor, const QString& logs);
    QString logText() const;
    QString causeText() const; ///< why it waits or ended, what is kept, what to do
    QPushButton* retryButton() const { return m_retry; }

Q_SIGNALS:
    void retryRequested();
    void openRequested();

private:
    void readLog(const QString& path);
    void refreshCause();

    common::Job m_log;
    QString m_shownLog;
    store::QueueRow m_row;
    QString m_waitsFor;
    common::ElidedLabel* m_title;
    QLabel* m_sentence;
    QLabel* m_kept;
    QPushButton* m_retry;
    QPushButton* m_open;
    QPlainTextEdit* m_lines;
};

} // namespace gradus::pages
