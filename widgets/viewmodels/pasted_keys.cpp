// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/pasted_keys.h"

#include "base/text.h"
#include "viewmodels/points_model.h"

#include <QRegularExpression>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace gradus::viewmodels {

namespace {

using schedule::Curve;
using schedule::Handle;
using schedule::Interpolation;
using schedule::Key;

constexpr qsizetype kHandleCells = 4;
constexpr std::size_t kMostNamed = 12;     ///< wrong lines; a sentence of thousands helps nobody
constexpr std::size_t kLongestQuoted = 24; ///< of a cell

std::string quoted(const QString& cell)
{
    return '"' + visible(cell.toStdString(), kLongestQuoted) + '"';
}

bool isNone(const QString& cell)
{
    return cell == QStringLiteral("-") || cell == QString(QChar(0x2013));
}

/// A fraction of the run as percent, with the very digits that the fraction has.
QString percentOf(double fraction)
{
    char digits[400];
    const auto end = std::to_chars(digits, digits + sizeof digits, std::abs(fraction), std::chars_format::fixed);
    std::string text(digits, end.ptr);
    auto point = text.find('.');
    if (point == std::string::npos) point = text.size();
    if (point < text.size()) text.erase(point, 1);
    while (text.size() < point + 2)
        text += '0';
    if (text.size() > point + 2) text.insert(point + 2, 1, '.');
    const auto first = std::min(text.find_first_not_of('0'), text.size() - 1);
    text.erase(0, text[first] == '.' ? first - 1 : first);
    return (std::signbit(fraction) && fraction != 0 ? "-" : "") + QString::fromStdString(text);
}

/// And back: a plain number is moved by two places, not divided, so that no bit of it changes.
std::optional<double> fractionOf(const QString& cell)
{
    static const QRegularExpression plain(QStringLiteral("^-?(\\d+\\.?\\d*|\\.\\d+)$"));
    QString clean = cell;
    clean.replace(QChar(0x2212), '-').replace(',', '.');
    if (plain.match(clean).hasMatch()) return parseNumber(clean.toStdString() + "e-2");
    const auto percent = typedNumber('=' + cell, 0);
    return percent ? std::optional(*percent / 100) : std::nullopt;
}

/// One handle of a line, from two cells; nothing where there is none.
Result<std::optional<Handle>> handleOf(const QString& dx, const QString& dy, HandleSide side)
{
    if (isNone(dx) && isNone(dy)) return std::optional<Handle>();
    const auto along = fractionOf(dx);
    const auto up = typedNumber('=' + dy, 0);
    if (!along || !up) return badInput(quoted(along ? dy : dx) + " is no number of a handle; write \"-\" for none");
    if (side == HandleSide::Left ? *along > 0 : *along < 0)
        return badInput(std::string(side == HandleSide::Left ? "a left" : "a right") + " handle cannot go " +
                        numberText(100 * *along) + " % along the run");
    return std::optional(Handle{*along, *up});
}

/// What is wrong with a line, as the end of "Line 3: "; or its key.
Result<PastedKey> keyOfLine(const QString& line, Interpolation otherwise)
{
    static const QRegularExpression separator(QStringLiteral("[\\t; ]+"));
    QString clean = line;
    clean.remove('%');
    const QStringList cells = clean.split(separator, Qt::SkipEmptyParts);
    if (cells.size() < 2) return badInput("no two numbers, percent and value, with a tab between them");
    const auto x = fractionOf(cells[0]);
    const auto y = typedNumber('=' + cells[1], 0);
    if (!x || !y) return badInput(quoted(cells[x ? 1 : 0]) + " is not a number");
    PastedKey pasted{.key = {.x = *x, .y = *y, .interpolation = otherwise}};
    if (cells.size() == 2) return pasted;
    const auto named = schedule::interpolationFromName(cells[2].toLower().toStdString());
    if (!named) return badInput(quoted(cells[2]) + " is no interpolation (constant, linear, monotone, bezier)");
    pasted.key.interpolation = *named;
    if (cells.size() == 3) return pasted;
    if (cells.size() != 3 + kHandleCells)
        return badInput(std::to_string(cells.size() - 3) +
                        " cells behind the interpolation, where two handles have four: left dx and dy, right dx and "
                        "dy, \"-\" for none");
    const auto left = handleOf(cells[3], cells[4], HandleSide::Left);
    if (!left) return left.error();
    const auto right = handleOf(cells[5], cells[6], HandleSide::Right);
    if (!right) return right.error();
    pasted.hasLeft = left->has_value();
    pasted.hasRight = right->has_value();
    pasted.key.left = left->value_or(Handle{});
    pasted.key.right = right->value_or(Handle{});
    return pasted;
}

Result<void> inBounds(const Key& key, const std::vector<PastedKey>& before, const LaneBounds& bounds)
{
    const std::string at = numberText(100 * key.x) + " %";
    if (key.x < 0 || key.x > 1) return badInput(at + " is outside the run, which goes from 0 to 100 percent");
    if (key.y < bounds.minimumY || key.y > bounds.maximumY)
        return badInput(numberText(key.y) + " is not within " + numberText(bounds.minimumY) + " to " +
                        numberText(bounds.maximumY));
    if (before.empty()) return {};
    const double ahead = key.x - before.back().key.x;
    if (std::abs(ahead) < schedule::kMinimumKeyDistance) return badInput(at + " is there already");
    if (ahead < 0) return badInput(at + " goes back; put the lines in increasing order");
    return {};
}

QString handleCells(bool has, const Handle& handle)
{
    if (!has) return QStringLiteral("\t-\t-");
    return '\t' + percentOf(handle.dx) + '\t' + QString::fromStdString(numberText(handle.dy));
}

} // namespace

std::vector<PastedKey> keysToPaste(const Curve& curve, const KeyIndices& indices)
{
    std::vector<PastedKey> keys;
    for (const int index : indices)
        keys.push_back({.key = curve.keys[static_cast<std::size_t>(index)],
                        .hasLeft = hasHandle(curve, index, HandleSide::Left),
                        .hasRight = hasHandle(curve, index, HandleSide::Right)});
    return keys;
}

QString copiedKeys(const Curve& curve, const KeyIndices& indices)
{
    QString text;
    for (const PastedKey& copied : keysToPaste(curve, indices)) {
        const Key& key = copied.key;
        text += percentOf(key.x) + '\t' + QString::fromStdString(numberText(key.y)) + '\t' +
                QString::fromLatin1(schedule::nameOf(key.interpolation));
        if (copied.hasLeft || copied.hasRight)
            text += handleCells(copied.hasLeft, key.left) + handleCells(copied.hasRight, key.right);
        text += '\n';
    }
    return text;
}

Curve withPasted(const Curve& curve, const std::vector<PastedKey>& pasted)
{
    Curve result;
    std::vector<KeyHandle> missing;
    const double first = pasted.front().key.x - schedule::kMinimumKeyDistance;
    const double last = pasted.back().key.x + schedule::kMinimumKeyDistance;
    for (const Key& key : curve.keys)
        if (key.x < first) result.keys.push_back(key);
    for (const PastedKey& one : pasted) {
        const int index = static_cast<int>(result.keys.size());
        if (!one.hasLeft) missing.push_back({index, HandleSide::Left});
        if (!one.hasRight) missing.push_back({index, HandleSide::Right});
        result.keys.push_back(one.key);
    }
    bool isNext = true;
    for (std::size_t i = 0; i < curve.keys.size(); ++i) {
        if (curve.keys[i].x <= last) continue;
        if (isNext && !hasHandle(curve, static_cast<int>(i), HandleSide::Left))
            missing.push_back({static_cast<int>(result.keys.size()), HandleSide::Left});
        isNext = false;
        result.keys.push_back(curve.keys[i]);
    }
    return withUsualHandles(result, missing);
}

Result<std::vector<PastedKey>> pastedKeys(const QString& text, const LaneBounds& bounds)
{
    std::vector<PastedKey> keys;
    std::vector<std::string> wrong;
    int number = 0;
    for (const QString& line : text.split('\n')) {
        ++number;
        if (line.trimmed().isEmpty()) continue;
        auto key = keyOfLine(line.trimmed(), keys.empty() ? Interpolation::Monotone : keys.back().key.interpolation);
        Result<void> fits = key ? inBounds(key->key, keys, bounds) : Result<void>(key.error());
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
