// SPDX-License-Identifier: GPL-3.0-or-later
// What a transcript's messages are, and how turns and long outputs are folded.
#include "pages/transcripts/transcript_view.h"

#include "viewmodels/outline_model.h"

#include <QScrollBar>

#include <algorithm>

namespace gradus::pages {

void TranscriptView::setOutline(std::shared_ptr<const store::EpisodeOutline> outline)
{
    m_outline = std::move(outline);
    m_denied.clear();
    if (m_outline)
        for (std::size_t i = 0; i < m_outline->sorts.size(); ++i)
            if (m_outline->sorts[i] == store::MessageSort::Denied) m_denied.push_back(static_cast<int>(i));
    viewport()->update();
    Q_EMIT changed();
}

MessageKind TranscriptView::kindAt(int block) const
{
    const MessageKind kind = m_blocks[static_cast<std::size_t>(block)].kind;
    if (kind != MessageKind::Unread || !m_outline || static_cast<std::size_t>(block) >= m_outline->sorts.size())
        return kind;
    return kindOf(m_outline->sorts[static_cast<std::size_t>(block)]);
}

bool TranscriptView::isDenied(int block) const
{
    return m_outline && static_cast<std::size_t>(block) < m_outline->sorts.size() &&
           m_outline->sorts[static_cast<std::size_t>(block)] == store::MessageSort::Denied;
}

bool TranscriptView::hasDenied(int first, int last) const
{
    const auto found = std::lower_bound(m_denied.begin(), m_denied.end(), first);
    return found != m_denied.end() && *found <= last;
}

bool TranscriptView::startsTurnAt(int block) const
{
    const MessageKind kind = kindAt(block);
    if (block == 0 || kind == MessageKind::Verdict) return true;
    return viewmodels::startsTurn(sortOf(kind), sortOf(kindAt(block - 1)));
}

int TranscriptView::turnStart(int block) const
{
    while (block > 0 && !startsTurnAt(block))
        --block;
    return block;
}

int TranscriptView::turnEnd(int block) const
{
    ++block;
    while (block < blockCount() && !startsTurnAt(block))
        ++block;
    return block;
}

bool TranscriptView::isTurnFolded(int block) const
{
    const int start = turnStart(block);
    const auto second = static_cast<std::size_t>(start) + 1;
    return second < m_blocks.size() && m_blocks[second].isHidden; // what is hidden begins no turn
}

void TranscriptView::hide(int block, bool hidden)
{
    Block& known = m_blocks[static_cast<std::size_t>(block)];
    if (known.isHidden == hidden) return;
    known.isHidden = hidden;
    m_bodies.erase(block);
    setHeight(block, estimateOf(block));
}

void TranscriptView::setTurnFolded(int block, bool folded)
{
    if (block < 0 || block >= blockCount()) return;
    const int start = turnStart(block);
    const int end = turnEnd(start);
    for (int i = start + 1; i < end; ++i)
        hide(i, folded);
    Block& head = m_blocks[static_cast<std::size_t>(start)];
    if (head.isFolded != folded) {
        head.isFolded = folded;
        m_bodies.erase(start);
        setHeight(start, estimateOf(start));
    }
    if (folded && m_current > start && m_current < end) m_current = start;
    layOutSeen();
    Q_EMIT hitChanged();
}

void TranscriptView::foldAllTurns(bool folded)
{
    if (m_blocks.empty()) return;
    for (int i = 0; i < blockCount(); ++i) {
        Block& block = m_blocks[static_cast<std::size_t>(i)];
        const bool isHead = startsTurnAt(i);
        block.isHidden = folded && !isHead;
        if (isHead && kindAt(i) != MessageKind::Verdict) block.isFolded = folded;
    }
    m_current = turnStart(m_current);
    forgetLayouts();
    setCurrentBlock(m_current);
}

void TranscriptView::setFolded(int block, bool folded)
{
    if (!folded && isTurnFolded(block)) setTurnFolded(block, false);
    Block& wanted = m_blocks[static_cast<std::size_t>(block)];
    if (wanted.isFolded == folded) return;
    wanted.isFolded = folded;
    m_bodies.erase(block);
    setHeight(block, estimateOf(block));
    layOutSeen();
}

void TranscriptView::foldAlike(int block)
{
    const bool folded = !isFolded(block);
    const MessageKind kind = kindAt(block);
    for (int i = 0; i < blockCount(); ++i)
        if (kindAt(i) == kind) m_blocks[static_cast<std::size_t>(i)].isFolded = folded;
    forgetLayouts();
    setCurrentBlock(block);
}

bool TranscriptView::isLongOutput(int block) const
{
    if (m_blocks[static_cast<std::size_t>(block)].kind != MessageKind::ToolOutput) return false;
    const std::string_view text = contentOf(block);
    return std::count(text.begin(), text.end(), '\n') >= kLongOutput;
}

void TranscriptView::foldLongOutputs(bool folded)
{
    m_foldsLong = folded;
    if (m_blocks.empty()) return;
    const auto fold = [this, folded](int block) {
        if (block < blockCount() && isLongOutput(block)) m_blocks[static_cast<std::size_t>(block)].isFolded = folded;
    };
    for (int i = 0; i < static_cast<int>(m_episode->messages.size()); ++i)
        fold(i);
    for (const auto& [page, messages] : m_pages)
        for (int i = 0; i < static_cast<int>(messages.size()); ++i)
            fold(page * kPage + i);
    forgetLayouts();
    setCurrentBlock(m_current);
}

} // namespace gradus::pages
