// SPDX-License-Identifier: GPL-3.0-or-later
// The legend over a plot: what is cut when it is narrow.
#include "pages/shared/legend_row.h"
#include "support/suite.h"

#include <QApplication>
#include <QTest>

using namespace gradus;

class LegendRowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// A figure of which the last digit is missing is another figure.
    void narrow_namesGoAndEveryFigureStays()
    {
        const common::ThemeController theme(*qApp, common::Theme::Light);
        pages::LegendRow row(theme);
        QVector<pages::LegendEntry> entries;
        for (const char* name : {"competence", "ceiling", "supervisor", "conformity"})
            entries.append({QString::fromLatin1(name), QStringLiteral("0.888"), Qt::red, {}, false});
        row.setEntries(entries);
        row.resize(270, row.height()); // samples and figures fit, beginnings of names do not
        row.show();
        const QImage image = row.grab().toImage();
        const QRgb ground = image.pixel(image.width() - 1, 0);
        bool isFigureSeen = false;
        for (int x = 0; x < image.width(); ++x)
            for (int y = 0; y < image.height(); ++y) {
                if (image.pixel(x, y) == ground) continue;
                isFigureSeen = true;
                QVERIFY2(x < image.width() - 2, "the last figure is cut");
            }
        QVERIFY(isFigureSeen);
    }
};
GRADUS_SUITE(LegendRowTest)
#include "legend_row_test.moc"
