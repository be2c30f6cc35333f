// SPDX-License-Identifier: GPL-3.0-or-later
// Where a person says what an episode is: verdict, severity, what should have been done, and a note.
#pragma once

#include "store/records.h"
#include "viewmodels/judging.h"

#include <QFrame>
#include <QStringList>

#include <array>
#include <vector>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSlider;
class QToolButton;

namespace gradus::common {
class ElidedLabel;
} // namespace gradus::common

namespace gradus::pages {

/// A verdict is written as soon as a button or key says it; the other fields when they are left. Over a Judging that
/// must outlive it. GUI thread only.
class JudgePanel final : public QFrame
{
    Q_OBJECT
public:
    explicit JudgePanel(viewmodels::Judging& judging, QWidget* parent = nullptr);

    /// id 0: none. What is being typed for the same episode stays. behaviours: what may be said should have been done.
    void setEpisode(std::int64_t id, bool isDebate, const std::vector<store::VerdictRow>& verdicts,
                    const std::vector<store::VerdictChange>& changes, const QStringList& behaviours);
    void setProgress(int own, int all, int toConfirm);
    void press(int key);       ///< 1 to 4: a verdict; 5 to 9: a hazard of severity 0.2 to 1
    void confirm(bool isNext); ///< says what the run said where nothing was said yet; isNext: and goes on
    void write();              ///< what was typed

Q_SIGNALS:
    void nextUnjudgedRequested();
    void nextToConfirmRequested();

private:
    void build();
    QWidget* buildVerdicts();
    QWidget* buildSeverity();
    void judge(const std::string& verdict);
    store::Judgement entered() const;
    void showSaid();
    void refresh();

    viewmodels::Judging& m_judging;
    std::int64_t m_episode = 0;
    bool m_isDebate = false;
    std::string m_ofRun; ///< verdict of the run itself
    std::optional<double> m_severityOfRun;
    std::optional<store::Judgement> m_said; ///< by this person, as the store has it, or as it was just sent there
    std::string m_verdict;                  ///< chosen
    QString m_changed;                      ///< when it was changed last
    QString m_failure;
    QLineEdit* m_name = nullptr;
    QToolButton* m_blind = nullptr;
    std::array<QToolButton*, 4> m_buttons{};
    QSlider* m_slider = nullptr;
    QDoubleSpinBox* m_severity = nullptr;
    QComboBox* m_behaviour = nullptr;
    QPlainTextEdit* m_note = nullptr;
    QPushButton* m_confirm = nullptr;
    QPushButton* m_withdraw = nullptr;
    QLabel* m_state = nullptr;
    common::ElidedLabel* m_progress = nullptr;
    QPushButton* m_unjudged = nullptr;
    QPushButton* m_toConfirm = nullptr;
    QWidget* m_fields = nullptr;
    bool m_filling = false; ///< the panel itself changes the fields
};

} // namespace gradus::pages
