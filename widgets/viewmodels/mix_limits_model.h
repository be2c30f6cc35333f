// SPDX-License-Identifier: GPL-3.0-or-later
// The sources of a mix as a table: their limits, what the drawn weights ask of them, and what a stored run measured.
#pragma once

#include "spec/mix_limits.h"
#include "viewmodels/measured_mix.h"
#include "viewmodels/mix_desk.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace gradus::viewmodels {

/// Follows the desk, previews included. GUI thread only; the desk must outlive it.
class MixLimitsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column
    {
        Name,
        LeastShare, ///< this and the next two are edited
        MostShare,
        Cost, ///< of one label
        Asked,
        Effective,
        ExpectedNoise,
        MeasuredNoise,
        MeasuredDisagreement,
        MeasuredEffective,
        ColumnCount,
    };
    enum Role
    {
        ReasonRole = Qt::UserRole + 1, ///< why a cell is marked: a limit that is not kept, an edit that was refused
    };

    explicit MixLimitsModel(MixDesk& desk, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

    /// None: no run measured such sources.
    void setMeasured(const std::optional<MeasuredMix>& measured);
    const std::optional<MeasuredMix>& measured() const { return m_measured; }

    /// Why the last edit of a cell was refused; empty once something else was edited.
    QString refusal() const { return m_refusedRow >= 0 ? m_refusal : QString(); }

    double budget() const { return m_limits.budget; }
    Result<void> setBudget(double budget); ///< one undo step
    std::optional<double> cost() const;    ///< of a run's labels; none: their number is not known before the run
    const std::vector<spec::MixViolation>& violations() const { return m_violations; }
    /// What fix() would do, for a button; empty: nothing that keeps the limit is known.
    QString fixText(const spec::MixViolation& violation) const;
    /// One undo step: the source's share in those generations, or fewer labels.
    void fix(const spec::MixViolation& violation);

Q_SIGNALS:
    void limitsChanged(); ///< budget(), cost(), violations()

private:
    void read();
    void follow();
    void evaluate();
    QString display(int row, int column) const;
    QString reasonOf(int row, int column) const;
    std::vector<spec::SignalSource> drawnSources() const; ///< with the weights of a preview

    MixDesk& m_desk;
    std::string m_readFrom; ///< the text whose limits these are
    std::size_t m_readList = 0;
    int m_rows = 0;
    spec::MixLimits m_limits;
    std::optional<std::vector<spec::ExpectedLabels>> m_expected;
    std::vector<spec::MixViolation> m_violations;
    std::optional<MeasuredMix> m_measured;
    int m_refusedRow = -1;
    int m_refusedColumn = -1;
    QString m_refusal;
};

} // namespace gradus::viewmodels
