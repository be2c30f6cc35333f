// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/pasted_keys.h"

#include "base/text.h"
#include "viewmodels/points_model.h"

#include <QRegularExpression>

#include <cmath>

namespace gradus::viewmodels {

namespace {

using schedule::Interpolation;
using schedule::Key;

constexpr std::size_t kMostNamed = 12;     ///< wrong lines; a sentence of thousands helps nobody
constexpr std::size_t kLongestQuoted = 24; ///< of a cell

std::string quoted(const QString& cell)
{
    return '"' + visible(cell.toStdString(), kLongestQuoted) + '"';
}

/// What is wrong with a line, as the end of "Line 3: "; or its key.
Result<Key> keyOfLine(const QString& line, Interpolation otherwise)
{
    static const QRegularExpression separator(QStringLiteral("[\\t; ]+"));
    QString clean = line;
    clean.remove('%');
    const QStringList cells = clean.split(separator, Qt::SkipEmptyParts);
    if (cells.size() < 2) return badInput("no two numbers, percent and value, with a tab between them");
    double numbers[2] = {};
    for (int i = 0; i < 2; ++i) {
        const auto number = typedNumber('=' + cells[i], 0);
        if (!number) return badInput(quoted(cells[i]) + " is not a number");
        numbers[i] = *number;
    }
    Key key{.x = numbers[0] / 100, .y = numbers[1], .interpolation = otherwise};
    if (cells.size() > 2) {
        const auto named = schedule::interpolationFromName(cells[2].toLower().toStdString());
        if (!named) return badInput(quoted(cells[2]) + " is no interpolation (constant, linear, monotone, bezier)");
        key.interpolation = *named;
    }
    return key;
}

Result<void> inBounds(const Key& key, const std::vector<Key>& before, const LaneBounds& bounds)
{
    const std::string at = numberText(100 * key.x) + " %";
    if (key.x < 0 || key.x > 1) return badInput(at + " is outside the run, which goes from 0 to 100 percent");
    if (key.y < bounds.minimumY || key.y > bounds.maximumY)
        return badInput(numberText(key.y) + " is not within " + numberText(bounds.minimumY) + " to " +
                        numberText(bounds.maximumY));
    if (before.empty()) return {};
    const double ahead = key.x - before.back().x;
    if (std::abs(ahead) < schedule::kMinimumKeyDistance) return badInput(at + " is there already");
    if (ahead < 0) return badInput(at + " goes back; put the lines in increasing order");
    return {};
}

} // namespace

Result<std::vector<Key>> pastedKeys(const QString& text, const LaneBounds& bounds)
{
    std::vector<Key> keys;
    std::vector<std::string> wrong;
    int number = 0;
    for (const QString& line : text.split('\n')) {
        ++number;
        if (line.trimmed().isEmpty()) continue;
        auto key = keyOfLine(line.trimmed(), keys.empty() ? Interpolation::Monotone : keys.back().interpolation);
        Result<void> fits = key ? inBounds(*key, keys, bounds) : Result<void>(key.error());
        if (fits)
            keys.push_back(*key);
        else
            wrong.push_back("Line " + std::to_string(number) + ": " + fits.error().message);
    }
    if (wrong.empty() && keys.empty())
        return badInput("There is nothing to paste; copy lines of percent and value first.");
    if (wrong.empty()) return keys;
    std::string sentence;
    for (std::size_t i = 0; i < wrong.size() && i < kMostNamed; ++i)
        sentence += (i == 0 ? "" : ". ") + wrong[i];
    if (wrong.size() > kMostNamed)
        sentence += ". " + std::to_string(wrong.size() - kMostNamed) + " more lines are wrong";
    return badInput(sentence + ". Nothing was pasted.");
}

} // namespace gradus::viewmodels
