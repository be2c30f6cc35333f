// SPDX-License-Identifier: GPL-3.0-or-later
// The strip over Live's cards: which run, its state, what can be done with it, its facts and its time line.
#pragma once

#include "common/theme.h"
#include "viewmodels/live_run.h"
#include "viewmodels/time_window.h"

#include <QFrame>
#include <QTimer>
#include <QVector>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace gradus::common {
class ChipLabel;
class ElidedLabel;
} // namespace gradus::common

namespace gradus::pages {

class CommandNote;
class RunButtons;
class SmoothingButton;
class TimeStrip;

/// Reads a LiveRun that must outlive it; commands are signals. Three rows of 44, 44 and 60 px, and a bar with the
/// cause when the run failed or its process is gone.
class LiveHeader final : public QFrame
{
    Q_OBJECT
public:
    LiveHeader(const viewmodels::LiveRun& run, viewmodels::TimeWindow& window, const common::ThemeController& theme,
               QWidget* parent = nullptr);

    void refresh();                  ///< run, facts and time line again
    void setColour(int seriesStyle); ///< the colour of the run's group in the Runs dock
    /// Why commands cannot be given (read-only store, run of another machine); empty: they can.
    void setCommandsBlocked(const QString& reason);
    TimeStrip* strip() const { return m_strip; }
    RunButtons* buttons() const { return m_buttons; }
    SmoothingButton* smoothing() const { return m_smoothing; }
    void setAlertCount(int rules, int fired); ///< on the button that opens them

Q_SIGNALS:
    void commandRequested(const QString& verb); ///< one of events::kCommandVerbs
    void resumeRequested();
    void openLogRequested();
    void alertsRequested(); ///< the list of rules is to be opened

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Fact
    {
        QWidget* box = nullptr;
        QLabel* value = nullptr;
        int importance = 0; ///< the smallest is hidden first when it is narrow
        QString text;
    };
    QWidget* nameRow();
    QWidget* factsRow();
    QWidget* stripRow();
    QWidget* causeBar();
    void addFact(QHBoxLayout& row, const QString& name, int importance);
    void setFact(int index, const QString& text);
    void setChip(const QString& text, const QString& tone);
    void refreshState();
    void refreshFacts();
    void refreshCause();
    void paintSquare();
    void fitFacts();

    const viewmodels::LiveRun& m_run;
    viewmodels::TimeWindow& m_window;
    const common::ThemeController& m_theme;
    QLabel* m_square = nullptr;
    common::ElidedLabel* m_name = nullptr;
    common::ChipLabel* m_chip = nullptr;
    common::ElidedLabel* m_context = nullptr;
    RunButtons* m_buttons = nullptr;
    CommandNote* m_note = nullptr;
    SmoothingButton* m_smoothing = nullptr;
    QToolButton* m_alerts = nullptr;
    QWidget* m_factsRow = nullptr;
    QWidget* m_stripRow = nullptr;
    QVector<Fact> m_facts;
    QComboBox* m_axis = nullptr;
    QToolButton* m_follow = nullptr;
    QWidget* m_key = nullptr;
    TimeStrip* m_strip = nullptr;
    QFrame* m_bar = nullptr;
    QLabel* m_barIcon = nullptr;
    common::ElidedLabel* m_cause = nullptr;
    QPushButton* m_log = nullptr;
    QTimer m_clock;
    int m_colour = 0;
};

} // namespace gradus::pages
