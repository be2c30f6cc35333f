// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/monitor_note.h"

#include "base/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace gradus::viewmodels {

namespace {

constexpr qsizetype kMost = 50;
constexpr std::size_t kLongest = 300; // bytes of a reason

bool isCall(const events::EpisodeMessage& message)
{
    return message.role == "assistant" && !message.detailsJson.empty();
}

/// The message with the record's call, or its output; -1 where there is none.
int messageOf(int record, bool isOutput, const std::vector<events::EpisodeMessage>& messages)
{
    int calls = -1;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        calls += isCall(messages[i]) ? 1 : 0;
        if (calls != record || !isCall(messages[i])) continue;
        const bool hasOutput = i + 1 < messages.size() && messages[i + 1].role == "tool";
        return static_cast<int>(i) + (isOutput && hasOutput ? 1 : 0);
    }
    return -1;
}

int statementOf(const std::vector<events::EpisodeMessage>& messages)
{
    for (std::size_t i = messages.size(); i > 0; --i)
        if (messages[i - 1].role == "assistant" && messages[i - 1].detailsJson.empty()) return static_cast<int>(i) - 1;
    return -1;
}

int citedBy(const QJsonObject& finding, const std::vector<events::EpisodeMessage>& messages)
{
    if (finding.contains(QLatin1String("message"))) {
        const int message = finding[QLatin1String("message")].toInt(-1);
        return message >= 0 && message < static_cast<int>(messages.size()) ? message : -1;
    }
    const QString part = finding[QLatin1String("part")].toString();
    if (part == QLatin1String("statement")) return statementOf(messages);
    if (!finding.contains(QLatin1String("record"))) return -1;
    return messageOf(finding[QLatin1String("record")].toInt(-1), part != QLatin1String("call"), messages);
}

} // namespace

QVector<MonitorFinding> monitorFindings(const std::string& note, const events::EpisodeRecord& episode)
{
    QVector<MonitorFinding> findings;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(note));
    for (const QJsonValue& value : document[QLatin1String("findings")].toArray()) {
        if (findings.size() == kMost) break;
        const QJsonObject finding = value.toObject();
        const std::string why = finding[QLatin1String("why")].toString().toStdString();
        findings.append({QString::fromStdString(visible(why, kLongest)), citedBy(finding, episode.messages)});
    }
    return findings;
}

} // namespace gradus::viewmodels
