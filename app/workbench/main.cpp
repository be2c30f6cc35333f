// SPDX-License-Identifier: GPL-3.0-or-later
// gradus-workbench: the window. Exit codes: 0 ok, 1 failed, 2 usage or bad input.
#include "common/theme.h"
#include "pages/compare/plot_view_file.h"
#include "pages/shared/report_document.h"
#include "shell/main_window.h"
#include "shell/pseudo_locale.h"
#include "shell/screenshot.h"
#include "shell/window_bench.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFile>
#include <QRegularExpression>
#include <QSettings>

#include <cstdio>
#include <cstring>

using namespace gradus;

namespace {

constexpr double kScreenshotLimitSeconds = 20;
constexpr double kPlotLimitSeconds = 120;

int refuse(const QString& sentence, int code = 2)
{
    std::fprintf(stderr, "%s\n", qUtf8Printable(sentence));
    return code;
}

/// What the command line asks for, checked.
struct Request
{
    QString path;
    QString page;
    QString screenshot;
    QSize size{1440, 900};
    std::optional<common::Theme> theme;
    bool rightToLeft = false;
    bool works = false;  ///< a worker begins with the window
    bool pseudo = false; ///< in the language that nobody speaks
    QString report;      ///< file to write instead of opening a window
    report::ReportChoice choice;
    bool bench = false;
    bool json = false;
    bool firstPaint = false; ///< says so and ends: how the bench times a start
    QString plot;            ///< a view to draw instead of opening a window
    QString output;          ///< where to
    QString wrong;           ///< the sentence when it is not understood
};

/// Options of the bench; the last one is its own and no user's.
QList<QCommandLineOption> benchOptions()
{
    QCommandLineOption firstPaint(QStringLiteral("first-paint"));
    firstPaint.setFlags(QCommandLineOption::HiddenFromHelp);
    return {
        {QStringLiteral("bench"), QStringLiteral("Measure how quick the window is here, against its aims, and exit.")},
        {QStringLiteral("json"), QStringLiteral("With --bench: one JSON object a line.")},
        firstPaint};
}

/// Prints each figure as it is known; 1 where an aim was missed.
int bench(common::ThemeController& theme, bool json)
{
    bool allMet = true;
    shell::benchWindow(theme, QCoreApplication::applicationFilePath(), [&](const shell::BenchFigure& figure) {
        std::printf("%s\n", qUtf8Printable(shell::benchLine(figure, json)));
        std::fflush(stdout);
        allMet = allMet && figure.isMet();
    });
    return allMet ? 0 : 1;
}

/// Tells of the window's first paint on stdout and ends the program.
class FirstPaint final : public QObject
{
public:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint && !m_said) {
            m_said = true;
            QMetaObject::invokeMethod(
                this,
                [] {
                    std::printf("painted\n");
                    std::fflush(stdout);
                    QCoreApplication::quit();
                },
                Qt::QueuedConnection);
        }
        return QObject::eventFilter(watched, event);
    }

private:
    bool m_said = false;
};

void readReport(const QCommandLineParser& parser, Request& request)
{
    request.report = parser.value(QStringLiteral("report"));
    for (const QString& name : parser.values(QStringLiteral("of")))
        request.choice.names.push_back(name.toStdString());
    request.choice.baseline = parser.value(QStringLiteral("baseline")).toStdString();
    for (const QString& contrast : parser.values(QStringLiteral("against")))
        request.choice.against.push_back(contrast.toStdString());
    request.choice.noteFile = parser.value(QStringLiteral("note")).toStdString();
    const QString test = parser.value(QStringLiteral("test"));
    if (test == QLatin1String("permutation"))
        request.choice.test = compare::TestKind::Permutation;
    else if (test != QLatin1String("student"))
        request.wrong = QStringLiteral("--test is student or permutation, not '%1'.").arg(test);
}

Request readArguments(const QApplication& application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Gradus: a workbench for superalignment experiments."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("WORKSPACE|FILE"),
                                 QStringLiteral("A workspace folder, an experiment (.toml) or a run store (.db)."),
                                 QStringLiteral("[WORKSPACE|FILE]"));
    const QString pages = shell::MainWindow::pageNames().join(QStringLiteral(", "));
    parser.addOption({QStringLiteral("page"),
                      QStringLiteral("Page to begin with: %1; compare/TAB for a tab.").arg(pages),
                      QStringLiteral("NAME")});
    parser.addOption({QStringLiteral("screenshot"), QStringLiteral("Render the page to a PNG file and exit."),
                      QStringLiteral("FILE.png")});
    parser.addOption({QStringLiteral("size"), QStringLiteral("Size of the screenshot."), QStringLiteral("WxH")});
    parser.addOption({QStringLiteral("theme"), QStringLiteral("light, dark or system."), QStringLiteral("THEME")});
    parser.addOption({QStringLiteral("rtl"), QStringLiteral("Lay the window out from right to left.")});
    parser.addOption({QStringLiteral("pseudo-locale"),
                      QStringLiteral("Accent and lengthen every text, to see what is cut or not translatable.")});
    parser.addOption(
        {QStringLiteral("work"), QStringLiteral("Begin to work through the queue, as its page's button does; "
                                                "the worker outlives the window.")});
    parser.addOption({QStringLiteral("report"), QStringLiteral("Write the report on an experiment and exit."),
                      QStringLiteral("FILE.pdf|FILE.html")});
    parser.addOption({QStringLiteral("plot"), QStringLiteral("Draw a view of Compare to --output and exit."),
                      QStringLiteral("VIEW.gradusview")});
    parser.addOption({QStringLiteral("output"), QStringLiteral("With --plot: the file; its ending says how."),
                      QStringLiteral("FILE.svg|png|pdf|csv|json|md|tex")});
    parser.addOption({QStringLiteral("of"),
                      QStringLiteral("With --report: an experiment by name or a run by id; may be repeated."),
                      QStringLiteral("NAME")});
    parser.addOption({QStringLiteral("baseline"),
                      QStringLiteral("With --report: condition to hold the others against."), QStringLiteral("LABEL")});
    parser.addOption({QStringLiteral("against"),
                      QStringLiteral("With --report: A=B holds A against B, too; may be repeated."),
                      QStringLiteral("A=B")});
    parser.addOption({QStringLiteral("test"), QStringLiteral("With --report: student or permutation."),
                      QStringLiteral("NAME"), QStringLiteral("student")});
    parser.addOption({QStringLiteral("note"), QStringLiteral("With --report: text file with your own conclusion."),
                      QStringLiteral("FILE")});
    parser.addOptions(benchOptions());
    Request request;
    if (!parser.parse(application.arguments())) {
        request.wrong = parser.errorText();
        return request;
    }
    if (parser.isSet(QStringLiteral("help"))) parser.showHelp(0);
    if (parser.isSet(QStringLiteral("version"))) parser.showVersion();
    if (parser.positionalArguments().size() > 1)
        request.wrong = QStringLiteral("One workspace or file at most can be opened; see --help.");
    request.path = parser.positionalArguments().value(0);
    request.page = parser.value(QStringLiteral("page"));
    const QString page = request.page.section(QLatin1Char('/'), 0, 0);
    if (!request.page.isEmpty() && !shell::MainWindow::pageNames().contains(page))
        request.wrong = QStringLiteral("There is no page '%1'; the pages are %2.").arg(page, pages);
    else if (page != request.page && !shell::Desk::tabsOf(page).contains(request.page.mid(page.size() + 1)))
        request.wrong = QStringLiteral("Page %1 has no tab '%2'.").arg(page, request.page.mid(page.size() + 1));
    request.screenshot = parser.value(QStringLiteral("screenshot"));
    request.rightToLeft = parser.isSet(QStringLiteral("rtl"));
    request.works = parser.isSet(QStringLiteral("work"));
    request.pseudo = parser.isSet(QStringLiteral("pseudo-locale"));
    readReport(parser, request);
    request.bench = parser.isSet(QStringLiteral("bench"));
    request.json = parser.isSet(QStringLiteral("json"));
    request.firstPaint = parser.isSet(QStringLiteral("first-paint"));
    if (request.json && !request.bench) request.wrong = QStringLiteral("--json goes with --bench.");
    request.plot = parser.value(QStringLiteral("plot"));
    request.output = parser.value(QStringLiteral("output"));
    if (!request.plot.isEmpty() && request.output.isEmpty())
        request.wrong = QStringLiteral("--plot needs --output FILE.");
    if (parser.isSet(QStringLiteral("size"))) {
        static const QRegularExpression pattern(QStringLiteral("^([1-9][0-9]{2,3})x([1-9][0-9]{2,3})$"));
        const auto match = pattern.match(parser.value(QStringLiteral("size")));
        if (!match.hasMatch())
            request.wrong = QStringLiteral("--size takes WIDTHxHEIGHT with 100 to 9999 each, such as 1440x900.");
        else
            request.size = QSize(match.captured(1).toInt(), match.captured(2).toInt());
    }
    if (parser.isSet(QStringLiteral("theme"))) {
        const QString name = parser.value(QStringLiteral("theme"));
        request.theme = common::themeFromName(name, common::Theme::System);
        if (name != QLatin1String(common::nameOf(*request.theme)))
            request.wrong = QStringLiteral("--theme is light, dark or system, not '%1'.").arg(name);
    }
    return request;
}

bool wantsNoDisplay(int argc, char** argv)
{
    if (qEnvironmentVariableIsSet("QT_QPA_PLATFORM") || qEnvironmentVariableIsSet("DISPLAY") ||
        qEnvironmentVariableIsSet("WAYLAND_DISPLAY"))
        return false;
    for (int i = 1; i < argc; ++i)
        for (const char* word : {"--screenshot", "-screenshot", "--report", "-report", "--plot", "-plot", "--help",
                                 "-h", "--version", "-v", "--bench", "-bench", "--first-paint"})
            if (std::strncmp(argv[i], word, std::strlen(word)) == 0) return true;
    return false;
}

} // namespace

int main(int argc, char** argv)
{
    if (wantsNoDisplay(argc, argv)) qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("gradus"));
    QApplication::setApplicationDisplayName(QString());
    QApplication::setOrganizationName(QStringLiteral("gradus"));
    QApplication::setApplicationVersion(QStringLiteral(GRADUS_VERSION));
    QSettings::setDefaultFormat(QSettings::IniFormat);

    const Request request = readArguments(application);
    if (!request.wrong.isEmpty()) return refuse(request.wrong);
    if (request.bench) {
        common::ThemeController theme(application, request.theme.value_or(common::Theme::Light));
        return bench(theme, request.json);
    }
    const auto workspace = shell::openWorkspace(request.path);
    if (!workspace) return refuse(QString::fromStdString(workspace.error().message), exitCode(workspace.error().kind));

    if (!request.report.isEmpty()) {
        report::ReportChoice choice = request.choice;
        choice.store = workspace->store.toStdString();
        const auto written = pages::writeReport(choice, request.report);
        return written ? 0 : refuse(QString::fromStdString(written.error().message), exitCode(written.error().kind));
    }
    if (!request.plot.isEmpty()) {
        common::ThemeController theme(application, request.theme.value_or(common::Theme::Light));
        const auto view = viewmodels::loadView(QFile::encodeName(request.plot).toStdString());
        const auto drawn = view ? pages::plotViewFile(workspace->store, *view, request.output, theme, kPlotLimitSeconds)
                                : Result<void>(view.error());
        return drawn ? 0 : refuse(QString::fromStdString(drawn.error().message), exitCode(drawn.error().kind));
    }
    if (request.rightToLeft) QApplication::setLayoutDirection(Qt::RightToLeft);
    shell::PseudoLocale pseudo;
    if (request.pseudo) QApplication::installTranslator(&pseudo);
    const bool picture = !request.screenshot.isEmpty() || request.firstPaint; // no state is read or kept
    const common::Theme kept =
        common::themeFromName(QSettings().value(QStringLiteral("theme")).toString(), common::Theme::System);
    common::ThemeController theme(application, request.theme.value_or(picture ? common::Theme::Light : kept));
    shell::MainWindow window(theme, *workspace, !picture);
    if (!request.page.isEmpty()) window.showPage(request.page);
    if (picture) window.resize(request.size);
    FirstPaint painted;
    if (request.firstPaint)
        for (QWidget* child : window.findChildren<QWidget*>())
            child->installEventFilter(&painted);
    window.show();
    if (request.firstPaint) return QApplication::exec();
    if (!picture && request.works) window.desk().workQueue();
    if (!picture) return QApplication::exec();
    const auto saved = shell::saveScreenshot(window, window.currentPage(), request.screenshot, kScreenshotLimitSeconds);
    if (!saved) return refuse(QString::fromStdString(saved.error().message), 1);
    return 0;
}
