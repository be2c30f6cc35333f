// SPDX-License-Identifier: GPL-3.0-or-later
// The popover of presets of a Design page, opened by its button.
#pragma once

#include "pages/design/design_page.h"
#include "pages/design/preset_popover.h"
#include "schedule/presets.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QListWidget>
#include <QPushButton>
#include <QTest>

namespace gradus::tests {

class PresetShelf final
{
public:
    explicit PresetShelf(pages::DesignPage& page) : m_popover(*page.findChild<pages::PresetPopover*>())
    {
        QTest::mouseClick(page.findChild<QPushButton*>(QStringLiteral("presets")), Qt::LeftButton);
        settle();
    }

    pages::PresetPopover& popover() { return m_popover; }
    QListWidget& list() { return *m_popover.findChild<QListWidget*>(); }
    template <typename Widget>
    Widget& child(const char* name)
    {
        return *m_popover.findChild<Widget*>(QString::fromLatin1(name));
    }
    /// Until its folder was read, or its act is done.
    bool settle()
    {
        QElapsedTimer clock;
        for (clock.start(); m_popover.desk().isBusy() && clock.elapsed() < 5000;)
            QTest::qWait(1);
        return !m_popover.desk().isBusy();
    }
    /// The row of that index (a built-in preset's number); false where there is none.
    bool choose(int index) { return chooseWhere(Qt::UserRole, index); }
    bool choose(const QString& name) { return chooseWhere(Qt::UserRole + 1, name); }
    void press(const char* button)
    {
        QTest::mouseClick(&child<QPushButton>(button), Qt::LeftButton);
        settle();
    }

private:
    bool chooseWhere(int role, const QVariant& wanted)
    {
        for (int row = 0; row < list().count(); ++row)
            if (list().item(row)->data(role) == wanted) {
                list().setFocus();
                list().setCurrentRow(row);
                return true;
            }
        return false;
    }

    pages::PresetPopover& m_popover;
};

} // namespace gradus::tests
