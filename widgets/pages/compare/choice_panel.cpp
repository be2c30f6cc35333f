// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/choice_panel.h"

#include "common/controls.h"
#include "filter/run_filter.h"
#include "pages/shared/runs_tree.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace gradus::pages {

using viewmodels::RunsModel;

namespace {

constexpr int kFilterDelay = 120; // milliseconds after the last key, as in the Runs dock
constexpr int kHistoryWidth = 52;
constexpr int kUtilityWidth = 62;
constexpr int kFrame = 4; // of the tree
constexpr int kEye = 16;
constexpr int kEyeRoom = 24;

/// The eye stands where a check box would, and a click on it or Space does what it would do there.
class EyeDelegate final : public RunsDelegate
{
public:
    EyeDelegate(const common::ThemeController& theme, QObject* parent) : RunsDelegate(theme, parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        if (index.column() != RunsModel::RunColumn) return RunsDelegate::paint(painter, option, index);
        const int state = index.data(Qt::CheckStateRole).toInt();
        const common::Tokens& tokens = m_theme.tokens();
        const QRectF eye(option.rect.left() + 2, option.rect.center().y() - kEye / 2 + 1, kEye, kEye);
        painter->setOpacity(state == Qt::PartiallyChecked ? 0.5 : 1);
        common::paintIcon(*painter, eye, state == Qt::Unchecked ? common::Icon::EyeOff : common::Icon::Eye,
                          state == Qt::Unchecked ? tokens.text3 : tokens.text);
        painter->setOpacity(1);
        QStyleOptionViewItem rest = option;
        rest.rect.setLeft(option.rect.left() + kEyeRoom);
        RunsDelegate::paint(painter, rest, index);
    }

    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override
    {
        if (index.column() != RunsModel::RunColumn) return false;
        if (event->type() == QEvent::MouseButtonRelease) {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            const double along = mouse->position().x() - option.rect.left();
            if (mouse->button() != Qt::LeftButton || along < 0 || along >= kEyeRoom) return false;
        } else if (event->type() != QEvent::KeyPress || static_cast<QKeyEvent*>(event)->key() != Qt::Key_Space) {
            return false;
        }
        const bool open = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        return model->setData(index, open ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    }

private:
    const common::ThemeController& m_theme;
};

QWidget* bar(int height, QWidget* parent, QHBoxLayout*& line)
{
    auto* widget = new QWidget(parent);
    widget->setFixedHeight(height);
    line = new QHBoxLayout(widget);
    line->setContentsMargins(12, 0, 12, 0);
    line->setSpacing(8);
    return widget;
}

} // namespace

ChoicePanel::ChoicePanel(RunsModel& runs, viewmodels::RunChoiceModel& choice, const common::ThemeController& theme,
                         QWidget* parent)
    : QFrame(parent), m_runs(runs), m_choice(choice)
{
    setObjectName(QStringLiteral("choicePanel"));
    setProperty("panel", true);
    build(theme);
    m_filterDelay.setSingleShot(true);
    m_filterDelay.setInterval(kFilterDelay);
    connect(&m_filterDelay, &QTimer::timeout, this, &ChoicePanel::applyFilter);
    connect(m_filter, &QLineEdit::textChanged, &m_filterDelay, qOverload<>(&QTimer::start));
    connect(m_filter, &QLineEdit::returnPressed, this, &ChoicePanel::applyFilter);
    connect(&m_choice, &viewmodels::RunChoiceModel::chosenChanged, this, &ChoicePanel::updateTexts);
    connect(&m_choice, &QAbstractItemModel::modelReset, this, &ChoicePanel::updateTexts);
    connect(&m_choice, &QAbstractItemModel::rowsInserted, this, &ChoicePanel::updateTexts);
    connect(&m_choice, &QAbstractItemModel::rowsRemoved, this, &ChoicePanel::updateTexts);
    updateTexts();
}

void ChoicePanel::build(const common::ThemeController& theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QHBoxLayout* line = nullptr;
    column->addWidget(bar(44, this, line));
    line->addWidget(common::makeLabel(tr("Runs"), common::Type::SmallStrong));
    m_count = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_count->setObjectName(QStringLiteral("choiceCount"));
    line->addWidget(m_count, 1);
    column->addWidget(common::makeLine(Qt::Horizontal));
    column->addWidget(bar(44, this, line));
    m_filter = new QLineEdit;
    m_filter->setObjectName(QStringLiteral("choiceFilter"));
    m_filter->setPlaceholderText(tr("Filter: seed = 2, utility > 0.7"));
    m_filter->setAccessibleName(tr("Filter runs"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(common::makeIcon(common::Icon::Search), QLineEdit::LeadingPosition);
    line->addWidget(m_filter);
    m_filterError = common::makeLabel({}, common::Type::Small, QStringLiteral("danger"));
    m_filterError->setWordWrap(true);
    m_filterError->setContentsMargins(12, 0, 12, 8);
    m_filterError->hide();
    column->addWidget(m_filterError);

    m_tree = new RunsTree(theme);
    m_tree->setObjectName(QStringLiteral("choiceTree"));
    m_tree->setModel(&m_choice);
    m_tree->setItemDelegate(new EyeDelegate(theme, m_tree));
    m_tree->setContextMenuPolicy(Qt::NoContextMenu);
    QHeaderView* header = m_tree->header();
    header->setSectionResizeMode(RunsModel::RunColumn, QHeaderView::Stretch);
    header->setSectionResizeMode(RunsModel::HistoryColumn, QHeaderView::Fixed);
    header->setSectionResizeMode(RunsModel::UtilityColumn, QHeaderView::Fixed);
    common::fitSection(*header, RunsModel::HistoryColumn, kHistoryWidth);
    common::fitSection(*header, RunsModel::UtilityColumn, kUtilityWidth);
    // The title over the names is whole, too, however much the charts beside it ask for.
    const auto fitWidth = [this, header] {
        setMinimumWidth(header->sectionSize(RunsModel::HistoryColumn) + header->sectionSize(RunsModel::UtilityColumn) +
                        header->sectionSizeHint(RunsModel::RunColumn) + kFrame);
    };
    fitWidth();
    connect(header, &QHeaderView::sectionResized, this, [fitWidth](int section) {
        if (section != RunsModel::RunColumn) fitWidth();
    });
    column->addWidget(m_tree, 1);

    column->addWidget(common::makeLine(Qt::Horizontal));
    column->addWidget(bar(28, this, line));
    line->addWidget(common::makeHint(tr("last utility")), 1);
    line->addWidget(common::makeHint(tr("Space: eye")));
}

void ChoicePanel::applyFilter()
{
    m_filterDelay.stop();
    const Result<filter::RunFilter> filter = filter::RunFilter::parse(m_filter->text().toStdString());
    m_filterError->setVisible(!filter);
    common::setStyleProperty(*m_filter, "state", filter ? QString() : QStringLiteral("fail"));
    if (!filter) {
        m_filterError->setText(QString::fromStdString(filter.error().message));
        return;
    }
    m_runs.setFilter(*filter);
}

void ChoicePanel::updateTexts()
{
    const QLocale locale;
    m_count->setText(
        tr("%1 of %2").arg(locale.toString(m_choice.chosen().size()), locale.toString(m_runs.totalRuns())));
}

} // namespace gradus::pages
