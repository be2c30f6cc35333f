// SPDX-License-Identifier: GPL-3.0-or-later
// How many tokens a student of a draft reads of one item: only the program that reads the task can tell.
#pragma once

#include "viewmodels/draft_question.h"

#include <QObject>

#include <optional>
#include <string>

namespace gradus::spec {
struct Experiment;
}

namespace gradus::viewmodels {

/// Asks `gradus data batch`, once a task. GUI thread only; nothing waits.
class ItemTokens final : public QObject
{
    Q_OBJECT
public:
    explicit ItemTokens(QObject* parent = nullptr) : QObject(parent) {}

    void setPlace(const LaunchPlace& place) { m_place = place; }
    /// answered() follows, unless the same task was asked about already.
    void ask(const spec::Experiment& experiment, const std::string& toml);
    bool isAsking() const { return m_question.isRunning(); }
    std::optional<double> perItem() const { return m_perItem; } ///< none: not known
    const QString& problem() const { return m_problem; }        ///< why not

Q_SIGNALS:
    void answered();

private:
    LaunchPlace m_place;
    DraftQuestion m_question;
    std::string m_askedFor; ///< what it depends on
    std::optional<double> m_perItem;
    QString m_problem;
};

} // namespace gradus::viewmodels
