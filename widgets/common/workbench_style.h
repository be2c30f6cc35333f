// SPDX-License-Identifier: GPL-3.0-or-later
// Fusion with our own arrows, check marks and a focus ring that only the keyboard shows on buttons.
#pragma once

#include <QProxyStyle>

namespace gradus::common {

/// Owned by the QApplication. Colours come from the palette alone, so a theme change needs no new style.
class WorkbenchStyle final : public QProxyStyle
{
    Q_OBJECT
public:
    WorkbenchStyle();

    void polish(QWidget* widget) override;
    void unpolish(QWidget* widget) override;
    using QProxyStyle::polish;
    using QProxyStyle::unpolish;
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* data) const override;

    /// Keeps the dynamic property keyboardFocus of buttons; the style sheet draws the ring from it.
    bool eventFilter(QObject* watched, QEvent* event) override;
};

} // namespace gradus::common
