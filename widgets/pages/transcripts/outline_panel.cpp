// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/outline_panel.h"

#include "common/controls.h"
#include "pages/transcripts/message_layout.h"

#include <QPainter>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

#include <utility>

namespace gradus::pages {

namespace {

using viewmodels::OutlineModel;

constexpr int kRow = 22;
constexpr int kBar = 3; // the role's colour before the words, as in the transcript
constexpr int kIcon = 12;

class OutlineDelegate final : public QStyledItemDelegate
{
public:
    OutlineDelegate(const common::ThemeController& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme)
    {
    }
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {40, kRow}; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const common::Tokens& tokens = m_theme.tokens();
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected)) painter->fillRect(option.rect, tokens.accentWeak);
        QRect rest = option.rect.adjusted(2, 0, -6, 0);
        const int sort = index.data(OutlineModel::SortRole).toInt();
        const bool isHeading = index.data(OutlineModel::MessageRole).toInt() < 0;
        const bool isDenied = sort == static_cast<int>(store::MessageSort::Denied);
        if (isDenied) { // red also says so by its sign
            common::paintIcon(*painter, QRectF(rest.left(), rest.center().y() - kIcon / 2 + 1, kIcon, kIcon),
                              common::Icon::CrossCircle, tokens.danger);
            rest.setLeft(rest.left() + kIcon + 4);
        } else if (sort >= 0) {
            const QColor colour = colourOf(kindOf(static_cast<store::MessageSort>(sort)), tokens);
            painter->fillRect(QRect(rest.left(), rest.top() + 4, kBar, rest.height() - 8), colour);
            rest.setLeft(rest.left() + kBar + 5);
        }
        painter->setFont(common::typeFont(isHeading ? common::Type::SmallStrong : common::Type::Small));
        painter->setPen(isDenied ? tokens.danger : tokens.text);
        painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, rest.width()));
        painter->restore();
    }

private:
    const common::ThemeController& m_theme;
};

} // namespace

OutlinePanel::OutlinePanel(const common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_tree(new QTreeView(this)),
      m_empty(new common::EmptyState(tr("The turns of an episode, what was "
                                        "denied in it and what monitors "
                                        "cite.")))
{
    setObjectName(QStringLiteral("outlinePanel"));
    setProperty("panel", true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    common::keepLeftToRight(*m_tree);
    m_tree->setObjectName(QStringLiteral("outlineTree"));
    m_tree->setAccessibleName(tr("Outline of the transcript"));
    m_tree->setModel(&m_model);
    m_tree->setItemDelegate(new OutlineDelegate(theme, m_tree));
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(14);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    column->addWidget(m_tree, 1);
    column->addWidget(m_empty, 1);
    m_tree->hide();
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) { go(index); });
    connect(m_tree, &QTreeView::clicked, this, &OutlinePanel::go); // again on the row where one is
    connect(&theme, &common::ThemeController::changed, m_tree->viewport(), qOverload<>(&QWidget::update));
}

void OutlinePanel::setContent(OutlineModel::Content content)
{
    if (content == m_model.content()) return; // what is open stays open
    const bool has = content.outline != nullptr;
    m_following = true;
    m_model.setContent(std::move(content));
    m_following = false;
    m_tree->setVisible(has);
    m_empty->setVisible(!has);
}

void OutlinePanel::follow(int message)
{
    QModelIndex row = m_model.indexOf(message);
    if (!row.isValid()) return;
    // What is closed stays closed: the part that holds the turn stands for it.
    if (row.parent().isValid() && !m_tree->isExpanded(row.parent())) row = row.parent();
    const QModelIndex now = m_tree->currentIndex();
    if (now == row || now.parent() == row) return;
    if (now.data(OutlineModel::MessageRole).toInt() == message && now.isValid()) return; // a denial that was pressed
    m_following = true;
    m_tree->setCurrentIndex(row);
    m_following = false;
}

void OutlinePanel::go(const QModelIndex& index)
{
    const int message = index.data(OutlineModel::MessageRole).toInt();
    if (!m_following && index.isValid() && message >= 0) Q_EMIT messageRequested(message);
}

} // namespace gradus::pages
