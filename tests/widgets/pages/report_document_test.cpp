// SPDX-License-Identifier: GPL-3.0-or-later
// Reports written from a real store as files.
#include "support/sample_runs.h"
#include "support/suite.h"

#include "pages/shared/report_document.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;

namespace {

/// A store with one finished sweep.
struct Sample
{
    Sample()
    {
        auto opened = store::StoreWriter::open(path().toStdString());
        if (!opened) qFatal("%s", opened.error().message.c_str());
        writer = std::move(*opened);
        ids = tests::addSampleExperiment(*writer, "gap <b>annealing</b>", {"fixed", "schedule"}, {1, 2, 3}, 3);
        for (std::size_t i = 0; i < ids.size(); ++i)
            tests::writeFinishedRun(*writer, {.runId = ids[i],
                                              .generations = 3,
                                              .stepsPerGeneration = 50,
                                              .seed = static_cast<std::int64_t>(i + 1)});
        if (!writer->flush()) qFatal("flush");
    }
    QString path() const { return folder.filePath("gradus.db"); }
    QByteArray read(const QString& name) const
    {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir folder;
    std::unique_ptr<store::StoreWriter> writer;
    std::vector<std::int64_t> ids;
};

int pagesOf(const QByteArray& pdf)
{
    return static_cast<int>(QString::fromLatin1(pdf).count(QRegularExpression(QStringLiteral("/Type /Page\\b"))));
}

} // namespace

class ReportDocumentTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void html_holdsTheStoresRunsAndTheirFile()
    {
        const Sample sample;
        QVERIFY(pages::writeReport({.store = sample.path().toStdString()}, sample.folder.filePath("r.html")));
        const QString html = QString::fromUtf8(sample.read("r.html"));
        QVERIFY(html.contains("gap &lt;b>annealing&lt;/b>") || html.contains("gap &lt;b&gt;annealing"));
        QVERIFY(html.contains("6 runs in 2 conditions, seeds 1 to 3."));
        QVERIFY(html.contains("gradus run gap-b-annealing-b.toml"));
        QVERIFY(html.contains("[gap]"));
    }

    void pdf_isADocumentOfPages_andGrowsWithItsFigures()
    {
        const Sample sample;
        QVERIFY(pages::writeReport({.store = sample.path().toStdString()}, sample.folder.filePath("r.pdf")));
        const QByteArray pdf = sample.read("r.pdf");
        QVERIFY(pdf.startsWith("%PDF-"));
        QVERIFY2(pagesOf(pdf) >= 4, qPrintable(QString::number(pagesOf(pdf))));

        report::Report plain{"title", {}, {{"Figures", {report::Paragraph{"text"}}}}};
        const int bare = static_cast<int>(pages::pdfOf(plain).size());
        report::ChartPanel panel{"p", {}, {}, {}, {{"a", 0}}};
        for (int i = 0; i < 200; ++i)
            panel.series[0].points.push_back({.place = double(i), .value = double(i % 7)});
        plain.sections[0].blocks.emplace_back(report::Figure{"f", "caption", {panel, panel, panel}});
        const QByteArray drawn = pages::pdfOf(plain);
        QVERIFY2(drawn.size() > bare + 2000, "the figure is in it");
        QCOMPARE(pagesOf(drawn), 1);
    }

    void whatIsWrong_isOneSentenceAndNoFile()
    {
        const Sample sample;
        const auto ending =
            pages::writeReport({.store = sample.path().toStdString()}, sample.folder.filePath("r.docx"));
        QVERIFY(!ending && ending.error().kind == ErrorKind::BadInput);
        const auto name = pages::writeReport({.store = sample.path().toStdString(), .names = {"nobody"}},
                                             sample.folder.filePath("r.html"));
        QVERIFY(!name && name.error().kind == ErrorKind::BadInput);
        const auto note = pages::writeReport({.store = sample.path().toStdString(), .noteFile = "/nowhere/note.txt"},
                                             sample.folder.filePath("r.html"));
        QVERIFY(!note && note.error().kind == ErrorKind::BadInput);
        QVERIFY(!QFile::exists(sample.folder.filePath("r.html")));
    }
};

GRADUS_SUITE(ReportDocumentTest)

#include "report_document_test.moc"
