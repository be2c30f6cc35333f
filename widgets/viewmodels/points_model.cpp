// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/points_model.h"

#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/arithmetic.h"
#include "viewmodels/pasted_keys.h"
#include "viewmodels/snap.h"

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

} // namespace

PointsModel::PointsModel(CurveTrack& track, QObject* parent)
    : QAbstractTableModel(parent), m_track(track), m_rows(track.keyCount())
{
    connect(&track, &CurveTrack::curveChanged, this, &PointsModel::sync);
}

void PointsModel::setAxis(const RunAxis& axis)
{
    if (axis == m_axis) return;
    m_axis = axis;
    sync();
    Q_EMIT headerDataChanged(Qt::Horizontal, OfRun, OfRun);
}

void PointsModel::sync()
{
    const int rows = m_track.keyCount();
    if (rows > m_rows) {
        beginInsertRows({}, m_rows, rows - 1);
        m_rows = rows;
        endInsertRows();
    } else if (rows < m_rows) {
        beginRemoveRows({}, rows, m_rows - 1);
        m_rows = rows;
        endRemoveRows();
    }
    setRefusal(-1, -1, {});
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
        return common::leftToRight(m_axis.unit() == RunUnit::Fraction ? fixedText(100 * key.x, 1) + QStringLiteral(" %")
                                                                      : m_axis.text(key.x));
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
        if (index.column() == OfRun) return m_axis.number(key.x);
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
        return m_axis.title();
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
    if (index.column() == ToNextKey) {
        const auto named = schedule::interpolationFromName(value.toString().toLower().toStdString());
        const auto done = named ? m_track.setCurve(withInterpolation(curve, {index.row()}, *named), tr("Interpolation"))
                                : Result<void>(named.error());
        return done || refuse(index, QString::fromStdString(done.error().message));
    }
    const bool isX = index.column() == OfRun;
    const auto number = typedNumber(value.toString(), isX ? m_axis.shown(key.x) : key.y);
    if (!number) return refuse(index, tr("This is not a number; write it like 0.52."));
    // A text that was not touched says the same place, bit by bit.
    const bool same = isX && value.toString() == m_axis.number(key.x);
    return place(index, isX && !same ? fractionOf(*number) : key.x, isX ? key.y : *number);
}

bool PointsModel::changeAll(const KeyIndices& rows, int column, const QString& text)
{
    const bool isX = column == OfRun;
    Curve curve = m_track.curve();
    for (const int row : rows) {
        if (!(flags(index(row, column)) & Qt::ItemIsEditable)) continue; // the ends of the run stay
        Key& key = curve.keys[static_cast<std::size_t>(row)];
        const auto number = typedNumber(text, isX ? m_axis.shown(key.x) : key.y);
        if (!number) return refuse(index(row, column), tr("This is not a number; write it like 0.52."));
        (isX ? key.x : key.y) = isX ? fractionOf(*number) : *number;
    }
    // Once all stand where they shall: keys that move together are not in each other's way.
    for (const int row : rows) {
        const Key& key = curve.keys[static_cast<std::size_t>(row)];
        if (const auto beyond = refusalOf(curve, row, key.x, key.y, m_track.bounds(), m_axis))
            return refuse(index(row, column), beyond->sentence);
    }
    const auto done = m_track.setCurve(curve, isX ? tr("Move keys") : tr("Set values"));
    return done || refuse(index(rows.front(), column), QString::fromStdString(done.error().message));
}

double PointsModel::fractionOf(double shown) const
{
    return m_axis.unit() == RunUnit::Fraction ? shown / 100 : m_axis.place(shown);
}

bool PointsModel::place(const QModelIndex& index, double x, double y)
{
    const Curve& curve = m_track.curve();
    if (const auto beyond = refusalOf(curve, index.row(), x, y, m_track.bounds(), m_axis))
        return refuse(index, beyond->sentence, beyond);
    const auto done = m_track.setCurve(keyPlaced(curve, index.row(), x, y, m_track.bounds()),
                                       index.column() == OfRun ? tr("Move key") : tr("Set value"));
    return done || refuse(index, QString::fromStdString(done.error().message));
}

bool PointsModel::refuse(const QModelIndex& index, const QString& reason, const std::optional<KeyRefusal>& beyond)
{
    setRefusal(index.row(), index.column(), reason, beyond);
    Q_EMIT dataChanged(index, index);
    return false;
}

void PointsModel::setRefusal(int row, int column, const QString& reason, const std::optional<KeyRefusal>& beyond)
{
    const bool changed = row >= 0 || m_refusedRow >= 0;
    m_refusedRow = row;
    m_refusedColumn = column;
    m_reason = reason;
    m_beyond = beyond;
    if (changed) Q_EMIT refusalChanged();
}

QString PointsModel::fixText() const
{
    return m_refusedRow >= 0 && m_beyond ? m_beyond->fixText() : QString();
}

void PointsModel::fix()
{
    if (m_refusedRow < 0 || !m_beyond) return;
    const Key& key = m_track.curve().keys[static_cast<std::size_t>(m_refusedRow)];
    (void)place(index(m_refusedRow, m_refusedColumn), m_beyond->isPlace ? m_beyond->nearest : key.x,
                m_beyond->isPlace ? key.y : m_beyond->nearest);
}

QString PointsModel::copied(const KeyIndices& indices) const
{
    return copiedKeys(m_track.curve(), indices);
}

Result<void> PointsModel::paste(const QString& text)
{
    const auto keys = pastedKeys(text, m_track.bounds());
    if (!keys) return keys.error();
    return m_track.setCurve(withPasted(m_track.curve(), *keys), tr("Paste keys"));
}

Result<void> PointsModel::pasteScaled(const QString& text, double first, double last)
{
    auto keys = pastedKeys(text, m_track.bounds());
    if (!keys) return keys.error();
    const double from = keys->front().key.x;
    const double length = keys->back().key.x - from;
    if (length <= 0) return badInput("One key alone has no length to scale; copy at least two, or paste with Ctrl+V.");
    const double factor = (last - first) / length;
    for (PastedKey& pasted : *keys) {
        pasted.key.x = nearestMultiple(first + (pasted.key.x - from) * factor, 1e-12);
        pasted.key.left.dx *= factor;
        pasted.key.right.dx *= factor;
    }
    keys->front().key.x = first;
    keys->back().key.x = last;
    return m_track.setCurve(withPasted(m_track.curve(), *keys), tr("Paste keys"));
}

bool isRelative(const QString& text)
{
    // A typographic minus is that of a negative number.
    const QString clean = common::withoutMarks(text).trimmed(); // a cell of a window from right to left has marks
    return clean.startsWith('*') || clean.startsWith('+') || clean.startsWith('-');
}

std::optional<double> typedNumber(const QString& text, double present)
{
    QString clean = common::withoutMarks(text).trimmed();
    const bool relative = isRelative(text);
    clean.replace(QChar(0x2212), '-');
    clean.replace(',', '.');
    clean.remove('%').remove(' ');
    if (clean.isEmpty()) return std::nullopt;
    const QChar first = clean[0];
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
