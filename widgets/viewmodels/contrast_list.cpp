// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/contrast_list.h"

#include "base/text.h"
#include "viewmodels/runs_model.h"

#include <QCoreApplication>

#include <algorithm>

namespace gradus::viewmodels {

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("ContrastList", text);
}

QString labelOf(const compare::Contrast& contrast, const compare::Grouping& grouping)
{
    return words("%1 minus %2")
        .arg(shortCondition(grouping.groups[contrast.group].label),
             shortCondition(grouping.groups[contrast.minus].label));
}

} // namespace

QVector<ContrastEntry> contrastEntries(const ComparedData& data, const std::vector<std::string>& added)
{
    QVector<ContrastEntry> entries;
    const auto has = [&](const compare::Contrast& one) {
        return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) { return entry.contrast == one; });
    };
    for (const compare::Contrast& one : data.asked.contrasts)
        entries.append({.label = labelOf(one, data.grouping), .contrast = one});
    for (const std::string& one : data.asked.absent)
        entries.append({.label = QString::fromStdString(one), .contrast = std::nullopt});
    for (const std::string& typed : added) {
        const auto found = compare::contrastsFrom({typed}, data.grouping);
        if (!found)
            entries.append({QString::fromStdString(visible(typed, 120)), typed, std::nullopt});
        else if (!has(found->front()))
            entries.append({labelOf(found->front(), data.grouping), typed, found->front()});
    }
    return entries;
}

compare::AskedContrasts askedOf(const QVector<ContrastEntry>& entries)
{
    compare::AskedContrasts asked;
    for (const ContrastEntry& entry : entries)
        if (entry.contrast)
            asked.contrasts.push_back(*entry.contrast);
        else
            asked.absent.push_back(entry.label.toStdString());
    return asked;
}

QStringList againstOptions(const QVector<ContrastEntry>& entries)
{
    QStringList options;
    for (const ContrastEntry& entry : entries)
        if (entry.contrast && !entry.typed.empty())
            options << QStringLiteral("--against=") + QString::fromStdString(entry.typed);
    return options;
}

} // namespace gradus::viewmodels
