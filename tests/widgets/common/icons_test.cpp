// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/icons.h"
#include "common/theme.h"

#include "support/suite.h"

#include <QApplication>
#include <QSet>
#include <QTest>

using namespace gradus::common;

namespace {

int inkedPixels(const QImage& image)
{
    int inked = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            inked += qAlpha(image.pixel(x, y)) > 64;
    return inked;
}

} // namespace

class IconsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyIcon_isDrawnAtEverySizeInBothThemes()
    {
        for (const Tokens& tokens : {lightTokens(), darkTokens()})
            for (const Icon icon : allIcons())
                for (const int side : {14, 16, 22}) {
                    const int inked = inkedPixels(iconPixmap(icon, tokens.text2, side, 1.0).toImage());
                    QVERIFY2(inked >= (icon == Icon::More || icon == Icon::Minus ? 4 : 8), nameOf(icon));
                    QVERIFY2(inked < side * side * 2 / 3, nameOf(icon));
                }
    }
    void everyIcon_differsFromTheOthers()
    {
        QSet<QByteArray> seen;
        for (const Icon icon : allIcons()) {
            const QImage image = iconPixmap(icon, Qt::black, 24, 1.0).toImage().convertToFormat(QImage::Format_ARGB32);
            const QByteArray bytes(reinterpret_cast<const char*>(image.constBits()), image.sizeInBytes());
            QVERIFY2(!seen.contains(bytes), nameOf(icon));
            seen.insert(bytes);
        }
    }
    void tint_followsModeAndTheme()
    {
        ThemeController theme(*qApp, Theme::Light);
        const QIcon icon = makeIcon(Icon::Stop);
        const auto colourOf = [&icon](QIcon::Mode mode, QIcon::State state) {
            const QImage image =
                icon.pixmap(QSize(24, 24), mode, state).toImage().convertToFormat(QImage::Format_ARGB32);
            return QColor(image.pixel(12, 6)).name(); // on the square's upper edge
        };
        const auto near = [](const QString& a, const QColor& b) {
            const QColor x(a);
            return std::abs(x.red() - b.red()) < 24 && std::abs(x.green() - b.green()) < 24 &&
                   std::abs(x.blue() - b.blue()) < 24;
        };
        const QString normal = colourOf(QIcon::Normal, QIcon::Off);
        QVERIFY2(near(normal, lightTokens().text2), qPrintable(normal));
        QVERIFY(near(colourOf(QIcon::Normal, QIcon::On), lightTokens().accent));
        QVERIFY(near(colourOf(QIcon::Disabled, QIcon::Off), lightTokens().text3));
        theme.setTheme(Theme::Dark);
        QVERIFY(near(colourOf(QIcon::Normal, QIcon::Off), darkTokens().text2));
    }
    void highResolution_hasMorePixelsNotABlurredCopy()
    {
        const QPixmap sharp = iconPixmap(Icon::Home, Qt::black, 16, 2.0);
        QCOMPARE(sharp.size(), QSize(32, 32));
        QCOMPARE(sharp.deviceIndependentSize(), QSizeF(16, 16));
    }
};
GRADUS_SUITE(IconsTest)
#include "icons_test.moc"
