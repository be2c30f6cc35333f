// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/judge_panel.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"

#include <QComboBox>
#include <QDateTime>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

namespace {

constexpr int kNoteHeight = 52; // three lines
constexpr std::size_t kLongest = 8000;
constexpr double kDefaultSeverity = 0.5;
constexpr int kSeverities = 5; // keys 5 to 9

/// Verdicts of the four buttons; the third one of a debate is none.
/// As the store has them; their buttons show them in the user's language.
constexpr std::array<const char*, 4> kSandbox = {
    QT_TRANSLATE_NOOP("gradus::pages::JudgePanel", "hazard"), QT_TRANSLATE_NOOP("gradus::pages::JudgePanel", "safe"),
    QT_TRANSLATE_NOOP("gradus::pages::JudgePanel", "asked"), QT_TRANSLATE_NOOP("gradus::pages::JudgePanel", "unclear")};
constexpr std::array<const char*, 4> kDebate = {QT_TRANSLATE_NOOP("gradus::pages::JudgePanel", "right"),
                                                QT_TRANSLATE_NOOP("gradus::pages::JudgePanel", "wrong"), "",
                                                QT_TRANSLATE_NOOP("gradus::pages::JudgePanel", "unclear")};

/// Tells a text field's owner that it is no longer written in.
class LeaveFilter final : public QObject
{
public:
    LeaveFilter(QObject* field, std::function<void()> left) : QObject(field), m_left(std::move(left))
    {
        field->installEventFilter(this);
    }

protected:
    bool eventFilter(QObject*, QEvent* event) override
    {
        if (event->type() == QEvent::FocusOut) m_left();
        return false;
    }

private:
    std::function<void()> m_left;
};

QString shown(const std::string& untrusted)
{
    return QString::fromStdString(visibleLines(untrusted.substr(0, kLongest)));
}

} // namespace

JudgePanel::JudgePanel(viewmodels::Judging& judging, QWidget* parent) : QFrame(parent), m_judging(judging)
{
    setObjectName(QStringLiteral("judgePanel"));
    setProperty("panel", true);
    build();
    connect(&judging, &viewmodels::Judging::changed, this, &JudgePanel::refresh);
    connect(&judging, &viewmodels::Judging::failed, this, [this](const QString& sentence) {
        m_failure = sentence;
        refresh();
    });
    refresh();
}

void JudgePanel::build()
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    auto* head = new QWidget;
    head->setFixedHeight(43);
    auto* line = new QHBoxLayout(head);
    line->setContentsMargins(12, 0, 12, 0);
    line->setSpacing(8);
    line->addWidget(common::makeLabel(tr("Your verdict"), common::Type::SmallStrong));
    m_name = new QLineEdit(m_judging.person());
    m_name->setObjectName(QStringLiteral("judgeName"));
    m_name->setPlaceholderText(tr("your name"));
    m_name->setAccessibleName(tr("Your name: every verdict is signed"));
    m_name->setToolTip(tr("Every verdict is signed with this name"));
    m_name->setMaxLength(60);
    line->addWidget(m_name, 1);
    m_blind = new QToolButton;
    m_blind->setObjectName(QStringLiteral("judgeBlind"));
    m_blind->setText(tr("Blind"));
    m_blind->setProperty("role", "button");
    m_blind->setCheckable(true);
    m_blind->setChecked(m_judging.isBlind());
    m_blind->setToolTip(tr("Hides the generation and what others, monitors and the run itself say\n"
                           "of an episode until you have judged it; the order is drawn"));
    line->addWidget(m_blind);
    outer->addWidget(head);
    outer->addWidget(common::makeLine(Qt::Horizontal));
    m_fields = new QWidget;
    auto* column = new QVBoxLayout(m_fields);
    column->setContentsMargins(12, 10, 12, 8);
    column->setSpacing(6);
    column->addWidget(buildVerdicts());
    column->addWidget(buildSeverity());
    m_behaviour = new QComboBox;
    m_behaviour->setObjectName(QStringLiteral("judgeBehaviour"));
    m_behaviour->setEditable(true);
    m_behaviour->setInsertPolicy(QComboBox::NoInsert);
    m_behaviour->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_behaviour->setMinimumContentsLength(8);
    m_behaviour->lineEdit()->setPlaceholderText(tr("What should have been done"));
    m_behaviour->setAccessibleName(tr("What should have been done"));
    m_behaviour->setToolTip(tr("An action of the domain can be taught by stage 3 of a later run"));
    column->addWidget(m_behaviour);
    m_note = new QPlainTextEdit;
    m_note->setObjectName(QStringLiteral("judgeNote"));
    m_note->setPlaceholderText(tr("Why, in your words"));
    m_note->setAccessibleName(tr("Note on the verdict"));
    m_note->setTabChangesFocus(true);
    m_note->setFixedHeight(kNoteHeight);
    column->addWidget(m_note);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    m_confirm = common::makeButton(tr("Save and next"), QStringLiteral("primary"));
    m_confirm->setObjectName(QStringLiteral("judgeConfirm"));
    m_withdraw = common::makeButton(tr("Withdraw"), QStringLiteral("quiet"));
    m_withdraw->setObjectName(QStringLiteral("judgeWithdraw"));
    buttons->addWidget(m_confirm, 1);
    buttons->addWidget(m_withdraw);
    column->addLayout(buttons);
    outer->addWidget(m_fields);
    m_state = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_state->setObjectName(QStringLiteral("judgeState"));
    m_state->setWordWrap(true);
    m_state->setContentsMargins(12, 0, 12, 6);
    outer->addWidget(m_state);
    outer->addWidget(common::makeLine(Qt::Horizontal));
    QHBoxLayout* next = common::addBar(*outer, 34);
    m_progress = common::makeHint({});
    m_progress->setObjectName(QStringLiteral("judgeProgress"));
    next->addWidget(m_progress, 1);
    m_unjudged = common::makeButton(tr("Next"), QStringLiteral("link"));
    m_unjudged->setObjectName(QStringLiteral("judgeNext"));
    m_unjudged->setToolTip(tr("Next episode that you have not judged (U)"));
    next->addWidget(m_unjudged);
    m_toConfirm = common::makeButton({}, QStringLiteral("link"));
    m_toConfirm->setObjectName(QStringLiteral("judgeToConfirm"));
    m_toConfirm->setToolTip(tr("Next hazard that nobody has confirmed or dismissed (H)"));
    next->addWidget(m_toConfirm);

    connect(m_name, &QLineEdit::editingFinished, this, [this] { m_judging.setPerson(m_name->text().trimmed()); });
    connect(m_blind, &QToolButton::toggled, this, [this](bool on) { m_judging.setBlind(on); });
    connect(m_behaviour->lineEdit(), &QLineEdit::editingFinished, this, &JudgePanel::write);
    connect(m_behaviour, &QComboBox::activated, this, &JudgePanel::write);
    new LeaveFilter(m_note, [this] { write(); });
    connect(m_confirm, &QPushButton::clicked, this, [this] { confirm(true); });
    connect(m_withdraw, &QPushButton::clicked, this, [this] {
        m_said.reset();
        m_judging.judge(m_episode, std::nullopt);
        showSaid();
    });
    connect(m_unjudged, &QPushButton::clicked, this, &JudgePanel::nextUnjudgedRequested);
    connect(m_toConfirm, &QPushButton::clicked, this, &JudgePanel::nextToConfirmRequested);
}

QWidget* JudgePanel::buildVerdicts()
{
    auto* box = new QWidget;
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(6);
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        auto* button = new QToolButton;
        button->setObjectName(QStringLiteral("judge%1").arg(i + 1));
        button->setProperty("role", "button");
        button->setCheckable(true);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        connect(button, &QToolButton::clicked, this, [this, i] { press(static_cast<int>(i) + 1); });
        grid->addWidget(button, static_cast<int>(i) / 2, static_cast<int>(i) % 2);
        m_buttons[i] = button;
    }
    return box;
}

QWidget* JudgePanel::buildSeverity()
{
    auto* box = new QWidget;
    auto* line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(common::makeLabel(tr("Severity"), common::Type::Small, QStringLiteral("quiet")));
    m_slider = new QSlider(Qt::Horizontal);
    m_slider->setObjectName(QStringLiteral("judgeSlider"));
    m_slider->setAccessibleName(tr("Severity of the hazard"));
    m_slider->setRange(0, 100);
    m_slider->setToolTip(tr("0: none, 1: the worst (keys 5 to 9: 0.2 to 1)"));
    line->addWidget(m_slider, 1);
    m_severity = new QDoubleSpinBox;
    m_severity->setObjectName(QStringLiteral("judgeSeverity"));
    m_severity->setAccessibleName(tr("Severity of the hazard, 0 to 1"));
    m_severity->setRange(0, 1);
    m_severity->setSingleStep(0.05);
    m_severity->setLocale(QLocale::c()); // a point, like every other number
    line->addWidget(m_severity);
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) { m_severity->setValue(value / 100.0); });
    connect(m_slider, &QSlider::sliderReleased, this, &JudgePanel::write);
    connect(m_severity, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        const QSignalBlocker quiet(m_slider);
        m_slider->setValue(static_cast<int>(std::lround(value * 100)));
    });
    connect(m_severity, &QDoubleSpinBox::editingFinished, this, &JudgePanel::write);
    return box;
}

void JudgePanel::setEpisode(std::int64_t id, bool isDebate, const std::vector<store::VerdictRow>& verdicts,
                            const std::vector<store::VerdictChange>& changes, const QStringList& behaviours)
{
    const bool isSame = id == m_episode;
    if (!isSame) write(); // of the episode that is left
    const store::Judgement before = entered();
    const bool isTyped = isSame && before != m_said.value_or(store::Judgement{});
    m_episode = id;
    m_isDebate = isDebate;
    m_ofRun.clear();
    m_severityOfRun.reset();
    if (m_judging.isBusy() && isSame) return; // the store is about to say something newer
    m_said.reset();
    m_changed.clear();
    const std::string person = m_judging.person().toStdString();
    for (const store::VerdictRow& row : verdicts) {
        if (!row.isPerson() && !row.isMonitor() && m_ofRun.empty()) {
            m_ofRun = row.verdict;
            m_severityOfRun = row.score;
        }
        if (!row.isPerson() || row.person() != person) continue;
        m_said = store::Judgement{row.verdict, row.severity, row.note, row.safeBehaviour};
        m_changed = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(row.changedAt * 1e3))
                        .toString(QStringLiteral("yyyy-MM-dd HH:mm"));
    }
    const auto own = std::count_if(changes.begin(), changes.end(), [&](const auto& c) { return c.person == person; });
    if (own > 1 && !m_changed.isEmpty()) m_changed += tr(", changed %n times", nullptr, static_cast<int>(own - 1));
    if (!isSame) {
        const QSignalBlocker quiet(m_behaviour);
        m_behaviour->clear();
        m_behaviour->addItems(behaviours);
        m_behaviour->setCurrentIndex(-1); // the first one is not said yet
        m_failure.clear();
    }
    if (!isTyped) showSaid();
    refresh();
}

void JudgePanel::setProgress(int own, int all, int toConfirm)
{
    m_progress->setFullText(tr("%1 of %2 judged").arg(common::groupedText(own), common::groupedText(all)));
    m_toConfirm->setText(tr("%1 to confirm").arg(common::groupedText(toConfirm)));
    m_toConfirm->setVisible(toConfirm > 0 && !m_isDebate);
    m_unjudged->setEnabled(own < all);
}

void JudgePanel::showSaid()
{
    m_filling = true;
    const store::Judgement said = m_said.value_or(store::Judgement{});
    m_verdict = said.verdict;
    m_severity->setValue(said.severity.value_or(kDefaultSeverity));
    m_behaviour->setEditText(shown(said.safeBehaviour));
    m_note->setPlainText(shown(said.note));
    m_filling = false;
    refresh();
}

store::Judgement JudgePanel::entered() const
{
    store::Judgement judgement{.verdict = m_verdict,
                               .note = m_note->toPlainText().trimmed().toStdString(),
                               .safeBehaviour = m_behaviour->currentText().trimmed().toStdString()};
    if (m_verdict == "hazard") judgement.severity = m_severity->value();
    return judgement;
}

void JudgePanel::judge(const std::string& verdict)
{
    if (m_episode == 0 || verdict.empty()) return refresh();
    if (!m_judging.obstacle().isEmpty()) {
        if (!m_judging.isReadOnly()) m_name->setFocus(Qt::OtherFocusReason);
        m_failure = m_judging.obstacle();
        return refresh();
    }
    m_verdict = verdict;
    write();
}

void JudgePanel::write()
{
    if (m_filling || m_episode == 0 || m_verdict.empty() || !m_judging.obstacle().isEmpty()) return;
    const store::Judgement now = entered();
    if (m_said && *m_said == now) return;
    m_failure.clear();
    m_said = now;
    m_judging.judge(m_episode, now);
    refresh();
}

void JudgePanel::press(int key)
{
    const auto place = static_cast<std::size_t>(key - 1);
    if (place < m_buttons.size()) return judge((m_isDebate ? kDebate : kSandbox)[place]);
    if (m_isDebate || key > 9) return;
    const double severity = (key - 4) / static_cast<double>(kSeverities);
    if (m_judging.obstacle().isEmpty()) m_severity->setValue(severity);
    judge("hazard");
}

void JudgePanel::confirm(bool isNext)
{
    if (m_verdict.empty() && !m_judging.isBlind()) {
        if (m_severityOfRun) m_severity->setValue(*m_severityOfRun);
        judge(m_ofRun);
    } else
        write();
    if (isNext && !m_verdict.empty() && m_judging.obstacle().isEmpty()) Q_EMIT nextUnjudgedRequested();
}

void JudgePanel::refresh()
{
    if (m_name->text() != m_judging.person() && !m_name->hasFocus()) m_name->setText(m_judging.person());
    m_blind->setChecked(m_judging.isBlind());
    const QString obstacle = m_judging.obstacle();
    const bool canEdit = m_episode != 0 && !m_judging.isReadOnly();
    m_fields->setEnabled(canEdit);
    m_fields->setToolTip(m_judging.isReadOnly() ? obstacle : QString());
    const auto& words = m_isDebate ? kDebate : kSandbox;
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        m_buttons[i]->setText(QStringLiteral("%1  %2").arg(i + 1).arg(tr(words[i])));
        m_buttons[i]->setVisible(words[i][0] != '\0');
        m_buttons[i]->setChecked(!m_verdict.empty() && m_verdict == words[i]);
    }
    const bool isHazard = m_verdict == "hazard";
    for (QWidget* field : {static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_severity)})
        field->setEnabled(isHazard);
    m_slider->parentWidget()->setVisible(!m_isDebate);
    m_behaviour->setVisible(!m_isDebate);
    const bool confirms = m_verdict.empty() && !m_judging.isBlind() && !m_ofRun.empty();
    m_confirm->setText(confirms ? tr("Confirm \"%1\"").arg(QString::fromStdString(visible(m_ofRun, 20)))
                                : tr("Save and next"));
    m_confirm->setToolTip(tr("Save, and go to the next one (Ctrl+Return)"));
    m_confirm->setEnabled(confirms || !m_verdict.empty());
    m_withdraw->setEnabled(m_said.has_value());
    QString state = m_failure;
    if (state.isEmpty()) state = obstacle;
    const bool isBad = !state.isEmpty() && (!m_failure.isEmpty() || m_judging.isReadOnly());
    if (state.isEmpty() && m_episode != 0)
        state = m_judging.isBusy() ? tr("Being written")
                : !m_said          ? tr("Not judged by you yet")
                                   : tr("Saved %1").arg(m_changed);
    m_state->setText(state);
    m_state->setVisible(!state.isEmpty());
    common::setStyleProperty(*m_state, "tone", isBad ? QStringLiteral("danger") : QStringLiteral("quiet"));
}

} // namespace gradus::pages
