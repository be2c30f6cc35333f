// SPDX-License-Identifier: GPL-3.0-or-later
// Which messages of a transcript are in memory: all of a short one, of a long one the pages that are looked at.
#include "pages/transcripts/transcript_view.h"

#include <QScrollBar>

#include <algorithm>
#include <cstdlib>

namespace gradus::pages {

namespace {

constexpr std::size_t kMostPages = 40; // kept of a long episode
constexpr std::size_t kMostAsked = 4;  // pages at once

} // namespace

void TranscriptView::addPage(int first, std::vector<events::EpisodeMessage> messages)
{
    const int page = first / kPage;
    std::erase(m_asked, page);
    if (messages.empty() || first % kPage != 0 || first + static_cast<int>(messages.size()) > blockCount())
        return; // of an older episode
    const int count = static_cast<int>(messages.size());
    // What is far away goes first: it can be read again.
    if (m_pages.size() >= kMostPages) {
        auto far = m_pages.begin();
        for (auto it = m_pages.begin(); it != m_pages.end(); ++it)
            if (std::abs(it->first - page) > std::abs(far->first - page)) far = it;
        m_pages.erase(far);
    }
    m_pages[page] = std::move(messages);
    const int from = verticalScrollBar()->value();
    const int top = static_cast<int>(m_heights.rowAt(from));
    const int before = topOf(top);
    for (int i = first; i < first + count; ++i) {
        Block& block = m_blocks[static_cast<std::size_t>(i)];
        if (block.kind != MessageKind::Unread) continue; // it was read before
        block.kind = kindOf(*messageAt(i));
        if (m_foldsLong && isLongOutput(i)) block.isFolded = true;
        m_bodies.erase(i);
        setHeight(i, estimateOf(i));
    }
    updateRange(from + topOf(top) - before); // what is being read stays where it is
    layOutSeen();
}

const events::EpisodeMessage* TranscriptView::messageAt(int block) const
{
    const auto place = static_cast<std::size_t>(block);
    if (place < m_episode->messages.size()) return &m_episode->messages[place];
    const auto page = m_pages.find(block / kPage);
    const auto inside = static_cast<std::size_t>(block % kPage);
    return page == m_pages.end() || inside >= page->second.size() ? nullptr : &page->second[inside];
}

std::string_view TranscriptView::contentOf(int block) const
{
    if (kindAt(block) == MessageKind::Verdict) return m_episode->note;
    const events::EpisodeMessage* message = messageAt(block);
    return message == nullptr ? std::string_view() : std::string_view(message->content);
}

void TranscriptView::wantPage(int block)
{
    const int page = block / kPage;
    if (std::find(m_asked.begin(), m_asked.end(), page) != m_asked.end()) return;
    m_asked.push_back(page);
    if (m_asked.size() > kMostAsked) m_asked.erase(m_asked.begin()); // it is asked for again when it is seen again
    Q_EMIT pageWanted(page * kPage);
}

} // namespace gradus::pages
