// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/theme.h"

#include "common/workbench_style.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QScopedValueRollback>
#include <QToolTip>

static void initialiseStyleResources()
{
    Q_INIT_RESOURCE(style); // resources of a static library are not found by themselves
}

namespace gradus::common {

namespace {

struct NamedColour
{
    const char* name;
    QColor Tokens::*colour;
};
constexpr NamedColour kNames[] = {
    {"window", &Tokens::window},
    {"surface", &Tokens::surface},
    {"surface2", &Tokens::surface2},
    {"raised", &Tokens::raised},
    {"border", &Tokens::border},
    {"grid", &Tokens::grid},
    {"text", &Tokens::text},
    {"text2", &Tokens::text2},
    {"text3", &Tokens::text3},
    {"accent", &Tokens::accent},
    {"accent-weak", &Tokens::accentWeak},
    {"on-accent", &Tokens::onAccent},
    {"ok", &Tokens::ok},
    {"ok-weak", &Tokens::okWeak},
    {"warn", &Tokens::warn},
    {"warn-weak", &Tokens::warnWeak},
    {"danger", &Tokens::danger},
    {"danger-weak", &Tokens::dangerWeak},
    {"violet-weak", &Tokens::violetWeak},
};

bool paletteIsDark(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightnessF() < palette.color(QPalette::WindowText).lightnessF();
}

} // namespace

const char* nameOf(Theme theme)
{
    switch (theme) {
    case Theme::System:
        return "system";
    case Theme::Light:
        return "light";
    case Theme::Dark:
        return "dark";
    }
    return "system";
}

Theme themeFromName(const QString& name, Theme other)
{
    for (const Theme theme : {Theme::System, Theme::Light, Theme::Dark})
        if (name == QLatin1String(nameOf(theme))) return theme;
    return other;
}

QPalette paletteOf(const Tokens& t)
{
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, const QColor& colour) {
        palette.setColor(QPalette::All, role, colour);
    };
    set(QPalette::Window, t.window);
    set(QPalette::WindowText, t.text);
    set(QPalette::Base, t.surface);
    set(QPalette::AlternateBase, t.surface);
    set(QPalette::Text, t.text);
    set(QPalette::PlaceholderText, t.text2);
    set(QPalette::Button, t.raised);
    set(QPalette::ButtonText, t.text);
    set(QPalette::BrightText, t.danger);
    set(QPalette::Highlight, t.accentWeak);
    set(QPalette::HighlightedText, t.text);
    set(QPalette::Link, t.accent);
    set(QPalette::LinkVisited, t.accent);
    set(QPalette::ToolTipBase, t.raised);
    set(QPalette::ToolTipText, t.text);
    set(QPalette::Light, t.surface2);
    set(QPalette::Midlight, t.surface2);
    set(QPalette::Mid, t.border);
    set(QPalette::Dark, t.border);
    set(QPalette::Shadow, t.border);
    for (const QPalette::ColorRole role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, t.text3);
    palette.setColor(QPalette::Disabled, QPalette::Button, t.surface2);
    return palette;
}

QString styleSheetOf(const Tokens& tokens)
{
    initialiseStyleResources();
    QFile file(QStringLiteral(":/style/workbench.qss"));
    if (!file.open(QIODevice::ReadOnly)) qFatal("The style sheet is missing from this build.");
    QString sheet = QString::fromUtf8(file.readAll());
    for (const NamedColour& named : kNames)
        sheet.replace(QLatin1Char('%') + QLatin1String(named.name) + QLatin1Char('%'), (tokens.*named.colour).name());
    return sheet;
}

ThemeController::ThemeController(QApplication& application, Theme theme) : m_application(application), m_theme(theme)
{
    m_systemDark = paletteIsDark(application.palette());
    application.setStyle(new WorkbenchStyle); // the application owns it
    application.setFont(typeFont(Type::Body));
    QToolTip::setFont(typeFont(Type::Small));
    application.installEventFilter(this);
    apply();
}

ThemeController::~ThemeController() = default;

void ThemeController::setTheme(Theme theme)
{
    if (m_theme == theme) return;
    m_theme = theme;
    apply();
}

void ThemeController::apply()
{
    const QScopedValueRollback<bool> applying(m_applying, true);
    const bool dark = m_theme == Theme::Dark || (m_theme == Theme::System && m_systemDark);
    m_tokens = dark ? darkTokens() : lightTokens();
    m_application.setPalette(paletteOf(m_tokens));
    m_application.setStyleSheet(styleSheetOf(m_tokens));
    Q_EMIT changed();
}

SheetPause::SheetPause(QApplication& application) : m_application(application), m_sheet(application.styleSheet())
{
    m_application.setStyleSheet({});
}

SheetPause::~SheetPause()
{
    m_application.setStyleSheet(m_sheet);
}

bool ThemeController::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ThemeChange && !m_applying) {
        const bool dark = readSystem();
        if (dark != m_systemDark) {
            m_systemDark = dark;
            if (m_theme == Theme::System) apply();
        }
    }
    return QObject::eventFilter(watched, event);
}

bool ThemeController::readSystem()
{
    // Qt 6.4 tells of the desktop's scheme only through the platform's palette, which ours hides: take it off, look.
    const QScopedValueRollback<bool> applying(m_applying, true);
    const QPalette ours = m_application.palette();
    m_application.setPalette(QPalette());
    const bool dark = paletteIsDark(m_application.palette());
    m_application.setPalette(ours);
    return dark;
}

} // namespace gradus::common
