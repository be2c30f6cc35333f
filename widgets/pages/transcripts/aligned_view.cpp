// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/aligned_view.h"

#include "common/controls.h"
#include "pages/transcripts/transcript_view.h"

#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kGuessed = 84;             // pixels of a row that was not laid out
constexpr std::size_t kMostBodies = 300; // rows laid out and kept
constexpr int kMostRounds = 4;
constexpr std::size_t kDiffBytes = 8000; // as much as is shown of a message

} // namespace

AlignedView::AlignedView(const common::ThemeController& theme, QWidget* parent)
    : QAbstractScrollArea(parent), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("alignedView"));
    setAccessibleName(tr("Episodes side by side"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setViewportMargins(0, 0, 0, 0);
    connect(&theme, &common::ThemeController::changed, this, [this] {
        m_bodies.clear();
        layOutSeen();
    });
}

AlignedView::~AlignedView() = default;

void AlignedView::setSides(std::vector<Side> sides)
{
    m_sides = std::move(sides);
    m_rows.clear();
    m_current = -1;
    if (!m_sides.empty()) {
        std::vector<const events::EpisodeRecord*> episodes;
        for (const Side& side : m_sides)
            episodes.push_back(side.episode.get());
        m_rows = viewmodels::alignTurns(episodes);
        m_rows.emplace_back(); // the verdicts
        m_current = 0;
    }
    forgetLayouts();
    updateRange(0);
    layOutSeen();
}

void AlignedView::setSearch(const QString& text)
{
    if (text == m_search) return;
    m_search = text;
    m_bodies.clear();
    layOutSeen();
}

void AlignedView::setWordDiff(bool on)
{
    m_wordDiff = on;
    m_bodies.clear();
    layOutSeen();
}

const events::EpisodeMessage* AlignedView::messageAt(int row, int side) const
{
    const int message = m_rows[static_cast<std::size_t>(row)].messages[static_cast<std::size_t>(side)];
    if (message < 0) return nullptr;
    return &m_sides[static_cast<std::size_t>(side)].episode->messages[static_cast<std::size_t>(message)];
}

std::string_view AlignedView::contentAt(int row, int side) const
{
    const Side& shown = m_sides[static_cast<std::size_t>(side)];
    if (isVerdicts(row)) return shown.tellsVerdict ? std::string_view(shown.episode->note) : std::string_view();
    const events::EpisodeMessage* message = messageAt(row, side);
    return message == nullptr ? std::string_view() : std::string_view(message->content);
}

MessageKind AlignedView::kindAt(int row, int side) const
{
    if (isVerdicts(row)) return MessageKind::Verdict;
    const events::EpisodeMessage* message = messageAt(row, side);
    return message == nullptr ? MessageKind::Unread : kindOf(*message);
}

int AlignedView::sideWidth() const
{
    const int sides = std::max(1, sideCount());
    return std::max(kLeast, (viewport()->width() - kGutter) / sides);
}

QRect AlignedView::cellRect(const QRect& rowRect, int side) const
{
    return {kGutter + side * sideWidth() - horizontalScrollBar()->value(), rowRect.top(), sideWidth(),
            rowRect.height()};
}

QVector<viewmodels::NamedRange> AlignedView::changedAt(int row, int side) const
{
    // Every later side is compared with the first one; that one with the next side that has something here.
    if (!m_wordDiff || isVerdicts(row) || m_rows[static_cast<std::size_t>(row)].isShared) return {};
    int other = side == 0 ? 1 : 0;
    while (side == 0 && other < sideCount() && messageAt(row, other) == nullptr)
        ++other;
    if (other >= sideCount() || messageAt(row, side) == nullptr || messageAt(row, other) == nullptr) return {};
    const auto shown = [this, row](int which) {
        return viewmodels::displayText(contentAt(row, which), TranscriptView::kLines, kDiffBytes).text;
    };
    const viewmodels::WordDiff diff = viewmodels::wordDiff(shown(std::min(side, other)), shown(std::max(side, other)));
    return side < other ? diff.left : diff.right;
}

const AlignedView::Bodies& AlignedView::layOut(int row)
{
    const auto [place, isNew] = m_bodies.try_emplace(row);
    if (!isNew) return place->second;
    const common::Tokens& tokens = m_theme.tokens();
    const bool isShared = m_rows[static_cast<std::size_t>(row)].isShared;
    int tallest = 0;
    for (int side = 0; side < (isShared ? 1 : sideCount()); ++side) {
        if (!isVerdicts(row) && messageAt(row, side) == nullptr) continue;
        const int room = isShared ? sideWidth() * sideCount() : sideWidth();
        Body& body = place->second[static_cast<std::size_t>(side)];
        body = layOutBody(contentAt(row, side),
                          {.kind = kindAt(row, side),
                           .width = room - 2 * kMargin,
                           .lines = TranscriptView::kLines,
                           .bytes = TranscriptView::kBytes,
                           .search = m_search,
                           .changed = changedAt(row, side),
                           .changedFill = side == 0 ? tokens.dangerWeak : tokens.okWeak},
                          tokens);
        tallest = std::max(tallest, body.height);
    }
    const int height = kHead + tallest + kBelow;
    m_heights.add(static_cast<std::size_t>(row), height - m_rowHeights[static_cast<std::size_t>(row)]);
    m_rowHeights[static_cast<std::size_t>(row)] = height;
    return place->second;
}

QString AlignedView::textAt(int row, int side) const
{
    const int from = m_rows[static_cast<std::size_t>(row)].isShared ? 0 : side;
    return const_cast<AlignedView*>(this)->layOut(row)[static_cast<std::size_t>(from)].shown.text;
}

void AlignedView::forgetLayouts()
{
    m_bodies.clear();
    m_rowHeights.assign(m_rows.size(), kGuessed);
    m_heights.assign(m_rowHeights);
    updateRange(verticalScrollBar()->value());
}

void AlignedView::updateRange(int place)
{
    m_ranging = true;
    const int seen = std::max(0, viewport()->height() - kTitle);
    verticalScrollBar()->setPageStep(seen);
    verticalScrollBar()->setSingleStep(24);
    verticalScrollBar()->setRange(0, std::max(0, static_cast<int>(m_heights.total()) - seen));
    verticalScrollBar()->setValue(place);
    const int wide = kGutter + sideWidth() * std::max(1, sideCount());
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(24);
    horizontalScrollBar()->setRange(0, std::max(0, wide - viewport()->width()));
    m_ranging = false;
}

void AlignedView::layOutSeen()
{
    for (int round = 0; !m_rows.empty() && round < kMostRounds; ++round) {
        const int from = verticalScrollBar()->value();
        const int first = static_cast<int>(m_heights.rowAt(from));
        const auto top = [&] { return static_cast<int>(m_heights.before(static_cast<std::size_t>(first))); };
        const int inside = from - top();
        int last = first;
        for (int bottom = -inside; last < rowCount() && bottom < viewport()->height(); ++last) {
            layOut(last);
            bottom += m_rowHeights[static_cast<std::size_t>(last)];
        }
        if (m_bodies.size() > kMostBodies)
            std::erase_if(m_bodies, [&](const auto& body) { return body.first < first || body.first > last; });
        const int place = top() + inside;
        updateRange(place);
        if (verticalScrollBar()->value() == place) break;
    }
    viewport()->update();
}

void AlignedView::setCurrentRow(int row)
{
    if (row < 0 || row >= rowCount()) return;
    m_current = row;
    layOut(row);
    const int top = static_cast<int>(m_heights.before(static_cast<std::size_t>(row)));
    const int height = m_rowHeights[static_cast<std::size_t>(row)];
    const int seen = viewport()->height() - kTitle;
    const int from = verticalScrollBar()->value();
    int place = from;
    if (top < from || height > seen)
        place = top;
    else if (top + height > from + seen)
        place = top + height - seen;
    updateRange(place);
    layOutSeen();
}

void AlignedView::stepChange(int direction)
{
    for (int row = m_current + direction; row >= 0 && row < rowCount() - 1; row += direction) {
        const viewmodels::AlignedRow& aligned = m_rows[static_cast<std::size_t>(row)];
        if (aligned.isShared) continue;
        bool isSame = true;
        for (int side = 1; side < sideCount(); ++side)
            isSame = isSame && (messageAt(row, 0) == nullptr) == (messageAt(row, side) == nullptr) &&
                     contentAt(row, 0) == contentAt(row, side);
        if (!isSame) return setCurrentRow(row);
    }
}

void AlignedView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    forgetLayouts();
    layOutSeen();
}

void AlignedView::scrollContentsBy(int, int)
{
    if (!m_ranging) layOutSeen();
}

void AlignedView::mousePressEvent(QMouseEvent* event)
{
    const int y = static_cast<int>(event->position().y()) - kTitle;
    if (event->button() != Qt::LeftButton || m_rows.empty() || y < 0) return;
    const long long height = verticalScrollBar()->value() + y;
    if (height >= m_heights.total()) return;
    m_current = static_cast<int>(m_heights.rowAt(height));
    viewport()->update();
}

void AlignedView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Down) return setCurrentRow(m_current + 1);
    if (event->key() == Qt::Key_Up) return setCurrentRow(m_current - 1);
    QAbstractScrollArea::keyPressEvent(event);
}

} // namespace gradus::pages
