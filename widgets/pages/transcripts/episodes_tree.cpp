// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/episodes_tree.h"

#include "common/controls.h"
#include "pages/transcripts/verdict_look.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include <numeric>

namespace gradus::pages {

using viewmodels::EpisodesModel;
using viewmodels::Verdict;
using viewmodels::VerdictCounts;

namespace {

constexpr int kGenerationWidth = 48;
constexpr int kHitsWidth = 46;
constexpr int kSeverityWidth = 62;
constexpr int kVerdictWidth = 94;
constexpr int kBarHeight = 6;
constexpr int kPillHeight = 18;

class EpisodesDelegate final : public QStyledItemDelegate
{
public:
    EpisodesDelegate(const common::ThemeController& theme, QObject* parent)
        : QStyledItemDelegate(parent), m_theme(theme)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {40, EpisodesTree::kRowHeight};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        painter->setLayoutDirection(Qt::LeftToRight); // as the table is laid out
        const common::Tokens& tokens = m_theme.tokens();
        const bool group = index.data(EpisodesModel::IsGroupRole).toBool();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (index.column() == EpisodesModel::VerdictColumn) {
            if (group)
                paintBar(*painter, option.rect, index);
            else
                paintPill(*painter, option.rect, index);
        } else {
            const bool isName = index.column() == EpisodesModel::ScenarioColumn;
            const common::Type type = group && isName ? common::Type::BodyStrong : common::Type::Body;
            painter->setFont(isName ? common::typeFont(type) : common::numericFont(common::Type::Small));
            painter->setPen(isName ? tokens.text : tokens.text2);
            // A group has no generation of its own: its name may use that room.
            QRect cell = option.rect.adjusted(2, 0, group && isName ? kGenerationWidth : isName ? -4 : -8, -1);
            if (const QString mark = index.data(EpisodesModel::MarkRole).toString(); isName && !mark.isEmpty()) {
                const QRectF box(cell.left(), cell.center().y() - 7, 15, 15);
                painter->setBrush(tokens.accentWeak);
                painter->drawRoundedRect(box, 3, 3);
                painter->drawText(box, Qt::AlignCenter, mark);
                cell.setLeft(cell.left() + 20);
            }
            painter->drawText(cell, (isName ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter,
                              painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, cell.width()));
        }
        painter->restore();
    }

private:
    void paintBar(QPainter& painter, const QRect& cell, const QModelIndex& index) const
    {
        const auto counts = index.data(EpisodesModel::CountsRole).value<VerdictCounts>();
        const int all = std::accumulate(counts.begin(), counts.end(), 0);
        const QRectF bar(cell.left() + 8, cell.center().y() - kBarHeight / 2 + 1, cell.width() - 20, kBarHeight);
        double left = bar.left();
        for (std::size_t i = 0; all > 0 && i < counts.size(); ++i) {
            const double wide = bar.width() * counts[i] / all;
            const auto verdict = static_cast<Verdict>(i);
            const common::Tokens& tokens = m_theme.tokens();
            painter.fillRect(QRectF(left, bar.top(), wide, bar.height()),
                             verdict == Verdict::NotJudged ? tokens.border : lookOf(verdict, tokens).text);
            left += wide;
        }
    }

    void paintPill(QPainter& painter, const QRect& cell, const QModelIndex& index) const
    {
        const VerdictLook look =
            lookOf(static_cast<Verdict>(index.data(EpisodesModel::VerdictRole).toInt()), m_theme.tokens());
        painter.setFont(common::typeFont(common::Type::Chart));
        const QString word =
            painter.fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, cell.width() - 28);
        const QRectF pill(cell.left() + 6, cell.center().y() - kPillHeight / 2 + 0.5,
                          painter.fontMetrics().horizontalAdvance(word) + 16, kPillHeight);
        painter.setPen(Qt::NoPen);
        painter.setBrush(look.fill);
        painter.drawRoundedRect(pill, kPillHeight / 2.0, kPillHeight / 2.0);
        painter.setPen(look.text);
        painter.drawText(pill, Qt::AlignCenter, word);
        // What the person at the window said stands beside it: as a tick where it is the same.
        const int own = index.data(EpisodesModel::OwnRole).toInt();
        if (own < 0) return;
        const bool isSame = own == index.data(EpisodesModel::VerdictRole).toInt();
        const VerdictLook said = lookOf(static_cast<Verdict>(own), m_theme.tokens());
        common::paintIcon(painter, QRectF(cell.right() - 17, cell.center().y() - 6, 12, 12),
                          isSame ? common::Icon::Tick : said.icon, said.text);
    }

    const common::ThemeController& m_theme;
};

} // namespace

EpisodesTree::EpisodesTree(EpisodesModel& model, const common::ThemeController& theme, QWidget* parent)
    : GroupedTree(theme, EpisodesModel::IsGroupRole, parent)
{
    setObjectName(QStringLiteral("episodesTree"));
    setAccessibleName(tr("Episodes"));
    setModel(&model);
    setItemDelegate(new EpisodesDelegate(theme, this));
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    header()->setMinimumSectionSize(24);
    header()->setSectionResizeMode(QHeaderView::Fixed);
    header()->setSectionResizeMode(EpisodesModel::ScenarioColumn, QHeaderView::Stretch);
    common::fitSection(*header(), EpisodesModel::GenerationColumn, kGenerationWidth);
    common::fitSection(*header(), EpisodesModel::HitsColumn, kHitsWidth);
    common::fitSection(*header(), EpisodesModel::SeverityColumn, kSeverityWidth);
    common::fitSection(*header(), EpisodesModel::VerdictColumn, kVerdictWidth);
    header()->hideSection(EpisodesModel::HitsColumn);
}

} // namespace gradus::pages
