// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/controls.h"
#include "common/theme.h"

#include "support/suite.h"

#include <QApplication>
#include <QHeaderView>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTableView>
#include <QTest>
#include <QVBoxLayout>

#include <cmath>

using namespace gradus::common;

class ControlsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void longText_isElidedWithTheWholeTextAsTooltip()
    {
        ElidedLabel label(QStringLiteral("/home/somebody/very/long/path/to/a/workspace/gradus.db"), Qt::ElideMiddle);
        label.resize(120, 20);
        label.show();
        QVERIFY(label.text().contains(QChar(0x2026)));
        QVERIFY(label.toolTip().contains(QStringLiteral("workspace/gradus.db")));
        label.resize(900, 20);
        QCOMPARE(label.text(), label.fullText());
        QVERIFY(label.toolTip().isEmpty());
    }
    void aSection_isAsWideAsItsTitleIsInItsStyle()
    {
        const ThemeController theme(*qApp, Theme::Light);
        QStandardItemModel model(1, 2);
        model.setHorizontalHeaderLabels(
            {QStringLiteral("[~~~~ G\u00e9n\u00e9r\u00e1t\u00ed\u00f3n]"), QStringLiteral("x")});
        QTableView table;
        table.setModel(&model);
        fitSection(*table.horizontalHeader(), 0, 40);
        fitSection(*table.horizontalHeader(), 1, 90);
        table.show();
        QVERIFY(table.horizontalHeader()->sectionSize(0) >= table.horizontalHeader()->sectionSizeHint(0));
        QCOMPARE(table.horizontalHeader()->sectionSize(1), 90);
    }
    void markup_isShownAsText()
    {
        ElidedLabel label(QStringLiteral("<b>run</b> <img src=x>"));
        label.resize(40, 20);
        label.show();
        QCOMPARE(label.textFormat(), Qt::PlainText);
        QVERIFY(label.toolTip().contains(QStringLiteral("&lt;img src=x&gt;")));
    }
    void focusOfAButton_isItsBorderAndNothingInside()
    {
        const ThemeController theme(*qApp, Theme::Light);
        QWidget window;
        QVBoxLayout row(&window);
        QPushButton* button = makeButton(QStringLiteral("Go on"));
        row.addWidget(button);
        window.show();
        const auto inner = [button] {
            QImage image = button->grab().toImage();
            return image.copy(image.rect().adjusted(6, 4, -6, -4)); // within the rounded border
        };
        const QImage before = inner();
        window.activateWindow();
        for (const Qt::FocusReason reason : {Qt::MouseFocusReason, Qt::TabFocusReason}) {
            button->setFocus(reason);
            QTRY_VERIFY(button->hasFocus());
            QCOMPARE(button->property("keyboardFocus").toBool(), reason == Qt::TabFocusReason);
            QCOMPARE(inner(), before);
            button->clearFocus();
        }
    }
    void buttons_areTwentyEightPixelsHigh()
    {
        ThemeController theme(*qApp, Theme::Light);
        for (const char* role : {"", "primary", "quiet", "danger"}) {
            const std::unique_ptr<QPushButton> button(makeButton(QStringLiteral("Launch"), QString::fromLatin1(role)));
            button->ensurePolished();
            QCOMPARE(button->sizeHint().height(), 28);
        }
    }
    void tabKey_showsTheRingAndTheMouseDoesNot()
    {
        ThemeController theme(*qApp, Theme::Light);
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        QPushButton* first = makeButton(QStringLiteral("First"));
        QPushButton* second = makeButton(QStringLiteral("Second"));
        layout->addWidget(first);
        layout->addWidget(second);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        first->setFocus(Qt::MouseFocusReason);
        QVERIFY(!first->property("keyboardFocus").toBool());
        QTest::keyClick(first, Qt::Key_Tab);
        QVERIFY(second->hasFocus());
        QVERIFY(second->property("keyboardFocus").toBool());
        QCOMPARE(second->sizeHint().height(), 28); // the ring moves nothing
    }
    void emptyState_hasOneLineAndTellsOfItsButton()
    {
        EmptyState empty(QStringLiteral("No runs yet."), QStringLiteral("Launch the demo run"));
        QSignalSpy activated(&empty, &EmptyState::activated);
        empty.show();
        QTest::mouseClick(empty.button(), Qt::LeftButton);
        QCOMPARE(activated.count(), 1);
        empty.setButton({});
        QVERIFY(!empty.button()->isVisible());
    }
    void sparkline_drawsGapsAndSurvivesNonsense()
    {
        QImage image(76, 20, QImage::Format_ARGB32);
        const auto columnsInked = [&image](const QVector<double>& values) {
            image.fill(Qt::transparent);
            QPainter painter(&image);
            paintSparkline(painter, image.rect(), values, Qt::black);
            painter.end();
            QVector<bool> inked(image.width());
            for (int x = 0; x < image.width(); ++x)
                for (int y = 0; y < image.height(); ++y)
                    if (qAlpha(image.pixel(x, y)) > 30) inked[x] = true;
            return inked;
        };
        QCOMPARE(columnsInked({}).count(true), 0);
        QCOMPARE(columnsInked({std::nan(""), std::nan("")}).count(true), 0);
        QVERIFY(columnsInked({0.5}).count(true) > 0);
        const QVector<bool> whole = columnsInked({0.1, 0.2, 0.3, 0.4, 0.5});
        const QVector<bool> gap = columnsInked({0.1, 0.2, std::nan(""), 0.4, 0.5});
        QVERIFY(whole[38]);
        QVERIFY(!gap[38]);
    }
};
GRADUS_SUITE(ControlsTest)
#include "controls_test.moc"
