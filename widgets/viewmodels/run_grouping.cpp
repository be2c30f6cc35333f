// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/run_grouping.h"

#include "base/text.h"
#include "store/run_settings.h"

#include <QCoreApplication>

namespace gradus::viewmodels {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("gradus::viewmodels::RunGrouping", text);
}

QString shown(const std::string& text)
{
    return QString::fromStdString(visible(text));
}

/// A word says what it is; a number needs the key it belongs to.
QString shortValue(const QString& key, QString value)
{
    if (value.size() >= 2 && value.startsWith('"') && value.endsWith('"')) value = value.mid(1, value.size() - 2);
    bool isNumber = false;
    (void)value.toDouble(&isNumber);
    return isNumber ? key.section('.', -1) + ' ' + value : value;
}

std::string valueOf(const store::RunRow& row, const QString& key)
{
    if (key == QLatin1String("state")) return store::nameOf(row.state);
    if (key == QLatin1String("name")) return row.experimentName;
    if (key == QLatin1String("task")) return row.taskName;
    if (key == QLatin1String("procedure")) return row.procedure;
    if (key == QLatin1String("tag")) {
        std::string tags;
        for (const std::string& tag : row.tags)
            tags += (tags.empty() ? "" : ", ") + tag;
        return tags;
    }
    const store::Setting* setting = row.settings ? row.settings->find(key.toStdString()) : nullptr;
    return setting ? setting->value : std::string();
}

std::string experimentOf(const store::RunRow& row)
{
    return row.experimentHash + '\n' + row.experimentName;
}

} // namespace

QString shortCondition(const std::string& condition)
{
    QStringList parts;
    for (const QString& assignment : shown(condition).split(QStringLiteral(", "))) {
        const QString value = assignment.section('=', 1).trimmed();
        parts << (value.isEmpty() ? assignment.trimmed() : shortValue(assignment.section('=', 0, 0).trimmed(), value));
    }
    return parts.join(QStringLiteral(", "));
}

GroupPlace groupPlaceOf(const store::RunRow& row, const RunGrouping& grouping)
{
    const bool isKnown = row.settings && !row.settings->seedless().empty();
    switch (grouping.by) {
    case RunGrouping::By::AllButSeed:
        // What a run branched from is not in its settings; its condition says so.
        if (isKnown) return {{}, row.settings->seedless() + (row.lineage ? '\n' + row.condition : std::string())};
        break;
    case RunGrouping::By::Keys: {
        GroupPlace place;
        for (const QString& key : grouping.keys)
            place.key += valueOf(row, key) + '\n';
        return place;
    }
    case RunGrouping::By::Condition:
        break;
    }
    return {experimentOf(row), row.condition};
}

GroupTitle groupTitleOf(const store::RunRow& row, const RunGrouping& grouping)
{
    const QString name = shown(row.experimentName);
    if (grouping.by != RunGrouping::By::Keys)
        return row.condition.empty() ? GroupTitle{name, {}} : GroupTitle{shortCondition(row.condition), name};
    QStringList parts;
    for (const QString& key : grouping.keys) {
        const std::string value = valueOf(row, key);
        if (!value.empty())
            parts << shortValue(key, shown(value));
        else
            parts << (key == QLatin1String("tag") ? tr("no tag") : tr("no %1").arg(key));
    }
    return {parts.isEmpty() ? tr("all runs") : parts.join(QStringLiteral(", ")), {}};
}

QString runTitleOf(const store::RunRow& row, const RunGrouping& grouping)
{
    const QString seed = tr("seed %1").arg(row.seed);
    if (grouping.by != RunGrouping::By::Keys) return seed;
    const QString name = row.condition.empty() ? shown(row.experimentName) : shortCondition(row.condition);
    return name + QStringLiteral(", ") + seed;
}

QString groupingText(const RunGrouping& grouping)
{
    switch (grouping.by) {
    case RunGrouping::By::Condition:
        return tr("by condition");
    case RunGrouping::By::AllButSeed:
        return tr("all but seed");
    case RunGrouping::By::Keys:
        break;
    }
    return grouping.keys.isEmpty() ? tr("not grouped") : tr("by %1").arg(grouping.keys.join(QStringLiteral(", ")));
}

} // namespace gradus::viewmodels
