// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/curves_text.h"

#include "base/text.h"
#include "compare/table_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace gradus::viewmodels {

namespace {

std::string numberOrNothing(double value)
{
    return std::isfinite(value) ? numberText(value) : std::string();
}

QJsonArray arrayOf(const std::vector<double>& values)
{
    QJsonArray array;
    for (const double value : values)
        array.append(std::isfinite(value) ? QJsonValue(value) : QJsonValue());
    return array;
}

const std::string& labelOf(const ComparedData& data, const GroupCurve& curve)
{
    return data.grouping.groups[static_cast<std::size_t>(curve.group)].label;
}

const char* wordOf(compare::Centre centre)
{
    switch (centre) {
    case compare::Centre::Mean:
        return "mean";
    case compare::Centre::Median:
        return "median";
    case compare::Centre::InterquartileMean:
        return "interquartile mean";
    }
    return "";
}

const char* wordOf(compare::Band band)
{
    switch (band) {
    case compare::Band::None:
        return "no band";
    case compare::Band::StudentT:
        return "95 % t interval over runs";
    case compare::Band::Bootstrap:
        return "95 % bootstrap interval over runs";
    case compare::Band::Range:
        return "lowest to highest run";
    }
    return "";
}

const char* wordOf(Alignment alignment)
{
    switch (alignment) {
    case Alignment::Step:
        return "training step";
    case Alignment::ShareOfRun:
        return "% of run";
    case Alignment::Generation:
        return "generation";
    }
    return "";
}

} // namespace

std::string provenanceOf(const ComparedData& data, const CurveOptions& options, const std::string& version)
{
    const QString stamp = stampOf(options.smoothing);
    std::string text = "Gradus " + version + "; " + wordOf(options.centre) + ", " + wordOf(options.band) +
                       "; x: " + wordOf(options.alignment) +
                       "; smoothing: " + (stamp.isEmpty() ? "none" : stamp.toStdString());
    const QVector<int> baselines = baselinesAmong(subtracted(data, options));
    for (const int group : baselines)
        text += (group == baselines.front() ? "; minus " : " or ") +
                visible(data.grouping.groups[static_cast<std::size_t>(group)].label);
    if (baselines.size() > 1) text += ", each its own";
    for (const compare::RunGroup& group : data.grouping.groups) {
        text += "; " + visible(group.label) + ": runs";
        for (const std::size_t run : group.runs)
            text += " " + data.runs[run].detail.run.uuid.substr(0, 8);
    }
    return text;
}

std::string curvesCsv(const ComparedData& data, const ComparedCurves& curves, const std::string& provenance)
{
    std::string text = "# " + provenance + "\nseries,group,x,centre,low,high,n\n";
    for (const SeriesCurves& series : curves.series)
        for (const GroupCurve& group : series.groups)
            for (std::size_t i = 0; i < group.curve.x.size(); ++i)
                text += csvField(series.series.toStdString()) + "," + csvField(visible(labelOf(data, group))) + "," +
                        numberText(group.curve.x[i]) + "," + numberOrNothing(group.curve.centre[i]) + "," +
                        numberOrNothing(group.curve.low[i]) + "," + numberOrNothing(group.curve.high[i]) + "," +
                        std::to_string(group.curve.n[i]) + "\n";
    return text;
}

std::string curvesJson(const ComparedData& data, const ComparedCurves& curves, const std::string& provenance)
{
    QJsonObject all;
    for (const SeriesCurves& series : curves.series) {
        QJsonArray groups;
        for (const GroupCurve& group : series.groups) {
            QJsonArray n;
            for (const int runs : group.curve.n)
                n.append(runs);
            groups.append(QJsonObject{{QStringLiteral("group"), QString::fromStdString(labelOf(data, group))},
                                      {QStringLiteral("x"), arrayOf(group.curve.x)},
                                      {QStringLiteral("centre"), arrayOf(group.curve.centre)},
                                      {QStringLiteral("low"), arrayOf(group.curve.low)},
                                      {QStringLiteral("high"), arrayOf(group.curve.high)},
                                      {QStringLiteral("n"), n}});
        }
        all.insert(series.series, groups);
    }
    const QJsonObject document{{QStringLiteral("provenance"), QString::fromStdString(provenance)},
                               {QStringLiteral("series"), all}};
    return QJsonDocument(document).toJson(QJsonDocument::Indented).toStdString();
}

} // namespace gradus::viewmodels
