// SPDX-License-Identifier: GPL-3.0-or-later
// Two to four episodes side by side: one view whose rows are aligned turns, so that the sides cannot drift.
#pragma once

#include "common/theme.h"
#include "pages/transcripts/message_layout.h"
#include "viewmodels/aligned_turns.h"
#include "viewmodels/height_sums.h"

#include <QAbstractScrollArea>

#include <array>
#include <memory>
#include <unordered_map>
#include <vector>

namespace gradus::pages {

/// Messages as TranscriptView shows them: plain, boxed, capped. GUI thread only.
class AlignedView final : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit AlignedView(const common::ThemeController& theme, QWidget* parent = nullptr);
    ~AlignedView() override;

    struct Side
    {
        std::shared_ptr<const events::EpisodeRecord> episode;
        QString title;            ///< visible text
        bool tellsVerdict = true; ///< else neither verdict nor reason is shown
    };
    void setSides(std::vector<Side> sides);
    void setSearch(const QString& text);
    void setWordDiff(bool on); ///< on at first: words that the first side, or a later one, does not have are marked
    bool wordDiff() const { return m_wordDiff; }

    const QString& titleOf(int side) const { return m_sides[static_cast<std::size_t>(side)].title; }
    int sideCount() const { return static_cast<int>(m_sides.size()); }
    int rowCount() const { return static_cast<int>(m_rows.size()); } ///< aligned turns, then the verdicts
    const viewmodels::AlignedRow& row(int number) const { return m_rows[static_cast<std::size_t>(number)]; }
    QString textAt(int row, int side) const; ///< as shown; empty where the side has nothing
    QVector<viewmodels::NamedRange> changedAt(int row, int side) const;
    int currentRow() const { return m_current; }
    void setCurrentRow(int row);    ///< and scrolls to it
    void stepChange(int direction); ///< to the next (+1) or previous (-1) row in which the sides differ

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    using Bodies = std::array<Body, viewmodels::kMostSides>;
    // In pixels.
    static constexpr int kTitle = 30;  ///< heads of the sides, which stay
    static constexpr int kGutter = 34; ///< turn's number
    static constexpr int kLeast = 240; ///< of a side: narrower ones scroll sideways
    static constexpr int kHead = 24;   ///< a message's word
    static constexpr int kMargin = 10;
    static constexpr int kBelow = 8;

    const events::EpisodeMessage* messageAt(int row, int side) const;
    bool isVerdicts(int row) const { return row == rowCount() - 1; }
    std::string_view contentAt(int row, int side) const;
    MessageKind kindAt(int row, int side) const;
    int sideWidth() const;
    QRect cellRect(const QRect& rowRect, int side) const;
    const Bodies& layOut(int row);
    void forgetLayouts();
    void layOutSeen();
    void updateRange(int place);
    void paintTitles(QPainter& painter) const;
    void paintRow(QPainter& painter, const QRect& rect, int number) const;
    void paintCell(QPainter& painter, const QRect& cell, int number, int side, const Body& body) const;

    const common::ThemeController& m_theme;
    std::vector<Side> m_sides;
    std::vector<viewmodels::AlignedRow> m_rows;
    std::vector<int> m_rowHeights; ///< estimates until laid out
    viewmodels::HeightSums m_heights;
    std::unordered_map<int, Bodies> m_bodies;
    QString m_search;
    bool m_wordDiff = true;
    int m_current = -1;
    bool m_ranging = false; ///< the view itself moves the scroll bar
};

} // namespace gradus::pages
