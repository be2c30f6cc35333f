// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of a curve as a table that can be edited, copied and pasted into.
#pragma once

#include "viewmodels/curve_track.h"
#include "viewmodels/typed_key.h"

#include <QAbstractTableModel>

#include <optional>

namespace gradus::viewmodels {

/// A view of the track's keys; holds no data of its own but a refused cell's reason. GUI thread only.
class PointsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column
    {
        KeyNumber,
        OfRun, ///< in the axis' unit: percent at first
        Value,
        Kind,
        LeftHandle,
        RightHandle,
        ToNextKey,
        ColumnCount,
    };
    enum Role
    {
        ReasonRole = Qt::UserRole + 1, ///< why the last edit of this cell was refused; empty if it was not
    };

    explicit PointsModel(CurveTrack& track, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

    /// The unit of the column OfRun; what is copied and pasted stays in percent.
    void setAxis(const RunAxis& axis);
    const RunAxis& axis() const { return m_axis; }

    /// What is typed for several keys at once, each from its own number: "*1.1", "+0.05". One undo step; where one of
    /// them may not stand there nothing changes, and its cell says why.
    bool changeAll(const KeyIndices& rows, int column, const QString& text);

    /// Why the last edit of a cell was refused; empty once something else was edited.
    QString reason() const { return m_refusedRow >= 0 ? m_reason : QString(); }
    /// "Use 4": what fix() would do about it; empty where nothing is near.
    QString fixText() const;
    void fix();

    /// Keys as tab-separated lines "percent, value, interpolation" and, at Bezier segments, their handles; C locale.
    QString copied(const KeyIndices& indices) const;
    /// Such lines (see pastedKeys) replace the keys between the first and the last pasted position. One undo step;
    /// where lines are bad nothing changes and the error names them.
    Result<void> paste(const QString& text);
    /// The same lines squeezed or stretched, handles too, so that they run from first to last (fractions of the run).
    Result<void> pasteScaled(const QString& text, double first, double last);

Q_SIGNALS:
    void refusalChanged(); ///< reason(), fixText()

private:
    double fractionOf(double shown) const; ///< of the run, of a number in the axis' unit
    bool place(const QModelIndex& index, double x, double y);
    bool refuse(const QModelIndex& index, const QString& reason, const std::optional<KeyRefusal>& beyond = {});
    void setRefusal(int row, int column, const QString& reason, const std::optional<KeyRefusal>& beyond = {});
    void sync();
    QString display(int row, int column) const;

    CurveTrack& m_track;
    RunAxis m_axis;
    int m_rows = 0;
    int m_refusedRow = -1;
    int m_refusedColumn = -1;
    QString m_reason;
    std::optional<KeyRefusal> m_beyond;
};

/// A number as people type it: "0.52", "0,52", "−0.1", "40 %", "0.3*2", and "*1.1", "+0.05", "-0.05" applied to present
/// (write
/// "=-0.1" or "−0.1" for a negative number). Nothing if it is not one.
std::optional<double> typedNumber(const QString& text, double present);
bool isRelative(const QString& text); ///< "*1.1", "+0.05", "-0.05": of the number that is there
/// "monotone" -> "Monotone", as menus write it.
QString titleOf(schedule::Interpolation interpolation);
QString titleOf(KeyKind kind);

} // namespace gradus::viewmodels
