// SPDX-License-Identifier: GPL-3.0-or-later
// The bar that says what became of what was asked of the run: asked for, done, or refused and why.
#pragma once

#include "common/theme.h"
#include "viewmodels/live_run.h"

#include <QFrame>

class QLabel;

namespace gradus::common {
class ElidedLabel;
}

namespace gradus::pages {

/// Shows the newest command while it waits and for half a minute after its answer; a refusal stays until something else
/// is asked or the bar is closed. Reads a LiveRun that must outlive it.
class CommandNote final : public QFrame
{
    Q_OBJECT
public:
    CommandNote(const viewmodels::LiveRun& run, const common::ThemeController& theme, QWidget* parent = nullptr);

    void refresh();

private:
    const viewmodels::LiveRun& m_run;
    const common::ThemeController& m_theme;
    QLabel* m_icon;
    common::ElidedLabel* m_sentence;
    std::int64_t m_closed = 0; ///< request whose note was closed
};

} // namespace gradus::pages
