// SPDX-License-Identifier: GPL-3.0-or-later
// The window is drawn before its store's runs are read: a long list must not be waited for.
#include "plot/settled.h"
#include "shell/main_window.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QApplication>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace gradus;

class FirstPaintTest : public QObject
{
    Q_OBJECT
    shell::MainWindow* m_window = nullptr;
    std::optional<bool> m_hadRuns; ///< when the first paint came

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint && !m_hadRuns) m_hadRuns = !m_window->session().runs().isEmpty();
        return QObject::eventFilter(watched, event);
    }

private Q_SLOTS:
    void paint_comesBeforeTheRuns()
    {
        const QTemporaryDir folder;
        const shell::Workspace place{
            .folder = folder.path(), .store = folder.filePath(QStringLiteral("gradus.db")), .draft = {}};
        QVERIFY(QFile::copy(tests::sourceFile("resources/example/example.db"), place.store));
        QFile::setPermissions(place.store, QFile::ReadOwner | QFile::WriteOwner);
        common::ThemeController theme(*qApp, common::Theme::Light);
        shell::MainWindow window(theme, place, false);
        m_window = &window;
        for (QWidget* child : window.findChildren<QWidget*>())
            child->installEventFilter(this);
        QTest::qSleep(500); // what a thread read meanwhile would have arrived
        window.show();
        QVERIFY(plot::waitUntil([&] { return !window.session().runs().isEmpty(); }, 20.0 * tests::kPatience));
        QVERIFY(m_hadRuns.has_value());
        QVERIFY(!*m_hadRuns);
    }
};
GRADUS_SUITE(FirstPaintTest)
#include "first_paint_test.moc"
