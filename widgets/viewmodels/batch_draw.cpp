// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/batch_draw.h"

#include "base/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace gradus::viewmodels {

namespace {

constexpr std::size_t kLongestText = 400;

/// Texts of items come from data files.
QString shown(const QJsonValue& value)
{
    return QString::fromStdString(visible(value.toString().toStdString(), kLongestText));
}

QString labelText(const QJsonValue& label)
{
    return label.isDouble() ? QString::number(label.toInt()) : QString();
}

} // namespace

BatchReport readBatch(const QByteArray& json, const QByteArray& words)
{
    BatchReport report;
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    report.generation = object[QLatin1String("generation")].toInt();
    report.pool = object[QLatin1String("pool")].toInt();
    for (const QJsonValue& value : object[QLatin1String("sources")].toArray()) {
        const QJsonObject source = value.toObject();
        report.sources.append({.name = shown(source[QLatin1String("name")]),
                               .weight = source[QLatin1String("weight")].toDouble(),
                               .notAsked = shown(source[QLatin1String("not_asked")])});
    }
    for (const QJsonValue& value : object[QLatin1String("items")].toArray()) {
        const QJsonObject item = value.toObject();
        BatchItem one{.name = shown(item[QLatin1String("item")]),
                      .text = shown(item[QLatin1String("texts")].toArray().first()),
                      .truth = item[QLatin1String("truth")].toInt(),
                      .labels = {},
                      .pooled = labelText(item[QLatin1String("pooled")])};
        for (const QJsonValue& label : item[QLatin1String("labels")].toArray())
            one.labels.append(labelText(label));
        report.items.append(std::move(one));
    }
    if (!report.items.isEmpty()) return report;
    report.problem = DraftQuestion::sentenceOf(words, BatchDraw::tr("No batch could be drawn."));
    return report;
}

void BatchDraw::draw(const std::string& toml, int generation)
{
    m_question.ask(m_place, toml, {QStringLiteral("data"), QStringLiteral("batch")},
                   {QStringLiteral("--generation"), QString::number(generation)},
                   [this](const QByteArray& json, const QByteArray& words) { Q_EMIT drawn(readBatch(json, words)); });
}

} // namespace gradus::viewmodels
