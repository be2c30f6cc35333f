// SPDX-License-Identifier: GPL-3.0-or-later
// The messages of one episode below each other, as plain text; only what is seen is read, laid out and painted.
#pragma once

#include "common/theme.h"
#include "pages/transcripts/message_layout.h"
#include "viewmodels/height_sums.h"

#include <QAbstractScrollArea>

#include <memory>
#include <unordered_map>
#include <vector>

namespace gradus::pages {

/// What a model wrote is never markup, link or picture here: characters that hide or steer are boxed by name, and a
/// message begins with at most kLines lines. Of a long episode pages of messages are asked for as they come into view.
/// GUI thread only.
class TranscriptView final : public QAbstractScrollArea
{
    Q_OBJECT
public:
    static constexpr std::size_t kLines = 40;
    static constexpr std::size_t kBytes = 8000;           ///< of a message, for each kLines shown of it
    static constexpr std::size_t kMostLines = 5 * kLines; ///< more of one message would hold up the window
    static constexpr int kPage = 500;                     ///< messages of a page
    static constexpr int kMostBlocks = 4'000'000;         ///< those beyond are not shown

    explicit TranscriptView(const common::ThemeController& theme, QWidget* parent = nullptr);
    ~TranscriptView() override;

    struct Showing
    {
        bool tellsVerdict = true; ///< else the run's own verdict is left out
        bool keepsPlace = false;  ///< the same episode again: what was being read stays where it is
        int messages = -1;        ///< of the whole episode, where it holds only the first ones; -1: it holds all
    };
    void setEpisode(std::shared_ptr<const events::EpisodeRecord> episode, Showing showing); ///< null: nothing
    void setEpisode(std::shared_ptr<const events::EpisodeRecord> episode) { setEpisode(std::move(episode), {}); }
    /// The answer to pageWanted.
    void addPage(int first, std::vector<events::EpisodeMessage> messages);
    void setSearch(const QString& text);   ///< its words are marked wherever they stand
    void setHits(std::vector<int> blocks); ///< messages in which the search stands, increasing
    void stepHit(int direction);           ///< to the next (+1) or previous (-1) of them, round the end
    QString hitText() const;               ///< "3 of 14"; empty without a hit
    const std::vector<int>& hits() const { return m_hits; }

    int blockCount() const { return static_cast<int>(m_blocks.size()); } ///< the messages, then the verdict
    int currentBlock() const { return m_current; }
    void setCurrentBlock(int block); ///< and scrolls to it
    void step(int direction);        ///< to the next (+1) or previous (-1) block
    void stepAlike(int direction);   ///< to the next or previous block of the same kind that was read
    void showMore(int block);        ///< five times as many lines of it, up to kMostLines
    void setFolded(int block, bool folded);
    /// What each message is, also of those that are not read: the map, turns and steps know all of them.
    void setOutline(std::shared_ptr<const store::EpisodeOutline> outline);
    bool isDenied(int block) const;            ///< output in which the system said no; known from the outline
    bool hasDenied(int first, int last) const; ///< any of these blocks is
    /// A turn begins with words or a call after something else. Folded it is the head of its first message alone.
    void setTurnFolded(int block, bool folded); ///< the turn that holds the block
    bool isTurnFolded(int block) const;
    void foldAllTurns(bool folded);
    int turnStart(int block) const;
    int turnEnd(int block) const; ///< the block after its last one
    /// Folds tool output of more than kLongOutput lines, also what is read later; or unfolds it.
    void foldLongOutputs(bool folded);
    bool foldsLongOutputs() const { return m_foldsLong; }
    static constexpr int kLongOutput = 12;
    void foldAlike(int block); ///< folds every block of its kind, or unfolds them if this one is folded
    bool isFolded(int block) const { return m_blocks[static_cast<std::size_t>(block)].isFolded; }
    void copyCurrent() const; ///< its whole text as it is shown, names in place of hidden characters

    /// From the message, else from the outline, else Unread.
    MessageKind kindAt(int block) const;
    QString headOf(int block) const;     ///< "tool call", "verdict: hazard", ...: the word that says what it is
    QString textOf(int block) const;     ///< as shown; lays it out if it was not yet
    QString moreTextOf(int block) const; ///< "12 more lines"; empty where all is shown
    QRect blockRect(int block) const;    ///< in the viewport
    QRect moreRect(int block) const;     ///< in the viewport; empty where all is shown
    /// For a map beside the text: which block stands at a share (0..1) of its height, and the reverse.
    int blockAtShare(double share) const;
    double shareOf(int block) const;
    void scrollToShare(double share); ///< so that it stands in the middle

Q_SIGNALS:
    void pageWanted(int first); ///< kPage messages from this one on
    void changed();             ///< blocks, hits or what is seen
    void hitChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    struct Block
    {
        int height = 0; ///< an estimate until it is laid out
        MessageKind kind = MessageKind::Unread;
        bool isFolded = false;
        bool isHidden = false; ///< in a turn that is folded
        bool isLong = false;   ///< more of it was asked for
    };
    // In pixels.
    static constexpr int kBar = 3;     ///< the role's colour at the left edge
    static constexpr int kMargin = 16; ///< left and right of a body
    static constexpr int kHead = 28;   ///< the role in words
    static constexpr int kBelow = 10;  ///< under a body
    static constexpr int kMore = 22;   ///< "n more lines"

    const events::EpisodeMessage* messageAt(int block) const; ///< null: not read yet, or the verdict
    std::string_view contentOf(int block) const;
    bool startsTurnAt(int block) const;
    void hide(int block, bool hidden);
    bool isLongOutput(int block) const; ///< and read
    std::size_t linesOf(const Block& block) const { return block.isLong ? kMostLines : kLines; }
    QColor colourAt(int block) const;
    int bodyWidth() const;
    int estimateOf(int block) const;
    void setHeight(int block, int height);
    void forgetLayouts();
    const Body& layOut(int block);
    void layOutSeen();
    void dropFarLayouts(int first, int last);
    void wantPage(int block);
    void updateRange(int place); ///< of the scroll bar, which then stands at place if it can
    int topOf(int block) const { return static_cast<int>(m_heights.before(static_cast<std::size_t>(block))); }
    void paintBlock(QPainter& painter, const QRect& rect, int number) const;

    const common::ThemeController& m_theme;
    std::shared_ptr<const events::EpisodeRecord> m_episode;
    std::unordered_map<int, std::vector<events::EpisodeMessage>> m_pages; ///< by number of the page
    std::vector<int> m_asked;                                             ///< pages on their way, the newest last
    std::vector<Block> m_blocks;
    viewmodels::HeightSums m_heights;
    std::unordered_map<int, Body> m_bodies; ///< of what is seen and near
    std::shared_ptr<const store::EpisodeOutline> m_outline;
    std::vector<int> m_denied; ///< blocks, increasing
    std::vector<int> m_hits;
    QString m_search;
    bool m_tellsVerdict = true;
    int m_current = -1;
    bool m_foldsLong = false;
    bool m_ranging = false; ///< the view itself moves the scroll bar
};

} // namespace gradus::pages
