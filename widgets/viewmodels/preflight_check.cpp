// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/preflight_check.h"

#include "base/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace gradus::viewmodels {

namespace {

/// Notes come from data files in part.
QString shown(const QJsonValue& value)
{
    return QString::fromStdString(visible(value.toString().toStdString(), 2000));
}

TickState stateOf(const QString& word)
{
    if (word == QLatin1String("pass")) return TickState::Passed;
    return word == QLatin1String("warn") ? TickState::Warned : TickState::Refused;
}

} // namespace

bool PreflightReport::isRefused() const
{
    return !problem.isEmpty() || std::any_of(ticks.begin(), ticks.end(),
                                             [](const TickRow& tick) { return tick.state == TickState::Refused; });
}

PreflightReport readPreflight(const QByteArray& json, const QByteArray& words)
{
    PreflightReport report;
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    report.runs = object[QLatin1String("runs")].toInt();
    report.conditions = object[QLatin1String("conditions")].toInt();
    report.seconds = object[QLatin1String("seconds")].toDouble();
    report.diskBytes = object[QLatin1String("disk_bytes")].toDouble();
    for (const QJsonValue& value : object[QLatin1String("ticks")].toArray()) {
        const QJsonObject tick = value.toObject();
        report.ticks.append({.id = tick[QLatin1String("id")].toString(),
                             .title = shown(tick[QLatin1String("title")]),
                             .state = stateOf(tick[QLatin1String("state")].toString()),
                             .figure = shown(tick[QLatin1String("figure")]),
                             .sentence = shown(tick[QLatin1String("sentence")]),
                             .cure = shown(tick[QLatin1String("cure")])});
    }
    for (const QJsonValue& note : object[QLatin1String("notes")].toArray())
        report.notes.append(shown(note));
    if (!report.ticks.isEmpty()) return report;
    report.problem = DraftQuestion::sentenceOf(words, PreflightCheck::tr("The draft could not be checked."));
    return report;
}

PreflightCheck::PreflightCheck(LaunchPlace place, QObject* parent) : QObject(parent), m_place(std::move(place))
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(kQuiet);
    connect(&m_quiet, &QTimer::timeout, this, &PreflightCheck::start);
}

void PreflightCheck::setPlace(const LaunchPlace& place)
{
    if (place.workspace != m_place.workspace || place.program != m_place.program) m_answeredAt.invalidate();
    m_place = place;
}

void PreflightCheck::setDraft(const std::string& toml)
{
    if (toml == m_toml && (isRunning() || isFresh())) return;
    m_toml = toml;
    m_answeredAt.invalidate();
    m_question.abandon();
    m_quiet.start();
    Q_EMIT began();
}

void PreflightCheck::hurry()
{
    if (!m_quiet.isActive()) return;
    m_quiet.stop();
    start();
}

void PreflightCheck::start()
{
    m_question.ask(m_place, m_toml, {QStringLiteral("check")}, {},
                   [this](const QByteArray& json, const QByteArray& words) {
                       m_answeredAt.start();
                       Q_EMIT answered(readPreflight(json, words));
                   });
}

} // namespace gradus::viewmodels
