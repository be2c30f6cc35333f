// SPDX-License-Identifier: GPL-3.0-or-later
// What Compare writes: curves as CSV and JSON, pictures as SVG and PDF, whole files or a sentence.
#include "compare_bench.h"
#include "support/pdf_paths.h"

#include "pages/compare/charts_tab.h"
#include "pages/compare/compare_export.h"
#include "pages/compare/compare_sheet.h"
#include "pages/compare/table_tab.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>

using namespace gradus;
using pages::ComparePage;
using tests::CompareBench;

namespace {

class CompareExportTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void exportedCsvAndJson_holdTheCurvesShown()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        const QString csv = bench.folder.filePath("curves.csv");
        QVERIFY(pages::exportComparison(bench.page, csv));
        QFile file(csv);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QStringList lines = QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts);
        QVERIFY2(lines[0].startsWith("# Gradus ") && lines[0].contains("95 % t interval"), qPrintable(lines[0]));
        qsizetype at = 2;
        for (const auto& series : bench.page.curves().series)
            for (const auto& group : series.groups)
                for (std::size_t i = 0; i < group.curve.x.size(); ++i, ++at) {
                    const QStringList cells = lines[at].split(',');
                    QCOMPARE(cells[0], series.series);
                    QCOMPARE(cells[2].toDouble(), group.curve.x[i]);
                    QCOMPARE(cells[3].isEmpty(), std::isnan(group.curve.centre[i]));
                    if (!cells[3].isEmpty()) QCOMPARE(cells[3].toDouble(), group.curve.centre[i]);
                    if (!cells[4].isEmpty()) QCOMPARE(cells[4].toDouble(), group.curve.low[i]);
                    QCOMPARE(cells[6].toInt(), group.curve.n[i]);
                }
        QCOMPARE(at, lines.size());
        const QString json = bench.folder.filePath("curves.json");
        QVERIFY(pages::exportComparison(bench.page, json));
        QFile document(json);
        QVERIFY(document.open(QIODevice::ReadOnly));
        const QJsonObject read = QJsonDocument::fromJson(document.readAll()).object();
        const QJsonArray groups = read["series"].toObject()["utility/competence"].toArray();
        const auto& shown = bench.page.charts()->card("utility/competence")->curves();
        QCOMPARE(groups.size(), shown.groups.size());
        QCOMPARE(groups[1].toObject()["centre"].toArray().last().toDouble(), shown.groups[1].curve.centre.back());
    }
    void aNarrowSheetOfManyConditions_cutsNoText()
    {
        CompareBench bench;
        const auto many = tests::addSampleExperiment(
            *bench.writer, "many", {"fixed", "schedule", "jump", "pi", "bandit", "adaptive"}, {1, 2, 3, 4, 5}, 2);
        QCOMPARE(many.size(), std::size_t(30));
        for (const std::int64_t run : many)
            tests::writeFinishedRun(*bench.writer, {.runId = run, .generations = 2, .stepsPerGeneration = 20});
        QVERIFY(bench.writer->flush());
        bench.page.resize(700, 800);
        bench.page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&bench.page));
        bench.page.choose({many.begin(), many.end()});
        QVERIFY(bench.settle(30));
        for (const pages::CurveCard* card : bench.page.charts()->cards()) // laid out: a sheet is as the cards stand
            QTRY_VERIFY(card->isHidden() || card->width() > 200);
        const plot::Sheet sheet = pages::sheetOf(bench.page);
        QStringList strong;
        double head = 0;
        for (const plot::SheetText& text : sheet.texts) {
            const QFontMetricsF metrics(
                common::typeFont(text.strong ? common::Type::SmallStrong : common::Type::Chart));
            const QRectF wanted = metrics.boundingRect({0, 0, text.place.width(), 1e5}, Qt::TextWordWrap, text.text);
            QVERIFY2(wanted.height() <= text.place.height() + 1, qPrintable(text.text.left(60)));
            QVERIFY(text.place.bottom() <= sheet.size.height() && text.place.right() <= sheet.size.width());
            if (text.strong && text.text.contains("n 5")) {
                strong << text.text;
                head = std::max(head, text.place.bottom());
            }
        }
        QCOMPARE(strong.size(), 6);
        for (const plot::SheetChart& chart : sheet.charts)
            QVERIFY(chart.at.y() >= head);
    }
    void exportedSvg_drawsTheValuesShown()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&bench.page));
        QVERIFY(bench.settle(6));
        QTest::qWait(80);
        const QString path = bench.folder.filePath("charts.svg");
        QVERIFY(pages::exportComparison(bench.page, path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString svg = QString::fromUtf8(file.readAll());
        QVERIFY(svg.contains("utility/competence"));
        QVERIFY(svg.contains(QString::fromStdString(bench.page.comparison().data().runs[0].detail.run.uuid).left(8)));
        // Each mean is drawn as lines whose corners are its points, in the chart's own pixels.
        auto* card = bench.page.charts()->card("utility/competence");
        QVector<QPointF> drawn;
        static const QRegularExpression polyline("<polyline[^>]*points=\"([^\"]*)\"");
        for (auto match = polyline.globalMatch(svg); match.hasNext();)
            for (const QString& pair : match.next().captured(1).split(' ', Qt::SkipEmptyParts))
                drawn << QPointF(pair.section(',', 0, 0).toDouble(), pair.section(',', 1, 1).toDouble());
        QVERIFY(drawn.size() > 100);
        int checked = 0;
        for (const auto& group : card->curves().groups)
            for (std::size_t i = 0; i < group.curve.x.size(); ++i) {
                if (std::isnan(group.curve.centre[i])) continue;
                const QPointF at = card->chart()->toPixel({group.curve.x[i], group.curve.centre[i]});
                const bool found = std::any_of(drawn.begin(), drawn.end(), [&](const QPointF& point) {
                    return std::hypot(point.x() - at.x(), point.y() - at.y()) < 0.02;
                });
                QVERIFY2(found, qPrintable(QString("x %1, value %2").arg(group.curve.x[i]).arg(group.curve.centre[i])));
                ++checked;
            }
        QVERIFY(checked >= 60);
    }
    void exportedPdf_drawsTheValuesShown()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&bench.page));
        QVERIFY(bench.settle(6));
        QTest::qWait(80);
        const QString path = bench.folder.filePath("charts.pdf");
        QVERIFY(pages::exportComparison(bench.page, path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray pdf = file.readAll();
        const QVector<QPointF> drawn = tests::pdfCorners(pdf);
        QVERIFY(drawn.size() > 100);
        constexpr double kPoint = 72.0 / 96; // of a pixel
        const double height = tests::pdfPageSize(pdf).height();
        auto* card = bench.page.charts()->card("utility/competence");
        QPointF corner; // of the chart on the page
        for (const plot::SheetChart& one : pages::sheetOf(bench.page).charts)
            if (one.chart == card->chart()) corner = one.at;
        QVERIFY(!corner.isNull());
        int checked = 0;
        for (const auto& group : card->curves().groups)
            for (std::size_t i = 0; i < group.curve.x.size(); ++i) {
                if (std::isnan(group.curve.centre[i])) continue;
                const QPointF at = card->chart()->toPixel({group.curve.x[i], group.curve.centre[i]}) + corner;
                const bool found = std::any_of(drawn.begin(), drawn.end(), [&](const QPointF& point) {
                    return std::hypot(point.x() - kPoint * at.x(), height - point.y() - kPoint * at.y()) < 0.02;
                });
                QVERIFY2(found, qPrintable(QString("x %1, value %2").arg(group.curve.x[i]).arg(group.curve.centre[i])));
                ++checked;
            }
        QVERIFY(checked >= 60);
    }
    void exportedPicturesAndTables_areWholeFilesOrASentence()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        for (int tab = 0; tab < ComparePage::Containment; ++tab) { // which needs runs of its own: containment_tab_test
            bench.page.setTab(static_cast<ComparePage::Tab>(tab));
            for (const char* ending : {"png", "svg", "pdf", "csv", "json", "md", "tex"}) {
                const QString path = bench.folder.filePath(QString("out%1.%2").arg(tab).arg(ending));
                const auto written = pages::exportComparison(bench.page, path);
                QVERIFY2(written, written ? "" : written.error().message.c_str());
                QVERIFY2(QFileInfo(path).size() > 200, qPrintable(path));
            }
        }
        QVERIFY(!QImage(bench.folder.filePath("out0.png")).isNull());
        const auto odd = pages::exportComparison(bench.page, bench.folder.filePath("out.xlsx"));
        QVERIFY(!odd && odd.error().kind == ErrorKind::BadInput);
        QVERIFY(!pages::exportComparison(bench.page, bench.folder.filePath("none/out.svg")));
        bench.page.choose({});
        QVERIFY(bench.settle(0));
        QVERIFY(!pages::exportComparison(bench.page, bench.folder.filePath("empty.csv")));
    }
};

} // namespace

GRADUS_SUITE(CompareExportTest)
#include "compare_export_test.moc"
