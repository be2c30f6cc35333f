// SPDX-License-Identifier: GPL-3.0-or-later
// Applies a theme to the application: palette, one style sheet, fonts; tells who paints that it changed.
#pragma once

#include "common/tokens.h"

#include <QObject>
#include <QPalette>
#include <QString>

class QApplication;

namespace gradus::common {

enum class Theme
{
    System, ///< follows the desktop's light or dark setting, also when it changes
    Light,
    Dark,
};
const char* nameOf(Theme theme);                       ///< "system", "light", "dark"
Theme themeFromName(const QString& name, Theme other); ///< other for an unknown name

/// The one owner of the application's look. Made by main after the QApplication and passed by reference to whatever
/// paints with tokens; such a widget connects to changed() and repaints. GUI thread only.
class ThemeController final : public QObject
{
    Q_OBJECT
public:
    /// Reads the desktop's palette before replacing it, sets style, fonts, palette and sheet.
    explicit ThemeController(QApplication& application, Theme theme = Theme::System);
    ~ThemeController() override;

    const Tokens& tokens() const { return m_tokens; }
    Theme theme() const { return m_theme; }
    bool isDark() const { return m_tokens.dark; }
    void setTheme(Theme theme);

    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    /// Palette, style sheet and icons are already those of the new theme.
    void changed();

private:
    void apply();
    bool readSystem();

    QApplication& m_application;
    Theme m_theme;
    Tokens m_tokens;
    bool m_systemDark = false;
    bool m_applying = false;
};

/// While it lives the application has no style sheet. Under one, Qt styles a widget and all within it anew each time it
/// gets a parent, which layouts do at every level: whole pages are built without, and styled once when this ends.
/// GUI thread, on the stack of whoever builds.
class SheetPause final
{
public:
    explicit SheetPause(QApplication& application);
    ~SheetPause();
    SheetPause(const SheetPause&) = delete;
    SheetPause& operator=(const SheetPause&) = delete;

private:
    QApplication& m_application;
    QString m_sheet;
};

/// The palette of a theme, every role set, Active equal to Inactive.
QPalette paletteOf(const Tokens& tokens);
/// The application's style sheet with its %token% slots filled.
QString styleSheetOf(const Tokens& tokens);

} // namespace gradus::common
