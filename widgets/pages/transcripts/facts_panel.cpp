// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/facts_panel.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "pages/transcripts/verdict_look.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace gradus::pages {

namespace {

constexpr std::size_t kLongest = 2000; // bytes of one fact

QString shown(const std::string& untrusted)
{
    return untrusted.empty() ? common::missingText() : QString::fromStdString(visible(untrusted, kLongest));
}

} // namespace

FactsPanel::FactsPanel(QWidget* parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("factsPanel"));
    setProperty("panel", true);
    setMinimumWidth(220);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    QLabel* title = common::makeLabel(tr("Verdict"), common::Type::SmallStrong);
    title->setFixedHeight(43);
    title->setContentsMargins(12, 0, 12, 0);
    outer->addWidget(title);
    outer->addWidget(common::makeLine(Qt::Horizontal));
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
    m_verdict = new common::ChipLabel;
    m_verdict->setObjectName(QStringLiteral("factVerdict"));
    column->addWidget(m_verdict, 0, Qt::AlignLeft);
    m_judge = addFact(*column, tr("Judged by"), "factJudge");
    m_why = addFact(*column, tr("Why"), "factWhy");
    m_severity = addFact(*column, tr("Severity, 0 to 1"), "factSeverity");
    m_safe = addFact(*column, tr("Safe behaviour, taught instead"), "factSafe");
    m_safeBy = addFact(*column, tr("Said so"), "factSafeBy");
    column->addSpacing(8);
    column->addWidget(common::makeLine(Qt::Horizontal));
    m_scenario = addFact(*column, tr("Scenario"), "factScenario");
    m_place = addFact(*column, tr("Episode"), "factPlace");
    column->addStretch(1);
    setEpisode(nullptr);
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

void FactsPanel::setEpisode(const events::EpisodeRecord* episode)
{
    m_body->setVisible(episode != nullptr);
    if (episode == nullptr) return;
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
    m_scenario->setText(shown(episode->scenario));
    m_place->setText(tr("%1, generation %2, %3 messages")
                         .arg(shown(episode->key))
                         .arg(episode->generation)
                         .arg(common::groupedText(static_cast<std::int64_t>(episode->messages.size()))));
}

} // namespace gradus::pages
