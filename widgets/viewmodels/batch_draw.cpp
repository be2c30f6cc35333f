// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/batch_draw.h"

#include "base/text.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryFile>

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
    QString said = QString::fromUtf8(words).trimmed();
    if (said.startsWith(QLatin1String("gradus: "))) said.remove(0, 8);
    report.problem = said.isEmpty() ? BatchDraw::tr("No batch could be drawn.")
                                    : QString::fromStdString(visible(said.toStdString(), 2000));
    return report;
}

BatchDraw::~BatchDraw()
{
    if (!m_process) return;
    m_process->disconnect(this);
    m_process->kill();
    m_process->waitForFinished(500);
}

/// Nothing is written by a draw, so that it may end anywhere.
void BatchDraw::abandon()
{
    if (!m_process) return;
    m_process->disconnect(this);
    m_process->kill();
    m_process->setParent(nullptr);
    connect(m_process, &QProcess::finished, m_process, &QObject::deleteLater);
    m_process = nullptr;
}

void BatchDraw::draw(const std::string& toml, int generation)
{
    abandon();
    const Launcher launcher(m_place);
    auto* process = new QProcess(this);
    auto* file = new QTemporaryFile(QDir::tempPath() + QStringLiteral("/gradus-draft-XXXXXX.toml"), process);
    if (!file->open() || file->write(QByteArray::fromStdString(toml)) < 0 || !file->flush()) {
        const QString why = file->errorString();
        process->deleteLater();
        Q_EMIT drawn(readBatch({}, tr("The draft could not be written for the draw: %1.").arg(why).toUtf8()));
        return;
    }
    m_process = process;
    process->setProgram(launcher.programPath());
    process->setArguments({QStringLiteral("data"), QStringLiteral("batch"), file->fileName(),
                           QStringLiteral("--generation"), QString::number(generation), QStringLiteral("--store"),
                           launcher.storePath(), QStringLiteral("--json")});
    process->setWorkingDirectory(m_place.workspace);
    const QByteArray name = file->fileName().toUtf8();
    connect(process, &QProcess::finished, this, [this, process, name] {
        m_process = nullptr;
        process->deleteLater();
        const QByteArray json = process->readAllStandardOutput();
        const QByteArray words = process->readAllStandardError().replace(name, "the draft");
        Q_EMIT drawn(readBatch(json, words));
    });
    connect(process, &QProcess::errorOccurred, this, [this, process](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;
        m_process = nullptr;
        process->deleteLater();
        Q_EMIT drawn(
            readBatch({}, tr("%1 could not be started: %2.").arg(process->program(), process->errorString()).toUtf8()));
    });
    process->start();
}

} // namespace gradus::viewmodels
