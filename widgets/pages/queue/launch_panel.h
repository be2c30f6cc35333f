// SPDX-License-Identifier: GPL-3.0-or-later
// The draft beside the queue: what launching it would cost, the ticks of its preflight, and the buttons.
#pragma once

#include "common/theme.h"
#include "viewmodels/preflight_check.h"

#include <QFrame>
#include <QSet>

#include <functional>
#include <string>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace gradus::common {
class ElidedLabel;
}

namespace gradus::pages {

/// What a warning's tick box accepts is forgotten with every edit of the draft, and where the warning says something
/// else. Nothing is launched on ticks that are no longer fresh: the buttons ask again first. GUI thread only.
class LaunchPanel final : public QFrame
{
    Q_OBJECT
public:
    LaunchPanel(common::ThemeController& theme, const viewmodels::LaunchPlace& place, QWidget* parent = nullptr);

    void setPlace(const viewmodels::LaunchPlace& place);
    /// title: the draft's name. The text is checked once it rests, and only while the panel is shown.
    void setDraft(const QString& title, const std::string& toml);
    /// Asks the ticks about this text although the panel may be hidden, and answers once: whether it may be launched as
    /// it is. A newer question, or an edit while the panel is shown, ends this one with no answer.
    void ask(const QString& title, const std::string& toml, const std::function<void(bool mayLaunch)>& answer);
    /// Why nothing can be launched at all (the store is shown for reading only); empty: it can.
    void setBlocked(const QString& reason);
    const viewmodels::PreflightReport& report() const { return m_report; }
    viewmodels::PreflightCheck& check() { return m_check; }
    bool isChecking() const { return m_check.isRunning(); }
    bool mayLaunch() const;     ///< checked, nothing refused, every warning accepted
    QString reasonText() const; ///< the line over the buttons
    QString summaryText() const;

Q_SIGNALS:
    void queueRequested(const QString& toml);
    void launchRequested(const QString& toml);
    void designRequested();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void checked(const viewmodels::PreflightReport& report);
    void outOfDate();
    void rebuild();
    QWidget* rowOf(const viewmodels::TickRow& tick);
    void refresh();
    void confirmed(const std::function<void()>& go); ///< goes once fresh ticks allow it

    common::ThemeController& m_theme;
    viewmodels::PreflightCheck m_check;
    viewmodels::PreflightReport m_report;
    std::string m_toml;
    std::string m_checkedToml; ///< that the report is about
    double m_checkedAt = 0;    ///< wall seconds
    QString m_blocked;
    QSet<QString> m_accepted; ///< ids of warnings
    bool m_isStale = true;
    std::function<void(bool)> m_answer; ///< of ask(), while it is open

    common::ElidedLabel* m_title;
    QLabel* m_summary;
    QVBoxLayout* m_rows = nullptr;
    QWidget* m_list = nullptr;
    QLabel* m_reason;
    QPushButton* m_queue;
    QPushButton* m_launch;
};

} // namespace gradus::pages
