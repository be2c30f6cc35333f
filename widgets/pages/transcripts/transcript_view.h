// SPDX-License-Identifier: GPL-3.0-or-later
// The messages of one episode below each other, as plain text; only what is seen is laid out and painted.
#pragma once

#include "common/theme.h"
#include "events/events.h"
#include "viewmodels/hostile_text.h"

#include <QAbstractScrollArea>
#include <QTextLayout>

#include <memory>
#include <vector>

namespace gradus::pages {

/// What a model wrote is never markup, link or picture here: characters that hide or steer are boxed by name, and a
/// message begins with at most kLines lines. GUI thread only.
class TranscriptView final : public QAbstractScrollArea
{
    Q_OBJECT
public:
    static constexpr std::size_t kLines = 40;
    static constexpr std::size_t kBytes = 8000;           ///< of a message, for each kLines shown of it
    static constexpr std::size_t kMostLines = 5 * kLines; ///< more of one message would hold up the window

    explicit TranscriptView(const common::ThemeController& theme, QWidget* parent = nullptr);
    ~TranscriptView() override;

    void setEpisode(std::shared_ptr<const events::EpisodeRecord> episode); ///< null: nothing
    void setSearch(const QString& text);                                   ///< marked wherever it stands

    int blockCount() const { return static_cast<int>(m_blocks.size()); } ///< the messages, then the verdict
    int currentBlock() const { return m_current; }
    void setCurrentBlock(int block); ///< and scrolls to it
    void step(int direction);        ///< to the next (+1) or previous (-1) block
    void stepAlike(int direction);   ///< to the next or previous block of the same kind
    void showMore(int block);        ///< five times as many lines of it, up to kMostLines
    void copyCurrent() const;        ///< its whole text as it is shown, names in place of hidden characters

    QString headOf(int block) const;     ///< "tool call", "verdict: hazard", ...: the word that says what it is
    QString textOf(int block) const;     ///< as shown; lays it out if it was not yet
    QString moreTextOf(int block) const; ///< "12 more lines"; empty where all is shown
    QRect blockRect(int block) const;    ///< in the viewport
    QRect moreRect(int block) const;     ///< in the viewport; empty where all is shown

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    enum class Kind
    {
        System,
        User,
        Assistant,
        ToolCall,
        ToolOutput,
        Other,
        Verdict,
    };
    struct Block
    {
        Kind kind = Kind::Other;
        std::string_view content = {}; ///< into the episode
        std::size_t lines = kLines;
        int height = 0; ///< an estimate until it is laid out
        std::unique_ptr<QTextLayout> layout = {};
        viewmodels::DisplayText shown = {};
    };
    // In pixels.
    static constexpr int kBar = 3;     ///< the role's colour at the left edge
    static constexpr int kMargin = 16; ///< left and right of a body
    static constexpr int kHead = 28;   ///< the role in words
    static constexpr int kPadding = 8; ///< inside the box of a tool call or output
    static constexpr int kBelow = 10;  ///< under a body
    static constexpr int kMore = 22;   ///< "n more lines"

    static QString shortText(const std::string& untrusted, std::size_t most = 60);
    static Kind kindOf(const events::EpisodeMessage& message);
    static bool isMono(Kind kind) { return kind == Kind::ToolCall || kind == Kind::ToolOutput; }
    QColor colourOf(const Block& block) const;
    int bodyWidth() const;
    void forgetLayouts();
    void layOut(Block& block) const;
    void layOutSeen();
    void updateRange();
    int topOf(int block) const; ///< in the document
    void paintBlock(QPainter& painter, const QRect& rect, int number) const;
    void paintBody(QPainter& painter, const QRect& rect, const Block& block) const;

    const common::ThemeController& m_theme;
    std::shared_ptr<const events::EpisodeRecord> m_episode;
    mutable std::vector<Block> m_blocks;
    QString m_search;
    int m_current = -1;
};

} // namespace gradus::pages
