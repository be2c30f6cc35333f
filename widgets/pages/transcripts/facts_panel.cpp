// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/facts_panel.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "events/evidence_text.h"
#include "pages/transcripts/verdict_look.h"
#include "viewmodels/hazard_state.h"
#include "viewmodels/monitor_note.h"

#include <QDateTime>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr std::size_t kLongest = 2000; // bytes of one fact

constexpr std::size_t kMostChanges = 12;
constexpr std::size_t kMostFiles = 20;
constexpr std::size_t kMostLines = 8; // of one file's change
constexpr std::size_t kShortDigest = 12;

QString shown(const std::string& untrusted)
{
    return untrusted.empty() ? common::missingText() : QString::fromStdString(visible(untrusted, kLongest));
}

/// "to confirm", then how far the run itself has come with it.
QString stepsText(const store::EpisodeRow& row)
{
    const auto state = viewmodels::hazardStateOf(row);
    QString text = viewmodels::hazardStateText(state);
    if (state != viewmodels::HazardState::ToConfirm && state != viewmodels::HazardState::Confirmed) return text;
    if (row.isTaught) text += FactsPanel::tr("; taught by the run");
    if (row.isAudited) text += FactsPanel::tr(" and audited after it");
    return text;
}

} // namespace

FactsPanel::FactsPanel(QWidget* parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("factsPanel"));
    setProperty("panel", true);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    outer->addWidget(scroll, 1);
    m_body = new QFrame;
    m_body->setProperty("panel", true);
    scroll->setWidget(m_body);
    auto* column = new QVBoxLayout(m_body);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(2);
    m_hidden = common::makeLabel(tr("Hidden until you have judged it: you judge blind."), common::Type::Small,
                                 QStringLiteral("quiet"));
    m_hidden->setObjectName(QStringLiteral("factHidden"));
    m_hidden->setWordWrap(true);
    column->addWidget(m_hidden);
    m_told = new QWidget;
    auto* told = new QVBoxLayout(m_told);
    told->setContentsMargins(0, 0, 0, 0);
    told->setSpacing(2);
    m_verdict = new common::ChipLabel;
    m_verdict->setObjectName(QStringLiteral("factVerdict"));
    told->addWidget(m_verdict, 0, Qt::AlignLeft);
    m_judge = addFact(*told, tr("Judged by"), "factJudge");
    m_why = addFact(*told, tr("Why"), "factWhy");
    m_severity = addFact(*told, tr("Severity, 0 to 1"), "factSeverity");
    m_safe = addFact(*told, tr("Safe behaviour, taught instead"), "factSafe");
    m_safeBy = addFact(*told, tr("Said so"), "factSafeBy");
    m_steps = addFact(*told, tr("Hazard"), "factSteps");
    m_more = new QVBoxLayout;
    m_more->setContentsMargins(0, 0, 0, 0);
    m_more->setSpacing(2);
    told->addLayout(m_more);
    column->addWidget(m_told);
    column->addSpacing(8);
    column->addWidget(common::makeLine(Qt::Horizontal));
    m_scenario = addFact(*column, tr("Scenario"), "factScenario");
    m_place = addFact(*column, tr("Episode"), "factPlace");
    column->addStretch(1);
    setEpisode(nullptr, nullptr, {}, {}, false);
}

QLabel* FactsPanel::addFact(QVBoxLayout& column, const QString& title, const char* name)
{
    column.addSpacing(8);
    column.addWidget(common::makeLabel(title, common::Type::Small, QStringLiteral("quiet")));
    QLabel* value = common::makeLabel({}, common::Type::Body);
    value->setObjectName(QLatin1String(name));
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column.addWidget(value);
    return value;
}

QLabel* FactsPanel::addLine(const QString& text, common::Type type, const QString& tone)
{
    QLabel* line = common::makeLabel(text, type, tone);
    line->setWordWrap(true);
    line->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_more->addWidget(line);
    return line;
}

void FactsPanel::addOthers(const events::EpisodeRecord& episode, const std::vector<store::VerdictRow>& verdicts)
{
    for (const bool monitors : {false, true}) {
        bool isFirst = true;
        for (const store::VerdictRow& verdict : verdicts) {
            if (monitors ? !verdict.isMonitor() : !verdict.isPerson()) continue;
            if (isFirst) m_more->addSpacing(8);
            if (isFirst)
                addLine(monitors ? tr("Monitors") : tr("People"), common::Type::Small, QStringLiteral("quiet"));
            isFirst = false;
            if (monitors) {
                addMonitor(episode, verdict);
                continue;
            }
            QString said = tr("%1: %2").arg(shown(verdict.person()), shown(verdict.verdict));
            if (verdict.severity) said += tr(", severity %1").arg(common::numberText(verdict.severity, 2));
            if (!verdict.safeBehaviour.empty()) said += tr("; should: %1").arg(shown(verdict.safeBehaviour));
            addLine(said, common::Type::Body)->setObjectName(QStringLiteral("factPerson"));
            if (!verdict.note.empty()) addLine(shown(verdict.note), common::Type::Small, QStringLiteral("quiet"));
        }
    }
}

void FactsPanel::addMonitor(const events::EpisodeRecord& episode, const store::VerdictRow& verdict)
{
    const QString name = shown(verdict.judge.substr(store::kMonitorPrefix.size()));
    addLine(tr("%1  %2  %3").arg(name, common::numberText(verdict.score, 2), shown(verdict.verdict)),
            common::Type::Body)
        ->setObjectName(QStringLiteral("factMonitor"));
    const auto findings = viewmodels::monitorFindings(verdict.note, episode);
    if (findings.isEmpty() && !verdict.note.empty() && verdict.note.front() != '{')
        addLine(shown(verdict.note), common::Type::Small, QStringLiteral("quiet"));
    for (const viewmodels::MonitorFinding& finding : findings) {
        addLine(finding.why, common::Type::Small, QStringLiteral("quiet"));
        if (finding.message < 0) continue;
        QPushButton* jump = common::makeButton(tr("Turn %1").arg(finding.message + 1), QStringLiteral("link"));
        jump->setObjectName(QStringLiteral("factCitation"));
        jump->setToolTip(tr("Shows the message that %1 cites").arg(common::plainTooltip(name)));
        connect(jump, &QPushButton::clicked, this,
                [this, message = finding.message] { Q_EMIT messageRequested(message); });
        m_more->addWidget(jump, 0, Qt::AlignLeft);
    }
}

void FactsPanel::addChanges(const std::vector<store::VerdictChange>& changes)
{
    if (changes.empty()) return;
    m_more->addSpacing(8);
    addLine(tr("Provenance"), common::Type::Small, QStringLiteral("quiet"));
    const std::size_t from = changes.size() > kMostChanges ? changes.size() - kMostChanges : 0;
    if (from > 0) addLine(tr("%n earlier ones", nullptr, static_cast<int>(from)), common::Type::Small);
    for (std::size_t i = from; i < changes.size(); ++i) {
        const QString when = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(changes[i].wall * 1e3))
                                 .toString(QStringLiteral("MM-dd HH:mm"));
        const QString what = changes[i].said.verdict.empty() ? tr("withdrawn") : shown(changes[i].said.verdict);
        addLine(QStringLiteral("%1  %2  %3").arg(when, shown(changes[i].person), what), common::Type::Small)
            ->setObjectName(QStringLiteral("factChange"));
    }
}

void FactsPanel::addEvidence(const events::EpisodeRecord& episode)
{
    const auto evidence = events::evidenceOf(episode);
    if (!evidence) return;
    m_more->addSpacing(8);
    addLine(tr("Made of"), common::Type::Small, QStringLiteral("quiet"));
    addLine(shown(events::originText(evidence->origin)), common::Type::Body)
        ->setObjectName(QStringLiteral("factOrigin"));
    if (!evidence->origin.renderingDigest.empty())
        addLine(tr("material %1").arg(shown(evidence->origin.renderingDigest.substr(0, kShortDigest))),
                common::Type::Small, QStringLiteral("quiet"));
    if (evidence->files.empty()) return;
    m_more->addSpacing(8);
    addLine(tr("Files"), common::Type::Small, QStringLiteral("quiet"));
    const std::size_t most = std::min(evidence->files.size(), kMostFiles);
    for (std::size_t i = 0; i < most; ++i) {
        const events::KeptFile& file = evidence->files[i];
        addLine(shown(file.path), common::Type::Body)->setObjectName(QStringLiteral("factFile"));
        QString what = QString::fromStdString(events::changeText(file));
        for (const std::string& line : events::changedLines(file, kMostLines))
            what += QLatin1Char('\n') + QString::fromStdString(line);
        addLine(what, common::Type::Small, QStringLiteral("quiet"))->setObjectName(QStringLiteral("factFileChange"));
    }
    const auto others = static_cast<int>(evidence->files.size() - most + evidence->filesLeftOut);
    if (others > 0)
        addLine(tr("%n more file(s): gradus transcript shows what is kept", nullptr, others), common::Type::Small,
                QStringLiteral("quiet"));
}

void FactsPanel::setEpisode(const events::EpisodeRecord* episode, const store::EpisodeRow* row,
                            const std::vector<store::VerdictRow>& verdicts,
                            const std::vector<store::VerdictChange>& changes, bool isHidden)
{
    m_body->setVisible(episode != nullptr);
    while (QLayoutItem* item = m_more->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    if (episode == nullptr) return;
    m_hidden->setVisible(isHidden);
    m_told->setVisible(!isHidden);
    m_scenario->setText(shown(episode->scenario));
    const auto held = static_cast<std::int64_t>(episode->messages.size());
    const QString messages = common::groupedText(row == nullptr ? held : std::max<std::int64_t>(held, row->messages));
    m_place->setText(
        isHidden
            ? tr("%1 messages").arg(messages)
            : tr("%1, generation %2, %3 messages").arg(shown(episode->key)).arg(episode->generation).arg(messages));
    if (isHidden) return;
    const viewmodels::Verdict verdict = viewmodels::verdictOf(episode->verdict);
    const bool isUnknown = verdict == viewmodels::Verdict::NotJudged && !episode->verdict.empty();
    m_verdict->setText(isUnknown                               ? shown(episode->verdict)
                       : verdict == viewmodels::Verdict::Asked ? tr("asked a person")
                                                               : viewmodels::verdictText(verdict));
    // The sheet pads a chip only when it has been polished: its room is asked for here.
    m_verdict->setMinimumWidth(m_verdict->fontMetrics().horizontalAdvance(m_verdict->text()) + 20);
    m_verdict->setTone(QLatin1String(lookOf(verdict, common::lightTokens()).tone));
    m_judge->setText(shown(episode->judge));
    m_why->setText(shown(episode->note));
    m_severity->setText(common::numberText(episode->severity, 2));
    m_safe->setText(shown(episode->safeBehaviour));
    m_safeBy->setText(shown(episode->safeBehaviourSource));
    m_steps->setText(row == nullptr ? common::missingText() : stepsText(*row));
    addOthers(*episode, verdicts);
    addChanges(changes);
    addEvidence(*episode);
}

} // namespace gradus::pages
