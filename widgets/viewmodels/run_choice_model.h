// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of runs with an eye before each: which of them are compared.
#pragma once

#include "viewmodels/runs_model.h"

#include <QIdentityProxyModel>
#include <QSet>

#include <vector>

namespace gradus::viewmodels {

/// Over a RunsModel that must outlive it. A run is chosen or not (Qt::CheckStateRole of the first column); a group is
/// what its shown runs are, and choosing it chooses them all. What is chosen stays chosen while a filter hides it.
/// GUI thread only.
class RunChoiceModel final : public QIdentityProxyModel
{
    Q_OBJECT
public:
    explicit RunChoiceModel(RunsModel& runs, QObject* parent = nullptr);

    const QSet<std::int64_t>& chosen() const { return m_chosen; }
    void setChosen(const QSet<std::int64_t>& runs);

    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

Q_SIGNALS:
    void chosenChanged();

private:
    void redraw(const QSet<std::int64_t>& changed);

    RunsModel& m_runs;
    QSet<std::int64_t> m_chosen;
};

/// What is compared before anybody chose: the runs of the newest experiment that has two or more with a utility, else
/// those of the newest experiment. rows are newest first.
QSet<std::int64_t> usualChoice(const QVector<store::RunRow>& rows);

} // namespace gradus::viewmodels
