// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/transcript_view.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "viewmodels/episodes_model.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>
#include <array>

namespace gradus::pages {

namespace {

constexpr int kMostWidth = 860;          // of running text: longer lines are hard to read
constexpr std::size_t kEstimated = 4000; // bytes looked at to guess a height
constexpr std::size_t kCopied = 4'000'000;
constexpr std::size_t kMostBodies = 400; // laid out and kept, beyond what is seen
constexpr int kMostRounds = 4;

QString shortText(const std::string& untrusted)
{
    return QString::fromStdString(visible(untrusted, 60));
}

} // namespace

TranscriptView::TranscriptView(const common::ThemeController& theme, QWidget* parent)
    : QAbstractScrollArea(parent), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("transcriptView"));
    setAccessibleName(tr("Transcript"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(&theme, &common::ThemeController::changed, this, [this] {
        m_bodies.clear(); // boxes and marks are coloured in the layouts
        layOutSeen();
    });
}

TranscriptView::~TranscriptView() = default;

void TranscriptView::setEpisode(std::shared_ptr<const events::EpisodeRecord> episode, Showing showing)
{
    const int place = verticalScrollBar()->value();
    const int current = m_current;
    const std::vector<Block> before = showing.keepsPlace ? std::move(m_blocks) : std::vector<Block>();
    if (!showing.keepsPlace) m_pages.clear();
    m_asked.clear();
    m_hits.clear();
    m_episode = std::move(episode);
    if (!showing.keepsPlace) {
        m_outline.reset();
        m_denied.clear();
    }
    m_tellsVerdict = showing.tellsVerdict;
    m_blocks.clear();
    m_bodies.clear();
    if (m_episode) {
        const int held = static_cast<int>(std::min<std::size_t>(m_episode->messages.size(), kMostBlocks));
        const int all = std::clamp(showing.messages, held, kMostBlocks);
        m_blocks.resize(static_cast<std::size_t>(all) + (m_tellsVerdict ? 1 : 0));
        const auto know = [this](int block) {
            if (const events::EpisodeMessage* message = messageAt(block))
                m_blocks[static_cast<std::size_t>(block)].kind = kindOf(*message);
        };
        for (int i = 0; i < held; ++i)
            know(i);
        for (const auto& [page, messages] : m_pages)
            for (int i = page * kPage; i < std::min(all, (page + 1) * kPage); ++i)
                know(i);
        if (m_tellsVerdict) m_blocks.back().kind = MessageKind::Verdict;
        for (std::size_t i = 0; i < std::min(before.size(), m_blocks.size()); ++i) {
            m_blocks[i].isLong = before[i].isLong;
            m_blocks[i].isFolded = before[i].isFolded;
            m_blocks[i].isHidden = before[i].isHidden;
        }
    }
    m_current = m_blocks.empty() ? -1 : showing.keepsPlace ? std::clamp(current, 0, blockCount() - 1) : 0;
    for (int i = 0; m_foldsLong && !showing.keepsPlace && i < blockCount(); ++i) {
        if (kindAt(i) != MessageKind::Verdict && messageAt(i) == nullptr) break; // the first ones are read
        if (isLongOutput(i)) m_blocks[static_cast<std::size_t>(i)].isFolded = true;
    }
    forgetLayouts();
    updateRange(showing.keepsPlace ? place : 0);
    layOutSeen();
    Q_EMIT hitChanged();
}

void TranscriptView::setSearch(const QString& text)
{
    if (text == m_search) return;
    m_search = text;
    m_bodies.clear(); // heights stay: a mark does not move text
    layOutSeen();
}

void TranscriptView::setHits(std::vector<int> blocks)
{
    m_hits = std::move(blocks);
    std::erase_if(m_hits, [this](int hit) { return hit < 0 || hit >= blockCount(); });
    Q_EMIT hitChanged();
    Q_EMIT changed();
}

void TranscriptView::stepHit(int direction)
{
    if (m_hits.empty()) return;
    auto next = direction > 0 ? std::upper_bound(m_hits.begin(), m_hits.end(), m_current)
                              : std::lower_bound(m_hits.begin(), m_hits.end(), m_current);
    if (direction > 0 && next == m_hits.end()) next = m_hits.begin();
    if (direction < 0) next = next == m_hits.begin() ? m_hits.end() - 1 : next - 1;
    setCurrentBlock(*next); // which opens its turn
    setFolded(*next, false);
}

QString TranscriptView::hitText() const
{
    if (m_hits.empty()) return {};
    const auto place = std::lower_bound(m_hits.begin(), m_hits.end(), m_current);
    const auto all = static_cast<std::int64_t>(m_hits.size());
    if (place == m_hits.end() || *place != m_current) return tr("in %1 messages").arg(common::groupedText(all));
    return tr("%1 of %2").arg(common::groupedText(place - m_hits.begin() + 1), common::groupedText(all));
}

int TranscriptView::bodyWidth() const
{
    return std::clamp(viewport()->width() - kBar - 2 * kMargin, 80, kMostWidth);
}

// A guess from the first bytes alone: a transcript of a million messages opens without laying them all out.
int TranscriptView::estimateOf(int block) const
{
    const Block& known = m_blocks[static_cast<std::size_t>(block)];
    if (known.isHidden) return 0;
    if (known.isFolded) return kHead;
    // Of a page that was let go nothing is known but its kind.
    static const std::array<std::pair<int, int>, 2> kMetrics = [] {
        std::array<std::pair<int, int>, 2> metrics;
        for (const bool mono : {false, true}) {
            const QFontMetrics font(common::typeFont(mono ? common::Type::Mono : common::Type::Body));
            metrics[mono ? 1 : 0] = {std::max(1, font.averageCharWidth()), font.lineSpacing()};
        }
        return metrics;
    }();
    const auto& [charWidth, lineHeight] = kMetrics[isMono(known.kind) ? 1 : 0];
    const std::string_view start = contentOf(block).substr(0, kEstimated);
    const int perLine = std::max(10, bodyWidth() / charWidth);
    const int lines =
        1 + static_cast<int>(std::count(start.begin(), start.end(), '\n')) + static_cast<int>(start.size()) / perLine;
    return kHead + std::min(lines, static_cast<int>(linesOf(known))) * lineHeight + kBelow;
}

void TranscriptView::setHeight(int block, int height)
{
    Block& known = m_blocks[static_cast<std::size_t>(block)];
    if (height == known.height) return;
    m_heights.add(static_cast<std::size_t>(block), height - known.height);
    known.height = height;
}

void TranscriptView::forgetLayouts()
{
    m_bodies.clear();
    std::vector<int> heights(m_blocks.size());
    int unread = 0; // they are all alike, and a million of them
    for (std::size_t i = 0; i < m_blocks.size(); ++i) {
        const bool isUnread = m_blocks[i].kind == MessageKind::Unread && !m_blocks[i].isFolded && !m_blocks[i].isHidden;
        if (isUnread && unread == 0) unread = estimateOf(static_cast<int>(i));
        heights[i] = m_blocks[i].height = isUnread ? unread : estimateOf(static_cast<int>(i));
    }
    m_heights.assign(heights);
    updateRange(verticalScrollBar()->value());
}

const Body& TranscriptView::layOut(int block)
{
    const auto [place, isNew] = m_bodies.try_emplace(block);
    if (!isNew) return place->second;
    const Block& known = m_blocks[static_cast<std::size_t>(block)];
    const std::size_t lines = linesOf(known);
    place->second = layOutBody(contentOf(block),
                               {.kind = known.kind,
                                .width = bodyWidth(),
                                .lines = lines,
                                .bytes = kBytes * (lines / kLines),
                                .search = m_search},
                               m_theme.tokens());
    const int more = place->second.shown.isWhole() ? 0 : kMore;
    const int whole = known.isFolded ? kHead : kHead + place->second.height + more + kBelow;
    setHeight(block, known.isHidden ? 0 : whole);
    return place->second;
}

void TranscriptView::layOutSeen()
{
    if (m_blocks.empty()) {
        updateRange(0);
        viewport()->update();
        return Q_EMIT changed();
    }
    // Laid out, the last blocks may turn out lower than they were guessed, and what stands above them comes into view.
    for (int round = 0; round < kMostRounds; ++round) {
        const int from = verticalScrollBar()->value();
        const int first = static_cast<int>(m_heights.rowAt(from));
        const int inside = from - topOf(first); // the text being read stays where it is
        int bottom = -inside;
        int last = first;
        for (int i = first; i < blockCount() && bottom < viewport()->height(); ++i) {
            if (m_blocks[static_cast<std::size_t>(i)].isHidden) continue;
            if (kindAt(i) != MessageKind::Verdict && messageAt(i) == nullptr)
                wantPage(i);
            else
                layOut(i);
            bottom += m_blocks[static_cast<std::size_t>(i)].height;
            last = i;
        }
        dropFarLayouts(first, last);
        const int place = topOf(first) + inside;
        updateRange(place);
        if (verticalScrollBar()->value() == place) break;
    }
    viewport()->update();
    Q_EMIT changed();
}

void TranscriptView::dropFarLayouts(int first, int last)
{
    if (m_bodies.size() < kMostBodies) return;
    std::erase_if(m_bodies, [&](const auto& body) { return body.first < first || body.first > last; });
}

void TranscriptView::updateRange(int place)
{
    const auto all = static_cast<int>(std::min<long long>(m_heights.total(), 2'000'000'000));
    m_ranging = true;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(24);
    verticalScrollBar()->setRange(0, std::max(0, all - viewport()->height()));
    verticalScrollBar()->setValue(place);
    m_ranging = false;
}

QRect TranscriptView::blockRect(int block) const
{
    return {0, topOf(block) - verticalScrollBar()->value(), viewport()->width(),
            m_blocks[static_cast<std::size_t>(block)].height};
}

QRect TranscriptView::moreRect(int block) const
{
    if (isFolded(block) || moreTextOf(block).isEmpty()) return {};
    const QRect rect = blockRect(block);
    return {kBar + kMargin, rect.bottom() + 1 - kBelow - kMore, bodyWidth(), kMore};
}

QString TranscriptView::textOf(int block) const
{
    return const_cast<TranscriptView*>(this)->layOut(block).shown.text;
}

QString TranscriptView::moreTextOf(int block) const
{
    const viewmodels::DisplayText& shown = const_cast<TranscriptView*>(this)->layOut(block).shown;
    if (shown.isWhole()) return {};
    const QString more = shown.moreLines > 0
                             ? tr("%1 more lines").arg(common::groupedText(static_cast<std::int64_t>(shown.moreLines)))
                             : tr("%1 more bytes").arg(common::groupedText(static_cast<std::int64_t>(shown.moreBytes)));
    const bool canGrow = !m_blocks[static_cast<std::size_t>(block)].isLong;
    return canGrow ? more : tr("%1; gradus transcript --json prints them").arg(more);
}

QString TranscriptView::headOf(int block) const
{
    const MessageKind kind = kindAt(block);
    if (kind != MessageKind::Verdict) {
        const events::EpisodeMessage* message = messageAt(block);
        return headWord(kind, message == nullptr ? std::string() : message->role);
    }
    const auto verdict = viewmodels::verdictOf(m_episode->verdict);
    const bool isUnknown = verdict == viewmodels::Verdict::NotJudged && !m_episode->verdict.empty();
    return tr("verdict: %1").arg(isUnknown ? shortText(m_episode->verdict) : viewmodels::verdictText(verdict));
}

int TranscriptView::blockAtShare(double share) const
{
    return static_cast<int>(m_heights.rowAt(static_cast<long long>(share * static_cast<double>(m_heights.total()))));
}

double TranscriptView::shareOf(int block) const
{
    const auto all = static_cast<double>(std::max<long long>(1, m_heights.total()));
    return static_cast<double>(m_heights.before(static_cast<std::size_t>(block))) / all;
}

void TranscriptView::scrollToShare(double share)
{
    verticalScrollBar()->setValue(static_cast<int>(share * static_cast<double>(m_heights.total())) -
                                  viewport()->height() / 2);
}

void TranscriptView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    forgetLayouts();
    layOutSeen();
}

void TranscriptView::scrollContentsBy(int, int)
{
    if (!m_ranging) layOutSeen();
}

void TranscriptView::setCurrentBlock(int block)
{
    if (block < 0 || block >= blockCount()) return;
    if (m_blocks[static_cast<std::size_t>(block)].isHidden) setTurnFolded(block, false);
    m_current = block;
    layOut(block);
    updateRange(verticalScrollBar()->value());
    const QRect rect = blockRect(block);
    QScrollBar* bar = verticalScrollBar();
    if (rect.top() < 0 || rect.height() > viewport()->height())
        bar->setValue(bar->value() + rect.top());
    else if (rect.bottom() > viewport()->height())
        bar->setValue(bar->value() + rect.bottom() - viewport()->height());
    setAccessibleDescription(headOf(block) + QStringLiteral(": ") + textOf(block));
    layOutSeen();
    Q_EMIT hitChanged();
}

void TranscriptView::step(int direction)
{
    int next = m_current + direction;
    while (next >= 0 && next < blockCount() && m_blocks[static_cast<std::size_t>(next)].isHidden)
        next += direction;
    setCurrentBlock(next);
}

void TranscriptView::stepAlike(int direction)
{
    if (m_current < 0) return;
    const MessageKind kind = kindAt(m_current);
    for (int i = m_current + direction; i >= 0 && i < blockCount(); i += direction)
        if (kindAt(i) == kind) return setCurrentBlock(i);
}

void TranscriptView::showMore(int block)
{
    Block& wanted = m_blocks[static_cast<std::size_t>(block)];
    if (wanted.isLong) return;
    wanted.isLong = true;
    m_bodies.erase(block);
    layOut(block);
    layOutSeen();
}

void TranscriptView::copyCurrent() const
{
    if (m_current < 0) return;
    QGuiApplication::clipboard()->setText(viewmodels::displayText(contentOf(m_current), kCopied, kCopied).text);
}

void TranscriptView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_blocks.empty()) return;
    const QPoint at = event->position().toPoint();
    const long long height = verticalScrollBar()->value() + at.y();
    if (height >= m_heights.total()) return;
    const int block = static_cast<int>(m_heights.rowAt(height));
    const bool wantsMore = moreRect(block).contains(at);
    const bool wantsFold = at.y() < blockRect(block).top() + kHead && at.x() < kBar + kMargin + 12;
    m_current = block;
    if (wantsMore) showMore(block);
    if (wantsFold && event->modifiers().testFlag(Qt::ShiftModifier))
        foldAlike(block);
    else if (wantsFold)
        setFolded(block, !isFolded(block));
    viewport()->update();
    Q_EMIT hitChanged();
}

void TranscriptView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) return copyCurrent();
    if (event->key() == Qt::Key_Down) return step(1);
    if (event->key() == Qt::Key_Up) return step(-1);
    const bool wantsMore = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (wantsMore && event->modifiers() == Qt::NoModifier && m_current >= 0 && !moreTextOf(m_current).isEmpty())
        return showMore(m_current);
    QAbstractScrollArea::keyPressEvent(event);
}

} // namespace gradus::pages
