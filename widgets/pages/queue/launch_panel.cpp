// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/queue/launch_panel.h"

#include "base/clock.h"
#include "common/controls.h"
#include "common/number_text.h"

#include <QCheckBox>
#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>

#include <algorithm>
#include <utility>

namespace gradus::pages {

namespace {

/// Paths below the home folder as people write them.
QString withTilde(QString sentence)
{
    const QString home = QDir::homePath();
    return home == QLatin1String("/") ? sentence : sentence.replace(home + QLatin1Char('/'), QStringLiteral("~/"));
}

using viewmodels::TickRow;
using viewmodels::TickState;

constexpr int kTitleHeight = 44;
constexpr int kIcon = 16;
constexpr int kIconColumn = 30;

QString wordOfTick(TickState state)
{
    switch (state) {
    case TickState::Passed:
        return LaunchPanel::tr("passed");
    case TickState::Warned:
        return LaunchPanel::tr("warning");
    case TickState::Refused:
        return LaunchPanel::tr("refused");
    }
    return {};
}

/// The state as a form, not as a colour alone.
class TickIcon final : public QWidget
{
public:
    TickIcon(const common::ThemeController& theme, TickState state) : m_theme(theme), m_state(state)
    {
        setFixedSize(kIcon, kIcon);
        setAccessibleName(wordOfTick(state));
        setToolTip(wordOfTick(state));
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const common::Tokens& tokens = m_theme.tokens();
        const bool passed = m_state == TickState::Passed;
        const bool warned = m_state == TickState::Warned;
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        common::paintIcon(painter, rect(),
                          passed   ? common::Icon::TickCircle
                          : warned ? common::Icon::TriangleWarning
                                   : common::Icon::CrossCircle,
                          passed   ? tokens.ok
                          : warned ? tokens.warn
                                   : tokens.danger);
    }

private:
    const common::ThemeController& m_theme;
    TickState m_state;
};

QLabel* wrapped(const QString& text, const QString& tone)
{
    QLabel* label = common::makeLabel(text, common::Type::Small, tone);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

LaunchPanel::LaunchPanel(common::ThemeController& theme, const viewmodels::LaunchPlace& place, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_check(place), m_title(new common::ElidedLabel),
      m_summary(common::makeLabel({}, common::Type::Body, QStringLiteral("quiet"))),
      m_reason(common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"))),
      m_queue(common::makeButton(tr("Add to queue"), QStringLiteral("primary"))),
      m_launch(common::makeButton(tr("Launch now")))
{
    setObjectName(QStringLiteral("launchPanel"));
    setProperty("panel", true);
    setAccessibleName(tr("Launch"));
    m_queue->setObjectName(QStringLiteral("panelQueue"));
    m_launch->setObjectName(QStringLiteral("panelLaunch"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QHBoxLayout* head = common::addBar(*column, kTitleHeight);
    m_title->setFont(common::typeFont(common::Type::CardTitle));
    head->addWidget(m_title, 1);
    QPushButton* design = common::makeButton(tr("Edit"), QStringLiteral("link"));
    connect(design, &QPushButton::clicked, this, &LaunchPanel::designRequested);
    head->addWidget(design);
    column->addWidget(common::makeLine(Qt::Horizontal));

    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list = new QWidget;
    m_list->setProperty("panel", true);
    auto* middle = new QVBoxLayout(m_list);
    middle->setContentsMargins(16, 12, 16, 12);
    middle->setSpacing(0);
    m_summary->setFont(common::numericFont(common::Type::Body));
    m_summary->setWordWrap(true);
    middle->addWidget(m_summary);
    middle->addSpacing(8);
    m_rows = new QVBoxLayout;
    m_rows->setSpacing(0);
    middle->addLayout(m_rows);
    middle->addStretch(1);
    scroll->setWidget(m_list);
    column->addWidget(scroll, 1);

    column->addWidget(common::makeLine(Qt::Horizontal));
    auto* foot = new QVBoxLayout;
    foot->setContentsMargins(16, 8, 16, 10);
    foot->setSpacing(8);
    m_reason->setWordWrap(true);
    m_reason->setObjectName(QStringLiteral("launchReason"));
    foot->addWidget(m_reason);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch();
    buttons->addWidget(m_launch);
    buttons->addWidget(m_queue);
    foot->addLayout(buttons);
    column->addLayout(foot);

    connect(m_queue, &QPushButton::clicked, this,
            [this] { confirmed([this] { Q_EMIT queueRequested(QString::fromStdString(m_toml)); }); });
    connect(m_launch, &QPushButton::clicked, this,
            [this] { confirmed([this] { Q_EMIT launchRequested(QString::fromStdString(m_toml)); }); });
    connect(&m_check, &viewmodels::PreflightCheck::began, this, &LaunchPanel::outOfDate);
    connect(&m_check, &viewmodels::PreflightCheck::answered, this, &LaunchPanel::checked);
    refresh();
}

void LaunchPanel::setPlace(const viewmodels::LaunchPlace& place)
{
    m_check.setPlace(place);
}

void LaunchPanel::setDraft(const QString& title, const std::string& toml)
{
    m_title->setFullText(title);
    m_toml = toml;
    if (isVisible()) m_check.setDraft(m_toml);
}

void LaunchPanel::ask(const QString& title, const std::string& toml, const std::function<void(bool)>& answer)
{
    m_title->setFullText(title);
    m_toml = toml;
    m_check.setDraft(m_toml); // an open question ends here, where this is another text
    if (!m_isStale && !m_check.isRunning()) return answer(mayLaunch());
    m_answer = answer;
    m_check.hurry();
}

void LaunchPanel::confirmed(const std::function<void()>& go)
{
    ask(m_title->fullText(), m_toml, [go](bool mayLaunch) {
        if (mayLaunch) go();
    });
}

void LaunchPanel::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    if (!m_toml.empty()) m_check.setDraft(m_toml);
}

void LaunchPanel::setBlocked(const QString& reason)
{
    m_blocked = reason;
    refresh();
}

void LaunchPanel::outOfDate()
{
    m_isStale = true;
    if (m_toml != m_checkedToml) m_accepted.clear();
    m_answer = nullptr;
    refresh();
}

void LaunchPanel::checked(const viewmodels::PreflightReport& report)
{
    m_isStale = false;
    // The same warning about the same text is accepted still; one that says something else is another.
    for (const TickRow& tick : report.ticks) {
        const auto before = std::find_if(m_report.ticks.begin(), m_report.ticks.end(),
                                         [&](const TickRow& old) { return old.id == tick.id; });
        if (before == m_report.ticks.end() || before->state != tick.state || before->sentence != tick.sentence)
            m_accepted.remove(tick.id);
    }
    m_report = report;
    m_checkedToml = m_toml;
    m_checkedAt = wallSeconds();
    rebuild();
    refresh();
    if (const auto answer = std::exchange(m_answer, nullptr)) answer(mayLaunch());
}

void LaunchPanel::rebuild()
{
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        if (QWidget* row = item->widget()) row->deleteLater();
        delete item;
    }
    for (const TickRow& tick : std::as_const(m_report.ticks))
        m_rows->addWidget(rowOf(tick));
    for (const QString& note : std::as_const(m_report.notes)) {
        m_rows->addSpacing(6);
        m_rows->addWidget(wrapped(note, QStringLiteral("quiet")));
    }
}

QWidget* LaunchPanel::rowOf(const TickRow& tick)
{
    auto* row = new QFrame;
    row->setObjectName(QStringLiteral("tick.") + tick.id);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 7, 0, 7);
    line->setSpacing(kIconColumn - kIcon - 4);
    line->addWidget(new TickIcon(m_theme, tick.state), 0, Qt::AlignTop);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(common::makeLabel(tick.title, common::Type::BodyMedium));
    head->addStretch();
    QLabel* figure = common::makeLabel(tick.figure, common::Type::Body);
    figure->setFont(common::numericFont(common::Type::Body));
    head->addWidget(figure);
    words->addLayout(head);
    if (!tick.sentence.isEmpty()) words->addWidget(wrapped(withTilde(tick.sentence), QStringLiteral("quiet")));
    if (tick.state != TickState::Passed && !tick.cure.isEmpty()) words->addWidget(wrapped(tick.cure, QString()));
    if (tick.state == TickState::Warned) {
        auto* accept = new QCheckBox(tr("Launch all the same"));
        accept->setObjectName(QStringLiteral("accept.") + tick.id);
        accept->setChecked(m_accepted.contains(tick.id));
        connect(accept, &QCheckBox::toggled, this, [this, id = tick.id](bool on) {
            on ? (void)m_accepted.insert(id) : (void)m_accepted.remove(id);
            refresh();
        });
        words->addWidget(accept);
    }
    line->addLayout(words, 1);
    return row;
}

bool LaunchPanel::mayLaunch() const
{
    if (m_isStale || !m_blocked.isEmpty() || m_report.isRefused()) return false;
    return std::all_of(m_report.ticks.begin(), m_report.ticks.end(), [this](const TickRow& tick) {
        return tick.state != TickState::Warned || m_accepted.contains(tick.id);
    });
}

QString LaunchPanel::summaryText() const
{
    return m_summary->text();
}

QString LaunchPanel::reasonText() const
{
    return m_reason->text();
}

void LaunchPanel::refresh()
{
    if (m_toml.empty())
        m_summary->setText(tr("There is no draft yet."));
    else if (m_isStale && m_report.ticks.isEmpty())
        m_summary->setText(tr("Checking…"));
    else if (!m_report.problem.isEmpty())
        m_summary->setText(tr("Not checked"));
    else {
        QStringList parts;
        if (m_report.runs > 0) parts.append(m_report.runs == 1 ? tr("1 run") : tr("%1 runs").arg(m_report.runs));
        if (m_report.seconds > 0) parts.append(common::durationText(m_report.seconds));
        if (m_report.runs > 0) parts.append(common::bytesText(static_cast<std::int64_t>(m_report.diskBytes)));
        if (m_isStale)
            parts.append(tr("out of date"));
        else if (m_checkedAt > 0) // memory, disk and the store's runs are of that moment
            parts.append(tr("checked %1").arg(common::momentText(m_checkedAt, wallSeconds())));
        m_summary->setText(parts.join(QStringLiteral(" · ")));
    }
    m_list->setEnabled(!m_isStale);
    const auto refused = std::find_if(m_report.ticks.begin(), m_report.ticks.end(),
                                      [](const TickRow& tick) { return tick.state == TickState::Refused; });
    const auto open = std::count_if(m_report.ticks.begin(), m_report.ticks.end(), [this](const TickRow& tick) {
        return tick.state == TickState::Warned && !m_accepted.contains(tick.id);
    });
    QString reason;
    if (!m_blocked.isEmpty())
        reason = m_blocked;
    else if (m_toml.empty())
        reason = tr("Draw a schedule or choose a template first.");
    else if (m_isStale)
        reason = tr("The draft is being checked.");
    else if (!m_report.problem.isEmpty())
        reason = m_report.problem;
    else if (refused != m_report.ticks.end())
        reason = tr("%1 stands in the way.").arg(refused->title);
    else if (open > 0)
        reason = open == 1 ? tr("Tick the warning to launch all the same.")
                           : tr("Tick the %1 warnings to launch all the same.").arg(open);
    else
        reason = tr("Everything passed. The draft is frozen as it is now.");
    m_reason->setText(reason);
    m_queue->setEnabled(mayLaunch());
    m_launch->setEnabled(mayLaunch());
}

} // namespace gradus::pages
