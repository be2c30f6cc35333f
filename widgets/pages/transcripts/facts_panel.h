// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of one episode beside its messages: the verdict, why, and what is taught instead.
#pragma once

#include "events/events.h"

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace gradus::common {
class ChipLabel;
}

namespace gradus::pages {

/// Read only; texts from the store are plain and visible. GUI thread only.
class FactsPanel final : public QFrame
{
    Q_OBJECT
public:
    explicit FactsPanel(QWidget* parent = nullptr);
    void setEpisode(const events::EpisodeRecord* episode); ///< null: nothing

private:
    QLabel* addFact(QVBoxLayout& column, const QString& title, const char* name);

    common::ChipLabel* m_verdict = nullptr;
    QLabel* m_judge = nullptr;
    QLabel* m_why = nullptr;
    QLabel* m_severity = nullptr;
    QLabel* m_safe = nullptr;
    QLabel* m_safeBy = nullptr;
    QLabel* m_scenario = nullptr;
    QLabel* m_place = nullptr;
    QWidget* m_body = nullptr;
};

} // namespace gradus::pages
