// SPDX-License-Identifier: GPL-3.0-or-later
// A long transcript at a glance, beside its scroll bar: who speaks where, where the search hits, what is in view.
#pragma once

#include "common/theme.h"

#include <QWidget>

namespace gradus::pages {

class TranscriptView;

/// Over a view that must outlive it. A click or drag goes there. GUI thread only.
class TranscriptMap final : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kWidth = 14;

    TranscriptMap(TranscriptView& view, const common::ThemeController& theme, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    void goTo(int y);

    TranscriptView& m_view;
    const common::ThemeController& m_theme;
};

} // namespace gradus::pages
