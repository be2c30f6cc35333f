// SPDX-License-Identifier: GPL-3.0-or-later
// Every page, empty, typical and crowded, in a language whose texts are a third longer, and from right to left: nothing
// is cut off. With GRADUS_SHOTS=<folder> the pictures are kept there for the eye, in both themes; QT_SCALE_FACTOR=2
// beside it makes those of a screen with twice the pixels: CONTRIBUTING.md has the line.
#include "clipped.h"
#include "plot/settled.h"
#include "shell/main_window.h"
#include "shell/pseudo_locale.h"
#include "store/run_queue.h"
#include "store/store_writer.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <functional>
#include <string>

using namespace gradus;
using tests::clippedIn;
using tests::untranslatedIn;

namespace {

constexpr double kLimitSeconds = 20;

/// Twelve generations, nine sources with drawn weights, markers.
std::string crowdedText()
{
    std::string text =
        "[experiment]\nname = \"crowded: twelve generations, nine sources, one long name\"\nseeds = [1]\n"
        "[ladder]\ngenerations = 5\nstart = 0\n[gap]\nmarkers = [[0.3, \"audit of the third\"]]\n"
        "curve = { keys = [";
    for (int i = 0; i <= 40; ++i)
        text += (i > 0 ? ", [" : "[") + std::to_string(i / 40.0) + ", " + std::to_string(0.3 + 0.01 * (i % 7)) + "]";
    text += "] }\n";
    for (int i = 1; i <= 9; ++i)
        text += "[[signals.source]]\nname = \"source of a long name " + std::to_string(i) +
                "\"\nkind = \"truth\"\nweight = { keys = [[0.0, 0.2], [1.0, 0." + std::to_string(i) + "]] }\n";
    return text;
}

/// Four sources with limits and a budget, a learning rate drawn over decades.
std::string drawnText()
{
    return "[experiment]\nname = \"four sources and a drawn rate\"\nseeds = [1, 2, 3]\n[ladder]\ngenerations = 4\n"
           "[training]\nlearning_rate = { keys = [[0.0, 0.01], [0.5, 0.001], [1.0, 0.0001]] }\n"
           "[signals]\nbudget = 100\n"
           "[[signals.source]]\nname = \"predecessor\"\nkind = \"model\"\nleast_share = 0.9\n"
           "[[signals.source]]\nname = \"persona: cautious auditor\"\nkind = \"persona\"\nunsure_below = 0.7\n"
           "[[signals.source]]\nname = \"researcher\"\nkind = \"truth\"\ncost = 2.5\n"
           "[[signals.source]]\nname = \"noisy crowd\"\nkind = \"synthetic\"\nrate = 0.2\n";
}

/// Runs that wait, some of them for the GPU and for each other, behind one that is under way and one that failed.
void fillQueue(const std::filesystem::path& path)
{
    auto queue = store::RunQueue::open(path);
    if (!queue) qFatal("%s", queue.error().message.c_str());
    auto experiment = spec::parseExperiment(drawnText(), "x");
    if (!experiment) qFatal("%s", experiment.error().message.c_str());
    experiment->compute.device = "cuda";
    experiment->experiment.seeds = {1, 2, 3, 4};
    const auto runs = queue->add(*experiment, drawnText(), *spec::expand(*experiment), std::nullopt);
    if (!runs) qFatal("%s", runs.error().message.c_str());
    experiment->compute.device = "cpu";
    if (!queue->add(*experiment, drawnText(), *spec::expand(*experiment), runs->back())) qFatal("not queued");
    auto writer = store::StoreWriter::open(path);
    if (!writer || !(*writer)->claim(runs->at(0))) qFatal("not claimed");
    (*writer)->setState(runs->at(1), store::RunState::Failed,
                        "The disk is full; free some space in the workspace and retry the run.");
    if (!(*writer)->flush()) qFatal("not written");
}

struct Place
{
    QTemporaryDir folder;
    shell::Workspace workspace;

    explicit Place(const QString& state)
    {
        const QDir dir(folder.path());
        dir.mkpath(QStringLiteral("experiments"));
        workspace = {.folder = folder.path(), .store = folder.filePath(QStringLiteral("gradus.db")), .draft = {}};
        if (state == QLatin1String("empty")) return;
        QFile::copy(tests::sourceFile("resources/example/example.db"), workspace.store);
        QFile::setPermissions(workspace.store, QFile::ReadOwner | QFile::WriteOwner);
        workspace.draft = dir.filePath(QStringLiteral("experiments/draft.toml"));
        if (state == QLatin1String("typical")) {
            QFile::copy(tests::sourceFile("resources/templates/progressive.toml"), workspace.draft);
            return;
        }
        const bool busy = state == QLatin1String("busy");
        if (busy) fillQueue(workspace.store.toStdString());
        QFile file(workspace.draft);
        if (file.open(QIODevice::WriteOnly)) file.write(busy ? drawnText().c_str() : crowdedText().c_str());
    }
};

} // namespace

class ClippedTextTest : public QObject
{
    Q_OBJECT
    shell::PseudoLocale m_pseudo;

    void keepPicture(QWidget& window, const QString& name)
    {
        const QString folder = qEnvironmentVariable("GRADUS_SHOTS");
        if (!folder.isEmpty()) QVERIFY(window.grab().save(QDir(folder).filePath(name + QStringLiteral(".png"))));
    }

    /// Turns to every page (and its tabs) of a window made for the state and hands each to look.
    void everyPage(const QString& state, const QString& prefix,
                   const std::function<void(QWidget&, const QString&)>& look)
    {
        const Place place(state);
        common::ThemeController theme(*qApp, prefix.contains(QStringLiteral("dark")) ? common::Theme::Dark
                                                                                     : common::Theme::Light);
        shell::MainWindow window(theme, place.workspace, false);
        window.resize(1440, 900);
        window.show();
        QStringList pages;
        for (const QString& page : shell::MainWindow::pageNames()) {
            pages << page;
            for (const QString& tab : shell::Desk::tabsOf(page))
                pages << page + '/' + tab;
        }
        for (const QString& page : pages) {
            window.showPage(page);
            const QString id = page.section('/', 0, 0);
            QVERIFY2(plot::waitUntil([&] { return window.desk().isReady(id); }, kLimitSeconds), qPrintable(page));
            plot::settle(window);
            look(window, page);
            keepPicture(window, QStringLiteral("%1-%2-%3").arg(prefix, QString(page).replace('/', '-'), state));
        }
    }

private Q_SLOTS:
    void cleanup()
    {
        QCoreApplication::removeTranslator(&m_pseudo);
        QApplication::setLayoutDirection(Qt::LeftToRight);
    }

    void noTextIsCut_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<bool>("pseudo");
        QTest::addColumn<bool>("rightToLeft");
        for (const char* state : {"empty", "typical", "crowded", "busy"})
            for (const int way : {0, 1, 2, 3})
                QTest::addRow("%s %s%s", state, way & 1 ? "pseudo" : "plain", way & 2 ? " right-to-left" : "")
                    << QString::fromLatin1(state) << bool(way & 1) << bool(way & 2);
    }
    void noTextIsCut()
    {
        QFETCH(QString, state);
        QFETCH(bool, pseudo);
        QFETCH(bool, rightToLeft);
        if (pseudo) QCoreApplication::installTranslator(&m_pseudo);
        QApplication::setLayoutDirection(rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
        QStringList cut;
        const QString prefix = QStringLiteral("%1-%2-%3x-")
                                   .arg(pseudo ? QStringLiteral("pseudo") : QStringLiteral("plain"),
                                        rightToLeft ? QStringLiteral("rtl") : QStringLiteral("ltr"))
                                   .arg(qApp->devicePixelRatio());
        // One theme is enough to find what is cut; pictures are of both.
        const bool both = qEnvironmentVariableIsSet("GRADUS_SHOTS");
        for (const char* theme : {"light", "dark"})
            if (both || rightToLeft == (theme == QByteArrayView("dark")))
                everyPage(state, prefix + QLatin1String(theme), [&](QWidget& window, const QString& page) {
                    for (const QString& one : clippedIn(window))
                        cut << page + ": " + one;
                });
        for (const QString& one : std::as_const(cut))
            qWarning("%s", qPrintable(one));
        QVERIFY2(cut.isEmpty(), qPrintable(QStringLiteral("%1 texts are cut").arg(cut.size())));
    }

    void everyButtonAndTab_canBeTranslated()
    {
        QCoreApplication::installTranslator(&m_pseudo);
        QStringList plain;
        everyPage(QStringLiteral("typical"), QStringLiteral("dark-pseudo"), [&](QWidget& window, const QString& page) {
            for (const QString& one : untranslatedIn(window))
                plain << page + ": " + one;
        });
        plain.removeDuplicates();
        QVERIFY2(plain.isEmpty(), qPrintable('\n' + plain.join('\n')));
    }

    /// The test of the tests: what is cut is found.
    void cutButtonAndLabel_areFound()
    {
        QWidget window;
        QPushButton button(QStringLiteral("A button of some length"), &window);
        button.setFixedWidth(40);
        QLabel label(QStringLiteral("A label that stands over the edge"), &window);
        label.adjustSize();
        label.move(190, 60);
        window.resize(200, 100);
        window.show();
        const QStringList cut = clippedIn(window);
        QCOMPARE(cut.size(), 2);
        QVERIFY(cut[0].contains(QStringLiteral("A button")) && cut[1].contains(QStringLiteral("is cut to")));
    }
};
GRADUS_SUITE(ClippedTextTest)
#include "clipped_text_test.moc"
