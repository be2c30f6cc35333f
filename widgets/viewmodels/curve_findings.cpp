// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/curve_findings.h"

#include "base/text.h"
#include "common/number_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace gradus::viewmodels {

namespace {

using schedule::Curve;

constexpr std::size_t kReach = 2;      ///< a key bends a monotone curve up to the second key from it, no further
constexpr std::size_t kMostPlaces = 6; ///< named in a sentence
constexpr double kKeptWeight = 0.05;   ///< of a source that would be starved

QString words(const char* text)
{
    return QCoreApplication::translate("gradus::viewmodels::CurveFindings", text);
}

QString nameOf(const CurveTrack& track)
{
    return QString::fromStdString(visible(track.title().toStdString(), 60));
}

std::vector<double> readAt(const Curve& curve, const std::vector<double>& places)
{
    const schedule::Evaluator evaluate(curve);
    std::vector<double> values;
    for (const double place : places)
        values.push_back(evaluate(place));
    return values;
}

/// Whether any value of the key would change what is read.
bool isRead(const Curve& curve, std::size_t key, const std::vector<double>& places, const LaneBounds& bounds)
{
    const auto& keys = curve.keys;
    const double low = key < kReach ? 0 : keys[key - kReach].x;
    const double high = key + kReach >= keys.size() ? 1 : keys[key + kReach].x;
    // Most keys need no evaluation: nothing reads where they reach.
    if (std::none_of(places.begin(), places.end(), [&](double place) { return place >= low && place <= high; }))
        return false;
    const auto now = readAt(curve, places);
    for (const double extreme : {bounds.minimumY, bounds.maximumY}) {
        Curve other = curve;
        other.keys[key].y = extreme;
        if (readAt(other, places) != now) return true;
    }
    return false;
}

QString placesText(const std::vector<double>& places)
{
    QStringList texts;
    for (std::size_t i = 0; i < places.size() && i < kMostPlaces; ++i)
        texts << common::numberText(100 * places[i], places[i] == 0 || places[i] == 1 ? 0 : 1);
    if (places.size() > kMostPlaces) texts << QString(QChar(0x2026));
    return texts.join(QStringLiteral(", "));
}

} // namespace

std::optional<CurveFinding> unreadKeys(const CurveTrack& track, const std::vector<double>& places)
{
    const Curve& curve = track.curve();
    if (places.empty() || curve.keys.size() < 3) return std::nullopt;
    CurveFinding finding;
    for (std::size_t i = 0; i < curve.keys.size(); ++i)
        if (!isPinned(curve, static_cast<int>(i)) && !isRead(curve, i, places, track.bounds()))
            finding.keys.push_back(static_cast<int>(i));
    if (finding.keys.empty()) return std::nullopt;
    const auto count = finding.keys.size();
    finding.sentence =
        (count == 1 ? words("%1: the key at %2 % changes nothing, because generations read the curve at %3 % alone.")
                          .arg(nameOf(track),
                               common::numberText(100 * curve.keys[static_cast<std::size_t>(finding.keys[0])].x, 1),
                               placesText(places))
                    : words("%1: %2 keys change nothing, because generations read the curve at %3 % alone.")
                          .arg(nameOf(track), QString::number(count), placesText(places)));
    // Two of them may hold a value between them that each alone does not.
    finding.mended = withoutKeys(curve, finding.keys);
    if (readAt(finding.mended, places) == readAt(curve, places))
        finding.fixText = count == 1 ? words("Remove the key") : words("Remove them");
    return finding;
}

std::optional<CurveFinding> starvedSource(const CurveTrack& track, const std::vector<double>& places)
{
    const Curve& curve = track.curve();
    if (places.size() < 2) return std::nullopt;
    const auto values = readAt(curve, places);
    std::size_t first = values.size();
    while (first > 0 && !(values[first - 1] > 0))
        --first;
    if (first == 0 || first == values.size()) return std::nullopt; // switched off altogether, or heard to the end
    CurveFinding finding;
    for (std::size_t i = 0; i < curve.keys.size(); ++i)
        if (curve.keys[i].x >= places[first] - schedule::kMinimumKeyDistance && !(curve.keys[i].y > 0))
            finding.keys.push_back(static_cast<int>(i));
    finding.sentence = words("%1 has no weight from generation %2 on: whatever it says there counts for nothing.")
                           .arg(nameOf(track), QString::number(first + 2));
    finding.mended = curve;
    for (schedule::Key& key : finding.mended.keys)
        if (key.x > places[first - 1]) key.y = std::max(key.y, kKeptWeight);
    if (readAt(finding.mended, places)[first] > 0)
        finding.fixText = words("Keep %1").arg(common::numberText(kKeptWeight, 2));
    return finding;
}

} // namespace gradus::viewmodels
