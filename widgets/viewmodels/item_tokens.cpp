// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/item_tokens.h"

#include "spec/experiment.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace gradus::viewmodels {

void ItemTokens::ask(const spec::Experiment& experiment, const std::string& toml)
{
    spec::Experiment asked; // all else as usual, so that another gap is no other question
    asked.task = experiment.task;
    asked.ladder = experiment.ladder;
    const std::string what = spec::canonicalToml(asked);
    if (what == m_askedFor && (m_perItem || m_question.isRunning())) return;
    m_askedFor = what;
    m_perItem.reset();
    m_problem.clear();
    m_question.ask(m_place, toml, {QStringLiteral("data"), QStringLiteral("batch")}, {},
                   [this](const QByteArray& json, const QByteArray& said) {
                       const QJsonValue tokens = QJsonDocument::fromJson(json).object()[QLatin1String("item_tokens")];
                       if (tokens.toDouble() > 0)
                           m_perItem = tokens.toDouble();
                       else
                           m_problem = DraftQuestion::sentenceOf(said, tr("The task does not tell its items' tokens."));
                       Q_EMIT answered();
                   });
}

} // namespace gradus::viewmodels
