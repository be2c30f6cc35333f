// SPDX-License-Identifier: GPL-3.0-or-later
// The Design page shown, with the focus, on an experiment's text.
#pragma once

#include "pages/design/design_page.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>

#include <string>

namespace gradus::tests {

struct DesignDesk
{
    QTemporaryDir folder;
    common::ThemeController theme{*qobject_cast<QApplication*>(QCoreApplication::instance()), common::Theme::Light};
    pages::DesignPage page{theme, {.workspace = folder.path(), .program = {}}};

    explicit DesignDesk(const std::string& text)
    {
        if (!page.openText(text)) qFatal("the text was refused");
        page.resize(1368, 838);
        page.show();
        page.activateWindow();
        if (!QTest::qWaitForWindowActive(&page)) qFatal("the page got no focus");
    }
    viewmodels::ScheduleDocument& document() { return page.document(); }
};

} // namespace gradus::tests
