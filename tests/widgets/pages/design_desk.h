// SPDX-License-Identifier: GPL-3.0-or-later
// The Design page shown, with the focus, on an experiment's text.
#pragma once

#include "pages/design/design_page.h"
#include "pages/design/finding_strip.h"

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

    /// Without a text: as a first start shows it.
    explicit DesignDesk(const std::string& text = {})
    {
        if (!text.empty() && !page.openText(text)) qFatal("the text was refused");
        page.resize(1368, 838);
        page.show();
        page.activateWindow();
        if (!QTest::qWaitForWindowActive(&page)) qFatal("the page got no focus");
    }
    viewmodels::ScheduleDocument& document() { return page.document(); }
    template <typename T>
    T& child(const char* name)
    {
        T* found = page.findChild<T*>(QString::fromLatin1(name));
        if (!found) qFatal("no %s on the page", name);
        return *found;
    }
    QString sentence() { return child<pages::FindingStrip>("findingStrip").sentence(); }
    std::filesystem::path file(const char* name) { return folder.filePath(QString::fromLatin1(name)).toStdString(); }
};

} // namespace gradus::tests
