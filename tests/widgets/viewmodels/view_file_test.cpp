// SPDX-License-Identifier: GPL-3.0-or-later
// View files: what is written reads back equal, and what is not understood is one sentence with its place.
#include "viewmodels/view_file.h"

#include "spec/contrasts.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using viewmodels::parseView;
using viewmodels::ViewFile;

class ViewFileTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writtenViews_readBackEqual()
    {
        ViewFile view;
        view.runs = {"gap \"annealing\"", "1a2b3c4d"};
        view.tab = "relations";
        view.cards = {"train/loss"};
        view.curves.centre = compare::Centre::InterquartileMean;
        view.curves.band = compare::Band::Bootstrap;
        view.curves.alignment = viewmodels::Alignment::Generation;
        view.curves.smoothing = {viewmodels::SmoothingKind::Ema, 25};
        view.curves.difference = true;
        view.baseline = "fixed\nlarge";
        view.theme = "dark";
        view.width = 900;
        const auto read = parseView(viewmodels::viewText(view), "v");
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(*read == view);
        QCOMPARE(read->baseline, view.baseline);
        QCOMPARE(read->runs, view.runs);
        QVERIFY(!(*read == ViewFile{}));
        QVERIFY(*parseView("[view]\nversion = 1\n", "v") == ViewFile{});
        QVERIFY(viewmodels::viewText(view).find("version = 1\n") != std::string::npos); // older programs read it
        view.range = {12.5, 1e6};
        const auto zoomed = parseView(viewmodels::viewText(view), "v");
        QVERIFY2(zoomed, zoomed ? "" : zoomed.error().message.c_str());
        QVERIFY(*zoomed == view);
        QVERIFY(zoomed->range == view.range);
        QVERIFY(viewmodels::viewText(view).find("version = 2\n") != std::string::npos);
        for (const double strength : {0.0, 60.0, 99.5, 100.0}) { // as the slider goes
            view.curves.smoothing = {viewmodels::SmoothingKind::Ema, strength};
            QVERIFY(parseView(viewmodels::viewText(view), "v").ok());
        }
        view.curves.smoothing = {viewmodels::SmoothingKind::Median, 15};
        const auto median = parseView(viewmodels::viewText(view), "v");
        QVERIFY2(median, median ? "" : median.error().message.c_str());
        QVERIFY(*median == view && median->curves.smoothing == view.curves.smoothing);
        QVERIFY(viewmodels::viewText(view).find("version = 3\n") != std::string::npos);
        view.against = {"gap.value = 0.2=gap.value = 0.1", "\"a\"=b"};
        const auto contrasts = parseView(viewmodels::viewText(view), "v");
        QVERIFY2(contrasts, contrasts ? "" : contrasts.error().message.c_str());
        QCOMPARE(contrasts->against, view.against);
        ViewFile studies;
        studies.tab = "containment"; // a word that older programs do not know
        QVERIFY(viewmodels::viewText(studies).find("version = 4\n") != std::string::npos);
        QVERIFY(viewmodels::viewText(view).find("version = 4\n") != std::string::npos);
    }
    void whatIsNotUnderstood_isOneSentence_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("mustSay");
        QTest::newRow("cut off") << "[view]\nversion = 1\nruns = [\"a"
                                 << "v:3";
        QTest::newRow("newer") << "[view]\nversion = 5\nshape = 1\n"
                               << "version 5";
        QString many = QStringLiteral("[view]\nversion = 4\n[curves]\nagainst = [");
        for (std::size_t i = 0; i <= spec::kMostContrasts; ++i)
            many += QStringLiteral("\"a=b\",");
        QTest::newRow("too many contrasts") << many + "]\n"
                                            << "more than 64 contrasts";
        QTest::newRow("contrasts of pairs") << "[view]\nversion = 4\n[curves]\nagainst = [[\"a\", \"b\"]]\n"
                                            << "must be a text";
        QTest::newRow("smoothing by a word") << "[view]\nversion = 3\n[curves]\nsmoothing = \"fourier\"\n"
                                             << "\"median\"";
        QTest::newRow("range of one") << "[view]\nversion = 2\n[curves]\nrange = [5]\n"
                                      << "list of 2 numbers";
        QTest::newRow("range backwards") << "[view]\nversion = 2\n[curves]\nrange = [5, 5]\n"
                                         << "smaller x";
        QTest::newRow("infinite range") << "[view]\nversion = 2\n[curves]\nrange = [0, inf]\n"
                                        << "number from";
        QTest::newRow("no version") << "[curves]\n"
                                    << "no version";
        QTest::newRow("unknown key") << "[view]\nversion = 1\nrun = []\n"
                                     << "v:3:1: is a key \"run\", which [view] does not know.";
        QTest::newRow("unknown section") << "[view]\nversion = 1\n[more]\n"
                                         << "[more]";
        QTest::newRow("unknown word") << "[view]\nversion = 1\n[curves]\ncentre = \"mode\"\n"
                                      << "\"interquartile-mean\"";
        QTest::newRow("wrong type") << "[view]\nversion = 1\nruns = \"a\"\n"
                                    << "list of texts";
        QTest::newRow("out of range") << "[view]\nversion = 1\nsize = [10, 1e9]\n"
                                      << "from 200 to 8000";
        QTest::newRow("smoothing") << "[view]\nversion = 1\n[curves]\nsmoothing = 1.0\n"
                                   << "0.999";
        QTest::newRow("no t of a median") << "[view]\nversion = 1\n[curves]\ncentre = \"median\"\ninterval = \"t\"\n"
                                          << "bootstrap";
    }
    void whatIsNotUnderstood_isOneSentence()
    {
        QFETCH(QString, text);
        QFETCH(QString, mustSay);
        const auto view = parseView(text.toStdString(), "v");
        QVERIFY(!view);
        QVERIFY(view.error().kind == ErrorKind::BadInput);
        QVERIFY2(view.error().message.find(mustSay.toStdString()) != std::string::npos, view.error().message.c_str());
        QVERIFY(!viewmodels::loadView("/nowhere.gradusview"));
    }
};
GRADUS_SUITE(ViewFileTest)
#include "view_file_test.moc"
