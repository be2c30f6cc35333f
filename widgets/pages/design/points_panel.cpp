// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/points_panel.h"

#include "common/controls.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

namespace gradus::pages {

using viewmodels::PointsModel;

namespace {

constexpr int kRowHeight = 26;

/// A drop-down for interpolations, the usual line edit elsewhere; refused cells are written in danger.
class PointsDelegate final : public QStyledItemDelegate
{
public:
    PointsDelegate(viewmodels::CurveTrack& track, QObject* parent) : QStyledItemDelegate(parent), m_track(track) {}

    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        if (index.column() != PointsModel::ToNextKey) return QStyledItemDelegate::createEditor(parent, option, index);
        auto* box = new QComboBox(parent);
        for (const auto kind : {schedule::Interpolation::Constant, schedule::Interpolation::Linear,
                                schedule::Interpolation::Monotone, schedule::Interpolation::Bezier})
            box->addItem(viewmodels::titleOf(kind), QString::fromLatin1(schedule::nameOf(kind)));
        return box;
    }
    void setEditorData(QWidget* editor, const QModelIndex& index) const override
    {
        if (auto* box = qobject_cast<QComboBox*>(editor))
            box->setCurrentText(index.data().toString());
        else
            QStyledItemDelegate::setEditorData(editor, index);
    }
    void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override
    {
        if (auto* box = qobject_cast<QComboBox*>(editor))
            model->setData(index, box->currentData());
        else if (const auto* line = qobject_cast<QLineEdit*>(editor); line && isOfAll(line->text(), index))
            static_cast<PointsModel*>(model)->changeAll(m_track.selection().indices(), index.column(), line->text());
        else
            QStyledItemDelegate::setModelData(editor, model, index);
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (!index.data(PointsModel::ReasonRole).toString().isEmpty())
            option->palette.setColor(QPalette::Text, option->palette.color(QPalette::BrightText));
        option->font = index.column() == PointsModel::Kind || index.column() == PointsModel::ToNextKey
                           ? common::typeFont(common::Type::Body)
                           : common::numericFont(common::Type::Body);
    }

private:
    /// "*1.1" in one of several selected rows is meant for each of them.
    bool isOfAll(const QString& text, const QModelIndex& index) const
    {
        viewmodels::KeySelection& selection = m_track.selection();
        return viewmodels::isRelative(text) && selection.indices().size() > 1 && selection.contains(index.row());
    }

    viewmodels::CurveTrack& m_track;
};

} // namespace

PointsPanel::PointsPanel(viewmodels::CurveTrack& track, QWidget* parent)
    : QFrame(parent), m_track(track), m_commands(track), m_model(track), m_table(new QTableView), m_count(nullptr),
      m_reason(new common::ElidedLabel), m_fix(common::makeButton({}, QStringLiteral("link")))
{
    setProperty("panel", true);
    auto* title = new QWidget;
    title->setFixedHeight(30);
    auto* row = new QHBoxLayout(title);
    row->setContentsMargins(12, 0, 12, 0);
    m_count = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_reason->setObjectName(QStringLiteral("pointsReason"));
    m_reason->setFont(common::typeFont(common::Type::Small));
    common::setStyleProperty(*m_reason, "tone", QStringLiteral("danger"));
    m_fix->setObjectName(QStringLiteral("pointsFix"));
    row->addWidget(m_reason, 1); // the tab over it says what it is
    row->addWidget(m_fix);
    row->addWidget(m_count);
    const auto showRefusal = [this] {
        m_reason->setFullText(m_model.reason());
        m_fix->setText(m_model.fixText());
        m_fix->setVisible(!m_fix->text().isEmpty());
    };
    showRefusal();
    connect(&m_model, &PointsModel::refusalChanged, this, showRefusal);
    connect(m_fix, &QPushButton::clicked, this, [this] { m_model.fix(); });
    m_table->setObjectName(QStringLiteral("pointsTable"));
    m_table->setAccessibleName(tr("Points of the curve"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new PointsDelegate(track, m_table));
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                             QAbstractItemView::AnyKeyPressed);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->horizontalHeader()->setFixedHeight(kRowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(PointsModel::KeyNumber, QHeaderView::Fixed);
    common::fitSection(*m_table->horizontalHeader(), PointsModel::KeyNumber, 56);
    for (const int handle : {PointsModel::LeftHandle, PointsModel::RightHandle}) {
        m_table->horizontalHeader()->setSectionResizeMode(handle, QHeaderView::Fixed);
        common::fitSection(*m_table->horizontalHeader(), handle, 140);
    }
    m_table->installEventFilter(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(title);
    column->addWidget(common::makeLine(Qt::Horizontal));
    column->addWidget(m_table, 1);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PointsPanel::takeSelection);
    connect(&track, &viewmodels::CurveTrack::editRefused, this, &PointsPanel::refused);
    connect(&track.selection(), &viewmodels::KeySelection::changed, this, &PointsPanel::showSelection);
    connect(&track, &viewmodels::CurveTrack::curveChanged, this, &PointsPanel::showSelection);
    showSelection();
}

void PointsPanel::showSelection()
{
    const auto& indices = m_track.selection().indices();
    const auto keys = tr("%n keys", nullptr, m_model.rowCount());
    const QString count = m_track.title() + QStringLiteral(": ") + (m_model.rowCount() == 1 ? tr("1 key") : keys);
    m_count->setText(indices.empty() ? count : count + tr(", %1 selected").arg(indices.size()));
    if (m_following) return;
    m_following = true;
    QItemSelection rows;
    for (const int index : indices)
        if (index < m_model.rowCount())
            rows.select(m_model.index(index, 0), m_model.index(index, PointsModel::ColumnCount - 1));
    m_table->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
    if (const int current = m_track.selection().current(); current >= 0 && !m_table->hasFocus())
        m_table->scrollTo(m_model.index(current, 0));
    m_following = false;
}

void PointsPanel::takeSelection()
{
    if (m_following) return;
    m_following = true;
    viewmodels::KeyIndices indices;
    for (const QModelIndex& row : m_table->selectionModel()->selectedRows())
        indices.push_back(row.row());
    const QModelIndex current = m_table->selectionModel()->currentIndex();
    m_track.selection().set(indices, current.isValid() ? current.row() : -1);
    m_following = false;
}

bool PointsPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_table || event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_V && key->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier))
        m_commands.pasteScaled();
    else if (key->matches(QKeySequence::Copy))
        m_commands.copy();
    else if (key->matches(QKeySequence::Cut))
        m_commands.cut();
    else if (key->matches(QKeySequence::Paste))
        m_commands.paste();
    else if (key->key() == Qt::Key_Delete || key->key() == Qt::Key_Backspace)
        m_commands.removeSelected();
    else
        return false;
    return true;
}

} // namespace gradus::pages
