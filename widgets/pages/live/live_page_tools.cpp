// SPDX-License-Identifier: GPL-3.0-or-later
// What the Live page can be told about all its cards and its run: smoothing, alert rules, why nothing can be asked.
#include "pages/live/alerts_panel.h"
#include "pages/live/live_card.h"
#include "pages/live/live_header.h"
#include "pages/live/live_page.h"
#include "pages/shared/smoothing_button.h"

namespace gradus::pages {

void LivePage::buildAlerts()
{
    m_alerts = new AlertsPanel(this);
    connect(m_alerts, &AlertsPanel::rulesRequested, this,
            [this](const QStringList& rules) { Q_EMIT alertRulesRequested(m_runId, rules); });
    connect(m_header, &LiveHeader::alertsRequested, this, [this] {
        m_alerts->setSeries(m_run.seriesNames());
        m_alerts->show();
        m_alerts->raise();
    });
    connect(m_header->smoothing(), &SmoothingButton::smoothingChanged, this,
            [this](const viewmodels::Smoothing& smoothing) {
                m_smoothing = smoothing;
                for (LiveCard* card : m_cards + m_foreign)
                    card->setSmoothing(smoothing);
            });
}

void LivePage::setSmoothing(const viewmodels::Smoothing& smoothing)
{
    m_header->smoothing()->setSmoothing(smoothing);
}

void LivePage::setCommandsBlocked(const QString& reason)
{
    m_blocked = reason;
    m_header->setCommandsBlocked(reason);
    if (m_run.hasRun()) refreshAlerts();
}

void LivePage::refreshAlerts()
{
    const std::vector<store::EventRow>& all = m_run.detail().events;
    m_watched = viewmodels::watchedRules(all);
    int fired = 0;
    for (const viewmodels::WatchedRule& one : m_watched)
        fired += one.fired;
    m_header->setAlertCount(static_cast<int>(m_watched.size()), fired);
    m_alerts->setRules(m_watched);
    m_alerts->setBlocked(
        !m_blocked.isEmpty() ? m_blocked
        : m_run.isAlive()    ? QString()
                          : tr("The run is not running; its rules stand in its experiment file as [[alert]] tables."));
    const std::vector<spec::AlertRule> rules = viewmodels::rulesOf(m_watched);
    for (LiveCard* card : m_cards + m_foreign)
        card->setAlertRules(rules);
}

} // namespace gradus::pages
