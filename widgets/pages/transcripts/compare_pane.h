// SPDX-License-Identifier: GPL-3.0-or-later
// Two to four episodes side by side, and which of two a person prefers, in either order.
#pragma once

#include "common/theme.h"
#include "viewmodels/episodes_model.h"
#include "viewmodels/judging.h"
#include "viewmodels/transcripts.h"

#include <QWidget>

#include <array>
#include <cstdint>
#include <vector>

class QLabel;
class QPushButton;
class QToolButton;

namespace gradus::pages {

class AlignedView;

/// Over view models that must outlive it. GUI thread only.
class ComparePane final : public QWidget
{
    Q_OBJECT
public:
    ComparePane(viewmodels::Transcripts& transcripts, viewmodels::EpisodesModel& model, viewmodels::Judging& judging,
                const common::ThemeController& theme, QWidget* parent = nullptr);

    void compare(const std::vector<std::int64_t>& episodes); ///< two to four
    void showNextPair();                                     ///< that the person has not preferred in this order
    void swap();                                             ///< the sides of a pair, or the first with the second
    /// The last side goes to the next (+1) or previous (-1) generation of the first one's scenario.
    void scrub(int direction);
    void prefer(const QString& choice); ///< "left", "right", "tie"; pressed again it is withdrawn
    AlignedView* view() const { return m_view; }

Q_SIGNALS:
    void closed();

private:
    void build(const common::ThemeController& theme);
    void arrived();
    void refresh();
    bool isOpenPair() const;           ///< a pair is being preferred blind and has not been judged in this order
    QString given(bool swapped) const; ///< "left", "right", "tie" as it stands now; empty: not judged in that order

    viewmodels::Transcripts& m_transcripts;
    viewmodels::EpisodesModel& m_model;
    viewmodels::Judging& m_judging;
    AlignedView* m_view = nullptr;
    QLabel* m_state = nullptr;
    QToolButton* m_wordDiff = nullptr;
    QToolButton* m_swap = nullptr;
    std::array<QToolButton*, 3> m_choices{};
    QPushButton* m_nextPair = nullptr;
};

} // namespace gradus::pages
