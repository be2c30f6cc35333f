// SPDX-License-Identifier: GPL-3.0-or-later
// What the notes of the committed reports say in figures stands in the pages that they open: a note is written by hand
// and outlives the runs that it was written of.
#include "base/files.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

#include <cmath>

namespace {

struct Figure
{
    QString text;
    double value = 0;
    int decimals = 0;
};

/// Numbers with a decimal point, signs and all; a dotted word or a version is none.
QVector<Figure> figuresIn(QString text)
{
    text.replace(QChar(0x2212), QLatin1Char('-'));
    static const QRegularExpression number(QStringLiteral(R"((?<![\w.,^])(-?)(\d*)\.(\d+)(?![\w]|\.\d))"));
    QVector<Figure> figures;
    for (auto found = number.globalMatch(text); found.hasNext();) {
        const QRegularExpressionMatch one = found.next();
        QString digits = one.captured(2).isEmpty() ? QStringLiteral("0") : one.captured(2);
        digits += QLatin1Char('.') + one.captured(3);
        figures.append({one.captured(), (one.captured(1).isEmpty() ? 1 : -1) * digits.toDouble(),
                        static_cast<int>(one.captured(3).size())});
    }
    return figures;
}

/// The words of a page, those within its figures too (what a mark says when it is pointed at), without its styles.
QString wordsOf(QString page)
{
    static const QRegularExpression style(QStringLiteral("<style.*?</style>"),
                                          QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression tag(QStringLiteral("<[^>]*>"));
    static const QRegularExpression space(QStringLiteral("\\s+"));
    page.remove(style).replace(tag, QStringLiteral(" "));
    page.replace(QLatin1String("&lt;"), QLatin1String("<")).replace(QLatin1String("&gt;"), QLatin1String(">"));
    page.replace(QLatin1String("&amp;"), QLatin1String("&")).replace(QLatin1String("&quot;"), QLatin1String("\""));
    return page.replace(space, QStringLiteral(" "));
}

/// Rounded as the note rounds it, or a share that the note counts in points. An unsigned figure may be a loss.
bool stands(const Figure& said, const QVector<Figure>& page)
{
    const double half = 0.5 * std::pow(10, -said.decimals) + 1e-9;
    for (const Figure& one : page) {
        const double value = said.value < 0 ? one.value : std::abs(one.value);
        if (std::abs(value - said.value) <= half || std::abs(100 * value - said.value) <= half) return true;
    }
    return false;
}

QString read(const QString& file)
{
    const auto text = gradus::readFile(file.toStdString(), std::size_t{1} << 26);
    return text ? QString::fromStdString(*text) : QString();
}

class NotesTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void figuresAreReadAndHeld()
    {
        const auto page = figuresIn(QStringLiteral("0.018 [\u22120.026, 0.400], build 1.2.3, rung 16,1"));
        QCOMPARE(page.size(), 3);
        QVERIFY(stands(figuresIn(QStringLiteral("-.026")).first(), page));
        QVERIFY(stands(figuresIn(QStringLiteral("costs 1.8 points")).first(), page));
        QVERIFY(stands(figuresIn(QStringLiteral(".03")).first(), page));
        QVERIFY(!stands(figuresIn(QStringLiteral("-.025")).first(), page));
        QVERIFY(!stands(figuresIn(QStringLiteral("-.018")).first(), page)); // of the other sign
    }
    void whatANoteSaysInFigures_standsInItsPage_data()
    {
        QTest::addColumn<QString>("note");
        QTest::addColumn<QString>("page");
        const QDir reports(gradus::tests::sourceFile("resources/reports"));
        for (const QString& file : QDir(reports.filePath("notes")).entryList({"*.txt"}, QDir::Files)) {
            const QString name = file.chopped(4);
            QTest::addRow("%s", qPrintable(name))
                << reports.filePath("notes/" + file) << reports.filePath(name + ".html");
        }
    }
    void whatANoteSaysInFigures_standsInItsPage()
    {
        QFETCH(QString, note);
        QFETCH(QString, page);
        const QString said = read(note).simplified();
        QString words = wordsOf(read(page));
        QVERIFY2(!said.isEmpty(), qPrintable(note));
        QVERIFY2(!words.isEmpty(), qPrintable(page));
        // The page opens with the note: that is not what the note is held against.
        for (const QString& paragraph : read(note).split(QStringLiteral("\n\n"), Qt::SkipEmptyParts))
            words.remove(paragraph.simplified());
        const QVector<Figure> there = figuresIn(words);
        QStringList missing;
        for (const Figure& one : figuresIn(said))
            if (!stands(one, there)) missing << one.text;
        QVERIFY2(missing.isEmpty(), qPrintable("not in " + page + ": " + missing.join(QStringLiteral(", "))));
    }
};

} // namespace

GRADUS_SUITE(NotesTest)
#include "notes_test.moc"
