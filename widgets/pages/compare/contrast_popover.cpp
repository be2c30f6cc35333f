// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/contrast_popover.h"

#include "common/controls.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QScreen>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kWidth = 440;
constexpr int kPadding = 12;
constexpr int kRow = 28;
constexpr int kMostRows = 8; // beyond these the list scrolls
constexpr int kBelow = 4;

QComboBox* groupBox(const char* name, const QString& accessible)
{
    auto* box = new QComboBox;
    box->setObjectName(QLatin1String(name));
    box->setAccessibleName(accessible);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    return box;
}

} // namespace

ContrastPopover::ContrastPopover(QWidget* parent)
    : QFrame(parent, Qt::Popup), m_area(new QScrollArea), m_group(groupBox("contrastGroup", tr("Group"))),
      m_minus(groupBox("contrastMinus", tr("Minus this group"))),
      m_add(common::makeButton(tr("Add"), QStringLiteral("primary")))
{
    setObjectName(QStringLiteral("contrastPopover"));
    setProperty("panel", true);
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("Contrasts"));
    setFixedWidth(kWidth);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kPadding, kPadding, kPadding, kPadding);
    column->setSpacing(8);
    column->addWidget(common::makeLabel(tr("Held against each other"), common::Type::BodyStrong));
    QLabel* about = common::makeLabel(tr("Besides every group against the baseline. All of a column's tests are "
                                         "corrected together, so that each contrast makes the others harder to show."),
                                      common::Type::Small, QStringLiteral("quiet"));
    about->setWordWrap(true);
    column->addWidget(about);
    auto* list = new QWidget;
    m_rows = new QVBoxLayout(list);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(0);
    m_area->setWidget(list);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->viewport()->setAutoFillBackground(false); // the panel's ground, not that of a page
    list->setAutoFillBackground(false);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_area);
    column->addWidget(common::makeLine(Qt::Horizontal));
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_group, 1);
    line->addWidget(common::makeLabel(tr("minus"), common::Type::Body, QStringLiteral("quiet")));
    line->addWidget(m_minus, 1);
    m_add->setObjectName(QStringLiteral("addContrast"));
    line->addWidget(m_add);
    column->addLayout(line);
    connect(m_group, &QComboBox::currentIndexChanged, this, &ContrastPopover::refreshAdd);
    connect(m_minus, &QComboBox::currentIndexChanged, this, &ContrastPopover::refreshAdd);
    connect(m_add, &QPushButton::clicked, this,
            [this] { Q_EMIT added(m_group->currentIndex(), m_minus->currentIndex()); });
}

void ContrastPopover::setContrasts(const QStringList& groups, const QVector<viewmodels::ContrastEntry>& entries)
{
    m_entries = entries;
    for (QComboBox* box : {m_group, m_minus}) {
        const QSignalBlocker quiet(box);
        const auto kept = static_cast<int>(groups.indexOf(box->currentText()));
        box->clear();
        box->addItems(groups);
        // At first the second minus the first.
        box->setCurrentIndex(kept >= 0 ? kept : std::min(box == m_group ? 1 : 0, static_cast<int>(groups.size()) - 1));
    }
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        if (QWidget* row = item->widget()) {
            row->hide();
            row->deleteLater(); // its own button may be what asks
        }
        delete item;
    }
    for (const viewmodels::ContrastEntry& entry : entries)
        addRow(entry);
    m_area->setVisible(!entries.isEmpty());
    m_area->setFixedHeight(kRow * std::clamp(static_cast<int>(entries.size()), 1, kMostRows));
    refreshAdd();
    if (isVisible()) fit();
}

void ContrastPopover::addRow(const viewmodels::ContrastEntry& entry)
{
    auto* row = new QWidget;
    row->setFixedHeight(kRow);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    auto* name = new common::ElidedLabel(entry.label, Qt::ElideMiddle);
    line->addWidget(name, 1);
    const bool isOfFile = entry.typed.empty();
    if (!entry.contrast)
        line->addWidget(common::makeLabel(tr("not among these runs"), common::Type::Small, QStringLiteral("warn")));
    if (isOfFile) {
        QLabel* asked = common::makeLabel(tr("the file asks"), common::Type::Small, QStringLiteral("quiet"));
        asked->setToolTip(common::plainTooltip(
            tr("[report] contrasts of the experiment: the question that the runs were made for stays.")));
        line->addWidget(asked);
    } else {
        QToolButton* remove = common::makeIconButton(common::Icon::Close, tr("Remove %1").arg(entry.label));
        remove->setObjectName(QStringLiteral("removeContrast"));
        remove->setToolTip(common::plainTooltip(tr("Remove %1").arg(entry.label)));
        connect(remove, &QToolButton::clicked, this,
                [this, typed = QString::fromStdString(entry.typed)] { Q_EMIT removed(typed); });
        line->addWidget(remove);
    }
    m_rows->addWidget(row);
}

void ContrastPopover::refreshAdd()
{
    const compare::Contrast chosen{static_cast<std::size_t>(std::max(0, m_group->currentIndex())),
                                   static_cast<std::size_t>(std::max(0, m_minus->currentIndex()))};
    const bool isThere =
        std::any_of(m_entries.begin(), m_entries.end(), [&](const auto& entry) { return entry.contrast == chosen; });
    const auto own =
        std::count_if(m_entries.begin(), m_entries.end(), [](const auto& one) { return !one.typed.empty(); });
    QString why;
    if (chosen.group == chosen.minus)
        why = tr("A group against itself says nothing: choose two");
    else if (isThere)
        why = tr("The table has it");
    else if (static_cast<std::size_t>(own) >= spec::kMostContrasts)
        why = tr("There are %1 already, which is the most; remove one").arg(own);
    m_add->setEnabled(why.isEmpty());
    m_add->setToolTip(why);
}

/// adjustSize would count the lines of the wrapped sentence at another width.
void ContrastPopover::fit()
{
    layout()->activate();
    resize(kWidth, layout()->totalHeightForWidth(kWidth));
}

void ContrastPopover::openBelow(const QWidget& widget)
{
    fit();
    QPoint corner = widget.mapToGlobal(QPoint(widget.width() - width(), widget.height() + kBelow));
    if (const QScreen* on = widget.screen()) {
        const QRect room = on->availableGeometry();
        corner.setX(std::clamp(corner.x(), room.left(), std::max(room.left(), room.right() - width())));
        corner.setY(std::clamp(corner.y(), room.top(), std::max(room.top(), room.bottom() - height())));
    }
    move(corner);
    show();
    m_group->setFocus(Qt::PopupFocusReason);
}

} // namespace gradus::pages
