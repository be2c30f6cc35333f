// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/page_dialog.h"

#include "common/controls.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

using viewmodels::PageMaker;

namespace {

constexpr int kWidth = 560;
constexpr int kNumberWidth = 120;

QLabel* wrapped(const QString& tone)
{
    QLabel* label = common::makeLabel({}, common::Type::Small, tone);
    label->setWordWrap(true);
    return label;
}

} // namespace

const QVector<PageKind>& pageKinds()
{
    static const QString web = PageDialog::tr("Web page (*.html)");
    static const QVector<PageKind> kinds{
        {.verb = QStringLiteral("report"),
         .title = PageDialog::tr("Report"),
         .about =
             PageDialog::tr("Question, answer, figures, tables, what was left out, and the files to run it again."),
         .endings = web + PageDialog::tr(";;Document (*.pdf)")},
        {.verb = QStringLiteral("forecast"),
         .title = PageDialog::tr("Forecast"),
         .about =
             PageDialog::tr("What these runs say of larger rungs, beside how such forecasts did on rungs held out; "
                            "a ladder to the largest rung, its compute and its cost."),
         .fields =
             {{QStringLiteral("--target"), PageDialog::tr("Largest rung, log10 of parameters"), QStringLiteral("13"),
               QStringLiteral("13")},
              {QStringLiteral("--hour-price"), PageDialog::tr("Price of a device hour"), {}, PageDialog::tr("no cost")},
              {QStringLiteral("--hour-flop"), PageDialog::tr("Operations of a device hour"), QStringLiteral("1.4e18"),
               QStringLiteral("1.4e18")}},
         .endings = web},
        {.verb = QStringLiteral("beyond"),
         .title = PageDialog::tr("Beyond the judge"),
         .about =
             PageDialog::tr("Generations are judged on items that their supervisors cannot check: by easier items, "
                            "by the trend, by each other. Truth is known here and measures each judge. Weights of "
                            "every generation are asked, which takes a while."),
         .fields = {{QStringLiteral("--items"), PageDialog::tr("Items of each difficulty"), QStringLiteral("500"),
                     QStringLiteral("500")}},
         .endings = web,
         .countsUp = true},
        {.verb = QStringLiteral("containment"),
         .title = PageDialog::tr("Containment studies"),
         .about = PageDialog::tr("What the containment studies among these runs found: ways out by level, what is "
                                 "elicited, everyday tasks, and how alike levels are; several beside each other."),
         .endings = web}};
    return kinds;
}

PageDialog::PageDialog(const PageKind& kind, PageMaker& maker, QWidget* parent)
    : QDialog(parent), m_kind(kind), m_maker(maker)
{
    setObjectName(kind.verb + QStringLiteral("Dialog"));
    setWindowTitle(kind.title);
    setFixedWidth(kWidth);
    build();
    connect(&m_maker, &PageMaker::progressed, this, &PageDialog::showProgress);
    connect(&m_maker, &PageMaker::ended, this, &PageDialog::ended);
    refresh();
}

void PageDialog::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(10);
    m_about = wrapped({});
    column->addWidget(m_about);
    QLabel* what = wrapped(QStringLiteral("quiet"));
    what->setText(m_kind.about);
    column->addWidget(what);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(8);
    for (const PageField& field : std::as_const(m_kind.fields)) {
        auto* line = new QLineEdit(field.value);
        line->setObjectName(field.option);
        line->setPlaceholderText(field.ifEmpty);
        line->setFixedWidth(kNumberWidth);
        line->setAccessibleName(field.label);
        m_fields.append(line);
        form->addRow(field.label, line);
    }
    column->addLayout(form);
    buildFile(*column);
    m_bar = new QProgressBar;
    m_bar->setObjectName(QStringLiteral("pageProgress"));
    m_bar->setAccessibleName(tr("Progress"));
    m_bar->setTextVisible(false);
    column->addWidget(m_bar);
    auto* result = new QHBoxLayout;
    m_words = wrapped({});
    m_words->setObjectName(QStringLiteral("pageWords"));
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    result->addWidget(m_words, 1);
    m_open = common::makeButton(tr("Open"), QStringLiteral("link"));
    m_open->setObjectName(QStringLiteral("openPage"));
    m_open->setAutoDefault(false);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (!QDesktopServices::openUrl(QUrl::fromLocalFile(m_made)))
            showWords(tr("No program could be found that opens %1.").arg(m_made), "danger");
    });
    result->addWidget(m_open, 0, Qt::AlignTop);
    column->addLayout(result);
    auto* buttons = new QHBoxLayout;
    QPushButton* copy = common::makeButton(tr("Copy command"), QStringLiteral("quiet"));
    copy->setObjectName(QStringLiteral("copyPageCommand"));
    copy->setAutoDefault(false);
    connect(copy, &QPushButton::clicked, this, [this] {
        const QString line = viewmodels::commandLineOf(order());
        QGuiApplication::clipboard()->setText(line);
        showWords(tr("The command is copied."), "quiet");
        Q_EMIT said(tr("Copied: %1").arg(line), false);
    });
    buttons->addWidget(copy);
    buttons->addStretch();
    m_cancel = common::makeButton(tr("Cancel"));
    m_cancel->setObjectName(QStringLiteral("cancelPage"));
    m_cancel->setAutoDefault(false);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_maker.cancel();
        showWords(tr("Stopping…"), "quiet");
    });
    buttons->addWidget(m_cancel);
    m_write = common::makeButton(tr("Write"), QStringLiteral("primary"));
    m_write->setObjectName(QStringLiteral("writePage"));
    m_write->setDefault(true);
    connect(m_write, &QPushButton::clicked, this, &PageDialog::start);
    buttons->addWidget(m_write);
    column->addLayout(buttons);
}

void PageDialog::buildFile(QVBoxLayout& column)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_file = new QLineEdit;
    m_file->setObjectName(QStringLiteral("pageFile"));
    m_file->setAccessibleName(tr("File"));
    QLabel* label = common::makeLabel(tr("File"), common::Type::Body);
    label->setBuddy(m_file);
    row->addWidget(label);
    row->addWidget(m_file, 1);
    QPushButton* other = common::makeButton(tr("Browse…"));
    other->setAutoDefault(false);
    connect(other, &QPushButton::clicked, this, &PageDialog::browse);
    row->addWidget(other);
    column.addLayout(row);
    m_replaces = wrapped(QStringLiteral("warn"));
    m_replaces->setText(tr("There is a file of this name; it will be replaced."));
    column.addWidget(m_replaces);
    connect(m_file, &QLineEdit::textChanged, this, &PageDialog::refresh);
}

void PageDialog::setRuns(const QString& words, const QString& store, const QStringList& runs,
                         const QStringList& options)
{
    m_about->setText(words);
    if (store != m_store || m_file->text().isEmpty()) // files of another workspace lie there
        m_file->setText(QFileInfo(store).absoluteDir().filePath(m_kind.verb + QStringLiteral(".html")));
    m_store = store;
    m_runs = runs;
    m_options = options;
    refresh();
}

viewmodels::PageOrder PageDialog::order() const
{
    viewmodels::PageOrder order{.verb = m_kind.verb,
                                .store = m_store,
                                .runs = m_runs,
                                .options = m_options,
                                .file = QFileInfo(m_store).absoluteDir().absoluteFilePath(m_file->text().trimmed()),
                                .countsUp = m_kind.countsUp};
    for (qsizetype i = 0; i < m_fields.size(); ++i) {
        const QString value = m_fields[i]->text().trimmed();
        // In one word: a value that begins with a dash is no option.
        if (!value.isEmpty()) order.options << m_kind.fields[i].option + QLatin1Char('=') + value;
    }
    return order;
}

void PageDialog::browse()
{
    const QString file = QFileDialog::getSaveFileName(this, m_kind.title, m_file->text(), m_kind.endings);
    if (!file.isEmpty()) m_file->setText(file);
}

void PageDialog::start()
{
    m_made.clear();
    m_bar->setRange(0, 1);
    m_bar->setValue(0);
    showWords(tr("Being written…"), "quiet");
    m_maker.make(order()); // which may end at once, with words of its own
    refresh();
    m_cancel->setFocus(); // else the focus of a field that is locked goes to whatever comes next
}

void PageDialog::showProgress(int done, int all)
{
    m_bar->setRange(0, std::max(1, all));
    m_bar->setValue(done);
    showWords(tr("Asked %1 of %2 generations").arg(done).arg(all), "quiet");
}

void PageDialog::ended(PageMaker::End end, const QString& words)
{
    const bool made = end == PageMaker::End::Made;
    if (made) m_made = words;
    const QString sentence = made                               ? tr("Written: %1").arg(words)
                             : end == PageMaker::End::Cancelled ? tr("Stopped; nothing was written.")
                                                                : words;
    showWords(sentence, end == PageMaker::End::Refused ? "danger" : made ? "ok" : "quiet");
    const bool held = m_cancel->hasFocus();
    refresh();
    if (held) m_write->setFocus();
    Q_EMIT said(sentence, end == PageMaker::End::Refused);
}

void PageDialog::showWords(const QString& words, const char* tone)
{
    common::setStyleProperty(*m_words, "tone", QLatin1String(tone));
    m_words->setText(words);
    m_words->setVisible(!words.isEmpty());
    adjustSize();
}

void PageDialog::refresh()
{
    const bool running = m_maker.isRunning();
    const QString file = order().file;
    m_bar->setVisible(running && m_kind.countsUp);
    m_words->setVisible(!m_words->text().isEmpty());
    m_cancel->setVisible(running);
    m_open->setVisible(!running && !m_made.isEmpty());
    m_replaces->setVisible(!running && file != m_made && QFileInfo(file).isFile());
    m_write->setEnabled(!running && !m_runs.isEmpty() && !m_file->text().trimmed().isEmpty());
    m_write->setToolTip(m_runs.isEmpty() ? tr("Choose runs at the left first") : QString());
    for (QLineEdit* field : std::as_const(m_fields))
        field->setEnabled(!running);
    m_file->setEnabled(!running);
    adjustSize();
}

} // namespace gradus::pages
