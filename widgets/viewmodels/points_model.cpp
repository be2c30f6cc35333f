// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/points_model.h"

#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/arithmetic.h"
#include "viewmodels/snap.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

using schedule::Curve;
using schedule::Interpolation;
using schedule::Key;

namespace {

QString fixedText(double value, int decimals)
{
    QString text = QString::number(value, 'f', decimals);
    if (text.startsWith('-')) text.replace(0, 1, QChar(0x2212));
    return text;
}

QString signedText(double value, int decimals)
{
    const QString text = fixedText(value, decimals);
    return value >= 0 ? '+' + text : text;
}

/// Three, and more where the curve is low: a learning rate of 0.0002 is not "0.000".
int decimalsOf(const Curve& curve)
{
    double top = 0;
    for (const Key& key : curve.keys)
        top = std::max(top, std::abs(key.y));
    return top >= 0.1 || top <= 0 ? 3 : 2 + static_cast<int>(std::ceil(-std::log10(top)));
}

QString handleText(const schedule::Handle& handle, int decimals)
{
    return common::leftToRight(signedText(100 * handle.dx, 1) + QStringLiteral(" %, ") +
                               signedText(handle.dy, decimals));
}

Result<Key> keyOfLine(const QString& line, int number, Interpolation otherwise)
{
    static const QRegularExpression separator(QStringLiteral("[\\t; ]+"));
    QString clean = line;
    clean.remove('%');
    const QStringList cells = clean.split(separator, Qt::SkipEmptyParts);
    const std::string where = "Line " + std::to_string(number) + " of the pasted text ";
    if (cells.size() < 2)
        return badInput(where + "has no two numbers; paste lines of percent and value, separated by a tab.");
    const auto x = typedNumber('=' + cells[0], 0);
    const auto y = typedNumber('=' + cells[1], 0);
    if (!x || !y) return badInput(where + "holds something that is not a number; paste percent and value.");
    Key key{.x = *x / 100, .y = *y, .interpolation = otherwise};
    if (cells.size() > 2) {
        const auto named = schedule::interpolationFromName(cells[2].toLower().toStdString());
        if (!named) return badInput(where + "is refused: " + named.error().message);
        key.interpolation = *named;
    }
    return key;
}

Result<std::vector<Key>> keysOf(const QString& text)
{
    std::vector<Key> keys;
    int number = 0;
    for (const QString& line : text.split('\n')) {
        if (line.trimmed().isEmpty()) continue;
        const Interpolation otherwise = keys.empty() ? Interpolation::Monotone : keys.back().interpolation;
        auto key = keyOfLine(line.trimmed(), ++number, otherwise);
        if (!key) return key.error();
        keys.push_back(*key);
    }
    return keys;
}

Result<void> checkPasted(const std::vector<Key>& keys, const LaneBounds& bounds)
{
    if (keys.empty()) return badInput("There is nothing to paste; copy lines of percent and value first.");
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const std::string where = "Line " + std::to_string(i + 1) + " of the pasted text ";
        if (keys[i].x < 0 || keys[i].x > 1) return badInput(where + "lies outside the run; use 0 to 100 percent.");
        if (keys[i].y < bounds.minimumY || keys[i].y > bounds.maximumY)
            return badInput(where + "has a value outside " + numberText(bounds.minimumY) + " to " +
                            numberText(bounds.maximumY) + "; correct it.");
        if (i > 0 && keys[i].x - keys[i - 1].x < schedule::kMinimumKeyDistance)
            return badInput(where + "does not lie after the line before it; put the lines in increasing order.");
    }
    return {};
}

/// The keys outside the pasted range stay. Ends that are pinned take the value, never vanish.
Curve merged(const Curve& curve, const std::vector<Key>& pasted)
{
    Curve result;
    const double first = pasted.front().x - schedule::kMinimumKeyDistance;
    const double last = pasted.back().x + schedule::kMinimumKeyDistance;
    for (const Key& key : curve.keys)
        if (key.x < first) result.keys.push_back(key);
    result.keys.insert(result.keys.end(), pasted.begin(), pasted.end());
    for (const Key& key : curve.keys)
        if (key.x > last) result.keys.push_back(key);
    return result;
}

} // namespace

PointsModel::PointsModel(CurveTrack& track, QObject* parent)
    : QAbstractTableModel(parent), m_track(track), m_rows(static_cast<int>(track.curve().keys.size()))
{
    connect(&track, &CurveTrack::curveChanged, this, &PointsModel::sync);
}

void PointsModel::sync()
{
    const int rows = static_cast<int>(m_track.curve().keys.size());
    if (rows > m_rows) {
        beginInsertRows({}, m_rows, rows - 1);
        m_rows = rows;
        endInsertRows();
    } else if (rows < m_rows) {
        beginRemoveRows({}, rows, m_rows - 1);
        m_rows = rows;
        endRemoveRows();
    }
    m_refusedRow = -1;
    if (m_rows > 0) Q_EMIT dataChanged(index(0, 0), index(m_rows - 1, ColumnCount - 1));
}

int PointsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int PointsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString PointsModel::display(int row, int column) const
{
    const Curve& curve = m_track.curve();
    const Key& key = curve.keys[static_cast<std::size_t>(row)];
    const QString none = QString(QChar(0x2013));
    switch (column) {
    case KeyNumber:
        return QString::number(row + 1);
    case OfRun:
        return common::leftToRight(fixedText(100 * key.x, 1) + QStringLiteral(" %"));
    case Value:
        return common::leftToRight(fixedText(key.y, decimalsOf(curve)));
    case Kind:
        return titleOf(kindOf(curve, row)).toLower();
    case LeftHandle:
        return hasHandle(curve, row, HandleSide::Left) ? handleText(key.left, decimalsOf(curve)) : none;
    case RightHandle:
        return hasHandle(curve, row, HandleSide::Right) ? handleText(key.right, decimalsOf(curve)) : none;
    case ToNextKey:
        return row + 1 < m_rows ? titleOf(key.interpolation) : none;
    default:
        return {};
    }
}

QVariant PointsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Key& key = m_track.curve().keys[static_cast<std::size_t>(index.row())];
    const bool refused = index.row() == m_refusedRow && index.column() == m_refusedColumn;
    switch (role) {
    case Qt::DisplayRole:
        return display(index.row(), index.column());
    case Qt::EditRole:
        if (index.column() == OfRun) return QString::fromStdString(numberText(100 * key.x));
        if (index.column() == Value) return QString::fromStdString(numberText(key.y));
        return display(index.row(), index.column());
    case Qt::TextAlignmentRole:
        return index.column() == Kind || index.column() == ToNextKey ? int(Qt::AlignLeft | Qt::AlignVCenter)
                                                                     : int(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ToolTipRole:
    case ReasonRole:
        return refused ? m_reason : QString();
    default:
        return {};
    }
}

QVariant PointsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return section == Kind || section == ToNextKey ? int(Qt::AlignLeft | Qt::AlignVCenter)
                                                       : int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case KeyNumber:
        return tr("Key");
    case OfRun:
        return tr("Of run");
    case Value:
        return tr("Value");
    case Kind:
        return tr("Kind");
    case LeftHandle:
        return tr("Left Δx, Δy");
    case RightHandle:
        return tr("Right Δx, Δy");
    case ToNextKey:
        return tr("To next key");
    default:
        return {};
    }
}

Qt::ItemFlags PointsModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!index.isValid() || !m_track.isEditable()) return flags;
    const bool pinned = isPinned(m_track.curve(), index.row());
    const bool hasNext = index.row() + 1 < m_rows;
    if (index.column() == Value || (index.column() == OfRun && !pinned) || (index.column() == ToNextKey && hasNext))
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool PointsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable)) return false;
    const Curve& curve = m_track.curve();
    const Key& key = curve.keys[static_cast<std::size_t>(index.row())];
    Result<void> done;
    if (index.column() == ToNextKey) {
        const auto named = schedule::interpolationFromName(value.toString().toLower().toStdString());
        done = named ? m_track.setCurve(withInterpolation(curve, {index.row()}, *named), tr("Interpolation"))
                     : Result<void>(named.error());
    } else {
        const bool isX = index.column() == OfRun;
        const auto number = typedNumber(value.toString(), isX ? 100 * key.x : key.y);
        const double x = isX && number ? *number / 100 : key.x;
        const double y = !isX && number ? *number : key.y;
        done = number ? m_track.setCurve(keyPlaced(curve, index.row(), x, y, m_track.bounds()),
                                         isX ? tr("Move key") : tr("Set value"))
                      : Result<void>(badInput("This is not a number; write it like 0.52."));
    }
    if (done) return true;
    m_refusedRow = index.row();
    m_refusedColumn = index.column();
    m_reason = QString::fromStdString(done.error().message);
    Q_EMIT dataChanged(index, index);
    return false;
}

QString PointsModel::copied(const KeyIndices& indices) const
{
    QString text;
    for (const int index : indices) {
        const Key& key = m_track.curve().keys[static_cast<std::size_t>(index)];
        text += QString::fromStdString(numberText(100 * key.x)) + '\t' + QString::fromStdString(numberText(key.y)) +
                '\t' + QString::fromLatin1(schedule::nameOf(key.interpolation)) + '\n';
    }
    return text;
}

Result<void> PointsModel::paste(const QString& text)
{
    auto keys = keysOf(text);
    if (!keys) return keys.error();
    if (auto checked = checkPasted(*keys, m_track.bounds()); !checked) return checked;
    return m_track.setCurve(merged(m_track.curve(), *keys), tr("Paste keys"));
}

Result<void> PointsModel::pasteScaled(const QString& text, double first, double last)
{
    auto keys = keysOf(text);
    if (!keys) return keys.error();
    if (auto checked = checkPasted(*keys, m_track.bounds()); !checked) return checked;
    const double from = keys->front().x;
    const double length = keys->back().x - from;
    if (length <= 0) return badInput("One key alone has no length to scale; copy at least two, or paste with Ctrl+V.");
    for (Key& key : *keys)
        key.x = nearestMultiple(first + (key.x - from) / length * (last - first), 1e-12);
    keys->front().x = first;
    keys->back().x = last;
    if (auto checked = checkPasted(*keys, m_track.bounds()); !checked) return checked;
    return m_track.setCurve(merged(m_track.curve(), *keys), tr("Paste keys"));
}

std::optional<double> typedNumber(const QString& text, double present)
{
    // A cell of a window from right to left has marks.
    QString clean = common::withoutMarks(text).trimmed();
    const bool typographic = clean.startsWith(QChar(0x2212));
    clean.replace(QChar(0x2212), '-');
    clean.replace(',', '.');
    clean.remove('%').remove(' ');
    if (clean.isEmpty()) return std::nullopt;
    const QChar first = clean[0];
    const bool relative = first == '*' || first == '+' || (first == '-' && !typographic);
    const QString digits = first == '*' || first == '+' || first == '=' ? clean.mid(1) : clean;
    const auto number = arithmetic(digits.toStdString());
    if (!number) return std::nullopt;
    if (!relative) return number;
    return first == '*' ? present * *number : present + *number;
}

QString titleOf(Interpolation interpolation)
{
    switch (interpolation) {
    case Interpolation::Constant:
        return PointsModel::tr("Constant");
    case Interpolation::Linear:
        return PointsModel::tr("Linear");
    case Interpolation::Monotone:
        return PointsModel::tr("Monotone");
    case Interpolation::Bezier:
        return PointsModel::tr("Bezier");
    }
    return {};
}

QString titleOf(KeyKind kind)
{
    switch (kind) {
    case KeyKind::Smooth:
        return PointsModel::tr("Smooth");
    case KeyKind::Flat:
        return PointsModel::tr("Flat");
    case KeyKind::Corner:
        return PointsModel::tr("Corner");
    case KeyKind::Broken:
        return PointsModel::tr("Broken");
    }
    return {};
}

} // namespace gradus::viewmodels
