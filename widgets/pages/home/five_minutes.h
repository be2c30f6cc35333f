// SPDX-License-Identifier: GPL-3.0-or-later
// The strip of first steps: each leads to its place and ticks itself when the thing has really been done.
#pragma once

#include "common/controls.h"
#include "common/theme.h"

#include <array>

class QHBoxLayout;

namespace gradus::pages {

enum class FirstStep
{
    DragPoint,
    Preflight,
    LaunchDemo,
    SeeLive,
    CompareExample,
};
inline constexpr int kFirstSteps = 5;

/// 64 px high. The first step not done is current and has the page's primary button. Remembers nothing: the shell
/// tells it what is done.
class FiveMinutes final : public QFrame
{
    Q_OBJECT
public:
    explicit FiveMinutes(const common::ThemeController& theme, QWidget* parent = nullptr);

    void setDone(FirstStep step, bool done);
    bool isDone(FirstStep step) const { return m_cells[std::size_t(step)].done; }
    bool isComplete() const;
    /// Why the demo cannot be launched; empty: it can.
    void setLaunchBlocked(const QString& reason);

Q_SIGNALS:
    void stepActivated(gradus::pages::FirstStep step);
    void hideRequested();

private:
    struct Cell
    {
        QFrame* frame = nullptr;
        QLabel* mark = nullptr;
        common::ElidedLabel* title = nullptr;
        common::ElidedLabel* words = nullptr;
        QPushButton* button = nullptr;
        bool done = false;
    };
    void addCell(QHBoxLayout& row, FirstStep step, const QString& title, const QString& words, const QString& button);
    void refresh();

    const common::ThemeController& m_theme;
    QLabel* m_count;
    QHBoxLayout* m_row = nullptr;
    std::array<Cell, kFirstSteps> m_cells;
    QString m_blocked;
};

} // namespace gradus::pages
