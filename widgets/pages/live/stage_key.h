// SPDX-License-Identifier: GPL-3.0-or-later
// The key beside the time line: stage colours and event marks, once in a page.
#pragma once

#include "common/theme.h"

#include <QWidget>

namespace gradus::pages {

class StageKey final : public QWidget
{
    Q_OBJECT
public:
    explicit StageKey(const common::ThemeController& theme, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const common::ThemeController& m_theme;
};

} // namespace gradus::pages
