// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/mix_limits_model.h"

#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/points_model.h"

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

namespace {

bool isEdited(int column)
{
    return column == MixLimitsModel::LeastShare || column == MixLimitsModel::MostShare ||
           column == MixLimitsModel::Cost;
}

/// What the file itself says of a source's errors; none where only a run can tell.
std::optional<double> expectedNoise(const spec::SignalSource& source)
{
    if (source.kind == "truth") return 0.0;
    if (source.kind == "synthetic") return source.rate;
    return std::nullopt;
}

QString percentText(const std::optional<double>& share)
{
    return share ? common::percentText(*share, 1) : common::missingText();
}

QString wholeText(const std::optional<double>& number)
{
    return number ? common::groupedText(std::llround(*number)) : common::missingText();
}

} // namespace

MixLimitsModel::MixLimitsModel(MixDesk& desk, QObject* parent) : QAbstractTableModel(parent), m_desk(desk)
{
    connect(&desk, &MixDesk::sourcesChanged, this, &MixLimitsModel::read);
    connect(&desk, &MixDesk::mixChanged, this, &MixLimitsModel::follow);
    read();
}

/// Another list, or other sources: the table is a new one.
void MixLimitsModel::read()
{
    beginResetModel();
    m_rows = static_cast<int>(m_desk.count());
    m_readFrom.clear();
    m_measured.reset();
    m_refusedRow = m_refusedColumn = -1;
    evaluate(); // before anybody asks for a cell
    endResetModel();
    Q_EMIT limitsChanged();
}

void MixLimitsModel::follow()
{
    if (m_rows != static_cast<int>(m_desk.count())) return; // read() follows
    evaluate();
    if (m_rows > 0) Q_EMIT dataChanged(index(0, 0), index(m_rows - 1, ColumnCount - 1));
    Q_EMIT limitsChanged();
}

void MixLimitsModel::evaluate()
{
    const ScheduleDocument& document = m_desk.document();
    if (document.isValid() && (m_readFrom != document.text() || m_readList != m_desk.list())) {
        m_readFrom = document.text();
        m_readList = m_desk.list();
        m_refusedRow = m_refusedColumn = -1;
        const auto all = spec::mixLimits(m_readFrom);
        m_limits = all && m_readList < all->size() ? all->at(m_readList) : spec::MixLimits{};
    }
    m_limits.sources.resize(m_desk.count());
    const auto sources = drawnSources();
    m_expected = spec::expectedLabels(document.experiment(), sources);
    m_violations = spec::mixViolations(document.experiment(), sources, m_limits);
}

std::vector<spec::SignalSource> MixLimitsModel::drawnSources() const
{
    auto sources = m_desk.sources();
    for (std::size_t i = 0; i < sources.size(); ++i)
        sources[i].weight = m_desk.mix().weights[i];
    return sources;
}

std::optional<double> MixLimitsModel::cost() const
{
    return m_expected ? std::optional(spec::costOf(*m_expected, m_limits)) : std::nullopt;
}

Result<void> MixLimitsModel::setBudget(double budget)
{
    const auto text = spec::withBudget(m_desk.document().text(), budget);
    if (!text) return text.error();
    return m_desk.document().setWholeText(*text, tr("Set budget"));
}

void MixLimitsModel::setMeasured(const std::optional<MeasuredMix>& measured)
{
    m_measured = measured && static_cast<int>(measured->sources.size()) == m_rows ? measured : std::nullopt;
    if (m_rows > 0) Q_EMIT dataChanged(index(0, MeasuredNoise), index(m_rows - 1, MeasuredEffective));
}

QString MixLimitsModel::fixText(const spec::MixViolation& violation) const
{
    if (violation.source)
        return m_desk.isLocked(*violation.source) ? QString()
                                                  : tr("Set it to %1").arg(common::percentText(violation.limit, 1));
    const auto labels = spec::labelsWithinBudget(m_desk.document().experiment(), drawnSources(), m_limits);
    return labels ? tr("Use %1 labels a generation").arg(*labels) : QString();
}

void MixLimitsModel::fix(const spec::MixViolation& violation)
{
    const spec::MixViolation wanted = violation; // it may be one of ours, which go with the edit
    if (wanted.source) {
        Mix mix = m_desk.committed();
        for (const int generation : wanted.generations)
            mix = withShare(mix, *wanted.source, spec::weightPlace(generation, m_desk.generations()), wanted.limit);
        m_desk.commit(mix, tr("Keep to a limit"));
    } else if (const auto labels = spec::labelsWithinBudget(m_desk.document().experiment(), drawnSources(), m_limits)) {
        const auto done =
            m_desk.document().setValue("training.labels", std::to_string(*labels), tr("Keep to the budget"));
        if (!done) Q_EMIT m_desk.document().editRefused(QString::fromStdString(done.error().message));
    }
}

int MixLimitsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int MixLimitsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString MixLimitsModel::display(int row, int column) const
{
    const auto i = static_cast<std::size_t>(row);
    const spec::SignalSource& source = m_desk.sources()[i];
    const spec::SourceLimits& limits = m_limits.sources[i];
    const auto expected = [&](double spec::ExpectedLabels::*which) {
        return wholeText(m_expected ? std::optional(m_expected->at(i).*which) : std::nullopt);
    };
    const MeasuredSource* measured = m_measured ? &m_measured->sources[i] : nullptr;
    switch (column) {
    case Name:
        return QString::fromStdString(visible(source.name, 80));
    case LeastShare:
        return common::percentText(limits.least, 1);
    case MostShare:
        return common::percentText(limits.most, 1);
    case Cost:
        return QString::fromStdString(numberText(limits.cost));
    case Asked:
        return expected(&spec::ExpectedLabels::asked);
    case Effective:
        return expected(&spec::ExpectedLabels::effective);
    case ExpectedNoise:
        return percentText(expectedNoise(source));
    case MeasuredNoise:
        if (!measured || !measured->noise) return common::missingText();
        return common::percentText(measured->noise->value, 1) + ' ' + QString::fromUtf8("±") + ' ' +
               common::numberText(50 * (measured->noise->high - measured->noise->low), 1);
    case MeasuredDisagreement:
        return percentText(measured ? measured->disagreement : std::nullopt);
    case MeasuredEffective:
        return wholeText(measured ? measured->effective : std::nullopt);
    default:
        return {};
    }
}

QString MixLimitsModel::reasonOf(int row, int column) const
{
    if (row == m_refusedRow && column == m_refusedColumn) return m_refusal;
    for (const spec::MixViolation& violation : m_violations) {
        if (violation.source != static_cast<std::size_t>(row)) continue;
        const bool below = violation.found < violation.limit;
        if (column == (below ? LeastShare : MostShare)) return QString::fromStdString(visible(violation.sentence, 600));
    }
    return {};
}

QVariant MixLimitsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const int column = index.column();
    const spec::SourceLimits& limits = m_limits.sources[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return common::leftToRight(display(index.row(), column));
    case Qt::EditRole:
        if (column == LeastShare) return QString::fromStdString(numberText(100 * limits.least));
        if (column == MostShare) return QString::fromStdString(numberText(100 * limits.most));
        return display(index.row(), column);
    case Qt::TextAlignmentRole:
        return column == Name ? int(Qt::AlignLeft | Qt::AlignVCenter) : int(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ToolTipRole: {
        // It names sources, and a name is no markup.
        const QString reason = reasonOf(index.row(), column);
        return reason.isEmpty() ? reason : QStringLiteral("<qt>") + reason.toHtmlEscaped() + QStringLiteral("</qt>");
    }
    case ReasonRole:
        return reasonOf(index.row(), column);
    default:
        return {};
    }
}

QVariant MixLimitsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return section == Name ? int(Qt::AlignLeft | Qt::AlignVCenter) : int(Qt::AlignRight | Qt::AlignVCenter);
    const std::pair<QString, QString> heads[] = {
        {tr("Source"), {}},
        {tr("Least"), tr("Smallest share of the mix that the source may have in any generation")},
        {tr("Most"), tr("Largest share of the mix that the source may have in any generation")},
        {tr("Cost"), tr("Of one label, in the currency of the budget")},
        {tr("Asked"), tr("Labels that a run will ask it for: it is asked wherever its weight is above 0")},
        {tr("Effective"), tr("Its share of the mix of every item a run teaches")},
        {tr("Noise"), tr("Share of wrong labels that the file itself states; only runs can tell of the others")},
        {tr("Measured"), tr("Share of wrong labels on the anchors of a stored run")},
        {tr("Differs"), tr("From the other sources, in that run: share of items on which two say something else")},
        {tr("Was effective"), tr("Its used share of the items that this run labelled")},
    };
    if (section < 0 || section >= ColumnCount) return {};
    if (role == Qt::DisplayRole) return heads[section].first;
    if (role == Qt::ToolTipRole) return heads[section].second;
    return {};
}

Qt::ItemFlags MixLimitsModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && isEdited(index.column()) && m_desk.document().isValid()) flags |= Qt::ItemIsEditable;
    return flags;
}

bool MixLimitsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable)) return false;
    const auto i = static_cast<std::size_t>(index.row());
    spec::SourceLimits limits = m_limits.sources[i];
    double& field = index.column() == Cost ? limits.cost : index.column() == LeastShare ? limits.least : limits.most;
    const double scale = index.column() == Cost ? 1 : 100;
    const auto number = typedNumber(value.toString(), field * scale);
    Result<void> done = badInput(tr("This is not a number; write it like 25.").toStdString());
    if (number) {
        field = *number / scale;
        const auto text = spec::withSourceLimits(m_desk.document().text(), m_desk.list(), i, limits);
        done = text ? m_desk.document().setWholeText(*text, tr("Limit a source")) : Result<void>(text.error());
    }
    if (done) return true;
    m_refusedRow = index.row();
    m_refusedColumn = index.column();
    m_refusal = QString::fromStdString(done.error().message);
    Q_EMIT dataChanged(index, index);
    Q_EMIT limitsChanged();
    return false;
}

} // namespace gradus::viewmodels
