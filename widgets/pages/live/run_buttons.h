// SPDX-License-Identifier: GPL-3.0-or-later
// What can be asked of the run that Live shows: pause, checkpoint, evaluate, stop.
#pragma once

#include "viewmodels/live_run.h"

#include <QWidget>

class QAction;
class QPushButton;
class QToolButton;

namespace gradus::pages {

/// Reads a LiveRun that must outlive it. Where there is little room, all but pausing and stopping is in the menu alone.
class RunButtons final : public QWidget
{
    Q_OBJECT
public:
    explicit RunButtons(const viewmodels::LiveRun& run, QWidget* parent = nullptr);

    void refresh();
    /// Why nothing can be asked (read-only store, run of another machine); empty: it can.
    void setBlocked(const QString& reason);
    void setCompact(bool compact);
    void pauseOrGoOn(); ///< as the button does

Q_SIGNALS:
    void commandRequested(const QString& verb); ///< one of events::kCommandVerbs
    void resumeRequested();                     ///< of a run whose process is gone

private:
    QPushButton* button(const QString& text, const char* name, QWidget* parent);
    QAction* entry(const QString& text, const char* name, const QString& verb);
    bool isWaiting(std::string_view verb) const;

    const viewmodels::LiveRun& m_run;
    QPushButton* m_pause;
    QPushButton* m_checkpoint;
    QPushButton* m_evaluate;
    QPushButton* m_stop;
    QPushButton* m_resume;
    QToolButton* m_more;
    QString m_blocked;
    bool m_isCompact = false;
};

} // namespace gradus::pages
