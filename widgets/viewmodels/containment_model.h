// SPDX-License-Identifier: GPL-3.0-or-later
// Containment studies as tables: ways out by level, what is elicited, everyday tasks, how alike levels are.
#pragma once

#include "compare/containment.h"
#include "viewmodels/comparison.h"

#include <QAbstractTableModel>
#include <QStringList>
#include <QVector>

#include <optional>
#include <vector>

namespace gradus::viewmodels {

struct ContainmentCell
{
    enum class Tone
    {
        Plain,
        Quiet, ///< says nothing of what the row is about
        Warn,  ///< something is left
        Bad,   ///< what must not be
    };
    QString text;
    QString tip = {}; ///< more of the same; plain text
    Tone tone = Tone::Plain;
    std::optional<Estimate> share = {}; ///< drawn as a line from 0 to 1
};

struct ContainmentGrid
{
    QStringList columns;
    QVector<QVector<ContainmentCell>> rows; ///< each as many cells as columns
};

/// Which rows of the ways out.
enum class WaysShown
{
    All,
    NotContained, ///< somewhere
    Differing,    ///< between levels that run code, or between studies at a level
};

/// The studies among what is compared; error: one of them that cannot be read.
struct ContainmentStudies
{
    std::vector<compare::NamedContainment> studies;
    QString error;
};
/// Parses; not in the GUI thread.
ContainmentStudies studiesIn(const ComparedData& compared);

ContainmentGrid waysGrid(const std::vector<compare::NamedContainment>& studies, WaysShown shown);
ContainmentGrid elicitationGrid(const std::vector<compare::NamedContainment>& studies);
ContainmentGrid fidelityGrid(const std::vector<compare::NamedContainment>& studies);
ContainmentGrid tasksGrid(const std::vector<compare::NamedContainment>& studies);

/// One grid for a view. GUI thread only.
class ContainmentModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role
    {
        ToneRole = Qt::UserRole, ///< int of ContainmentCell::Tone
        ValueRole,               ///< double: of a share
        LowRole,
        HighRole,
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setGrid(ContainmentGrid grid);
    const ContainmentGrid& grid() const { return m_grid; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    ContainmentGrid m_grid;
};

} // namespace gradus::viewmodels
