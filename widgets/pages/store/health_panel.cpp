// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/store/health_panel.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "pages/store/size_bars.h"

#include <QAction>
#include <QClipboard>
#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMessageBox>
#include <QProgressBar>
#include <QScrollArea>
#include <QVBoxLayout>

namespace gradus::pages {

namespace {

constexpr int kTitleHeight = 40;
constexpr int kSectionHeight = 34;
constexpr int kRowHeight = 26;
constexpr int kTrashShown = 8;
enum FindingRow
{
    PagesRow,
    ReferencesRow,
    PyramidRow,
    SqliteRow,
};

void removeRows(QVBoxLayout& column)
{
    while (QLayoutItem* item = column.takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

} // namespace

HealthPanel::HealthPanel(viewmodels::StoreActs& acts, common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_acts(acts), m_theme(theme)
{
    setProperty("panel", true);
    setMinimumWidth(300);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* body = new QFrame;
    body->setProperty("panel", true);
    scroll->setWidget(body);
    outer->addWidget(scroll);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);

    addSection(*column, tr("Integrity"), &m_checkedAt);
    for (const QString& what : {tr("Pages and indices"), tr("References"), tr("Pyramid of points"), tr("SQLite")})
        addFinding(*column, what);
    m_progress = new QProgressBar;
    m_progress->setObjectName(QStringLiteral("checkProgress"));
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(4);
    m_progress->hide();
    column->addWidget(m_progress);
    QHBoxLayout* acts1 = common::addBar(*column, 40);
    m_check = addAct(*acts1, tr("Check now"), "checkNow", {QStringLiteral("store"), QStringLiteral("check")}, false);
    m_vacuum = addAct(*acts1, tr("Vacuum…"), "vacuum", {QStringLiteral("store"), QStringLiteral("vacuum")}, true);
    acts1->addStretch();
    acts1 = common::addBar(*column, 40);
    QPushButton* merge = addAct(*acts1, tr("Merge…"), "merge",
                                {QStringLiteral("store"), QStringLiteral("merge"), QStringLiteral("OTHER.db")}, true);
    QPushButton* imports =
        addAct(*acts1, tr("Import…"), "importRuns", {QStringLiteral("import"), QStringLiteral("FILE|FOLDER")}, true);
    acts1->addStretch();
    m_reason = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_reason->setObjectName(QStringLiteral("storeBlocked"));
    m_reason->setWordWrap(true);
    m_reason->setContentsMargins(12, 0, 12, 8);
    m_reason->hide();
    column->addWidget(m_reason);

    common::ElidedLabel* none = nullptr;
    addSection(*column, tr("Backups"), &none);
    none->setFullText(tr("beside the store"));
    m_backups = new QVBoxLayout;
    m_backups->setSpacing(0);
    column->addLayout(m_backups);
    QHBoxLayout* acts2 = common::addBar(*column, 40);
    QPushButton* backup = addAct(*acts2, tr("Back up…"), "backUp",
                                 {QStringLiteral("store"), QStringLiteral("backup"), QStringLiteral("COPY.db")}, false);
    QPushButton* restore =
        addAct(*acts2, tr("Restore…"), "restoreStore",
               {QStringLiteral("store"), QStringLiteral("restore"), QStringLiteral("COPY.db")}, false);
    acts2->addStretch();

    addSection(*column, tr("Size by run"), &m_total);
    m_sizes = new SizeBars(theme);
    column->addWidget(m_sizes);

    addSection(*column, tr("Trash"), &m_trashTotal);
    m_trash = new QVBoxLayout;
    m_trash->setSpacing(0);
    column->addLayout(m_trash);
    QHBoxLayout* acts3 = common::addBar(*column, 40);
    m_empty =
        addAct(*acts3, tr("Empty trash…"), "emptyTrash", {QStringLiteral("trash"), QStringLiteral("empty")}, true);
    acts3->addStretch();
    column->addStretch(1);

    connect(m_check, &QPushButton::clicked, this, &HealthPanel::checkAgain);
    connect(m_vacuum, &QPushButton::clicked, this, &HealthPanel::askVacuum);
    connect(merge, &QPushButton::clicked, this, &HealthPanel::askMerge);
    connect(imports, &QPushButton::clicked, this, &HealthPanel::importRequested);
    connect(backup, &QPushButton::clicked, this, &HealthPanel::askBackup);
    connect(restore, &QPushButton::clicked, this, &HealthPanel::askRestore);
    connect(m_empty, &QPushButton::clicked, this, &HealthPanel::askEmptyTrash);
    connect(&acts, &viewmodels::StoreActs::checkStep, this, [this](const QString& step, int done, int of) {
        m_progress->setRange(0, of);
        m_progress->setValue(done);
        m_checkedAt->setFullText(tr("checking %1").arg(step));
    });
    connect(&acts, &viewmodels::StoreActs::checked, this, &HealthPanel::checked);
    connect(&acts, &viewmodels::StoreActs::checkFailed, this, [this](const QString& sentence) {
        m_progress->hide();
        m_check->setText(tr("Check now"));
        m_checkedAt->setFullText(sentence);
    });
    connect(&acts, &viewmodels::StoreActs::actBegun, this, &HealthPanel::refreshButtons);
    connect(&acts, &viewmodels::StoreActs::actDone, this, &HealthPanel::refreshButtons);
    connect(&theme, &common::ThemeController::changed, this, &HealthPanel::paintIcons);
    clear();
}

QHBoxLayout* HealthPanel::addSection(QVBoxLayout& column, const QString& title, common::ElidedLabel** trailing)
{
    if (column.count() > 0) column.addWidget(common::makeLine(Qt::Horizontal));
    QHBoxLayout* row = common::addBar(column, column.count() == 0 ? kTitleHeight : kSectionHeight);
    row->addWidget(common::makeLabel(title, common::Type::SmallStrong));
    *trailing = new common::ElidedLabel;
    (*trailing)->setFont(common::typeFont(common::Type::Small));
    (*trailing)->setProperty("tone", "quiet");
    (*trailing)->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(*trailing, 1);
    column.addWidget(common::makeLine(Qt::Horizontal));
    return row;
}

QPushButton* HealthPanel::addAct(QHBoxLayout& row, const QString& text, const char* name, const QStringList& command,
                                 bool writes)
{
    QPushButton* button = common::makeButton(text);
    button->setObjectName(QLatin1String(name));
    button->setContextMenuPolicy(Qt::ActionsContextMenu);
    // Every act of this page is a command of gradus as well.
    auto* copy = new QAction(tr("Copy the command"), button);
    connect(copy, &QAction::triggered, this, [this, command] {
        QGuiApplication::clipboard()->setText(m_acts.command(command));
        Q_EMIT said(tr("Copied the command."), false);
    });
    button->addAction(copy);
    button->setToolTip(common::plainTooltip(QStringLiteral("gradus ") + command.join(QLatin1Char(' '))));
    row.addWidget(button);
    if (writes) m_writing.append(button);
    return button;
}

void HealthPanel::addFinding(QVBoxLayout& column, const QString& what)
{
    QHBoxLayout* row = common::addBar(column, kRowHeight);
    Finding finding{new QLabel, common::makeLabel(what, common::Type::Body), new common::ElidedLabel};
    finding.icon->setFixedWidth(16);
    finding.finding->setProperty("tone", "quiet");
    finding.finding->setFont(common::typeFont(common::Type::Small));
    finding.finding->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(finding.icon);
    row->addWidget(finding.what);
    row->addWidget(finding.finding, 1);
    m_findings.append(finding);
}

void HealthPanel::setFinding(int row, common::Icon icon, const QString& tone, const QString& text)
{
    m_findings[row].shape = icon;
    m_findings[row].tone = tone;
    m_findings[row].finding->setFullText(text);
    paintIcons();
}

void HealthPanel::paintIcons()
{
    const common::Tokens& t = m_theme.tokens();
    for (const Finding& finding : m_findings) {
        const QColor colour = finding.tone == QLatin1String("ok")     ? t.ok
                              : finding.tone == QLatin1String("warn") ? t.warn
                              : finding.tone.isEmpty()                ? t.text2
                                                                      : t.danger;
        finding.icon->setPixmap(common::iconPixmap(finding.shape, colour, 14, devicePixelRatioF()));
    }
}

QStringList HealthPanel::findings() const
{
    QStringList lines;
    for (const Finding& finding : m_findings)
        lines << finding.what->text() + QStringLiteral(": ") + finding.finding->fullText();
    return lines;
}

void HealthPanel::clear()
{
    m_known = false;
    m_state = {};
    m_progress->hide();
    m_check->setText(tr("Check now"));
    m_checkedAt->setFullText(tr("not checked yet"));
    for (int row = 0; row < m_findings.size(); ++row)
        setFinding(row, common::Icon::Circle, {}, tr("not checked yet"));
    m_findings[SqliteRow].finding->setFullText({});
    m_total->setFullText({});
    m_sizes->setRuns({});
    fillTrash();
    fillBackups();
    refreshButtons();
}

void HealthPanel::setState(const viewmodels::StoreState& state)
{
    m_known = true;
    m_state = state;
    const store::StoreFacts& facts = state.facts;
    setFinding(SqliteRow, common::Icon::TickCircle, QStringLiteral("ok"),
               tr("%1, %2, log %3")
                   .arg(QString::fromStdString(facts.sqlite), QString::fromStdString(facts.journal),
                        viewmodels::sizeText(double(facts.walBytes))));
    m_total->setFullText(
        tr("%1 in %2")
            .arg(viewmodels::sizeText(double(facts.bytes)), QString::fromStdString(counted(facts.runs.size(), "run"))));
    m_vacuum->setText(facts.freeBytes > 0 ? tr("Vacuum, frees %1…").arg(viewmodels::sizeText(double(facts.freeBytes)))
                                          : tr("Vacuum…"));
    m_sizes->setRuns(facts.runs);
    fillTrash();
    fillBackups();
    refreshButtons();
}

void HealthPanel::setBlocked(const QString& reason)
{
    m_blocked = reason;
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
    refreshButtons();
}

void HealthPanel::refreshButtons()
{
    const bool may = m_blocked.isEmpty() && m_known && !m_acts.isActing();
    for (QPushButton* button : m_writing)
        button->setEnabled(may);
    m_empty->setEnabled(may && !m_state.trash.empty());
    m_check->setEnabled(m_known);
    for (QPushButton* button : findChildren<QPushButton*>(QStringLiteral("restoreRun")))
        button->setEnabled(may);
    if (auto* backup = findChild<QPushButton*>(QStringLiteral("backUp")))
        backup->setEnabled(m_known && !m_acts.isActing());
    // A store that cannot be read any more is what backups are for.
    const bool mayRestore = !m_acts.isActing() && !m_acts.store().isEmpty();
    if (auto* restore = findChild<QPushButton*>(QStringLiteral("restoreStore"))) restore->setEnabled(mayRestore);
    for (QPushButton* button : findChildren<QPushButton*>(QStringLiteral("restoreBackup")))
        button->setEnabled(mayRestore);
}

void HealthPanel::fillBackups()
{
    removeRows(*m_backups);
    const QFileInfo store(m_acts.store());
    const QFileInfoList files = store.fileName().isEmpty()
                                    ? QFileInfoList()
                                    : QDir(store.absolutePath())
                                          .entryInfoList({store.fileName() + QStringLiteral(".*backup*"),
                                                          store.completeBaseName() + QStringLiteral("-backup-*.db")},
                                                         QDir::Files, QDir::Time);
    const double now = double(QDateTime::currentMSecsSinceEpoch()) / 1000;
    for (const QFileInfo& file : files.mid(0, kTrashShown)) {
        QHBoxLayout* row = common::addBar(*m_backups, kRowHeight);
        auto* name = new common::ElidedLabel(file.fileName(), Qt::ElideMiddle);
        row->addWidget(name, 1);
        row->addWidget(
            common::makeLabel(common::momentText(double(file.lastModified().toMSecsSinceEpoch()) / 1000, now),
                              common::Type::Small, QStringLiteral("quiet")));
        row->addWidget(
            common::makeLabel(viewmodels::sizeText(double(file.size())), common::Type::Small, QStringLiteral("quiet")));
        QPushButton* restore = common::makeButton(tr("Restore"), QStringLiteral("link"));
        restore->setObjectName(QStringLiteral("restoreBackup"));
        const QString path = file.absoluteFilePath();
        restore->setToolTip(m_acts.command({QStringLiteral("store"), QStringLiteral("restore"), path}));
        connect(restore, &QPushButton::clicked, this, [this, path] { this->restore(path); });
        row->addWidget(restore);
    }
    if (files.isEmpty())
        common::addBar(*m_backups, kRowHeight)
            ->addWidget(common::makeLabel(tr("None yet"), common::Type::Body, QStringLiteral("quiet")));
}

void HealthPanel::fillTrash()
{
    removeRows(*m_trash);
    const double now = double(QDateTime::currentMSecsSinceEpoch()) / 1000;
    int shown = 0;
    for (const store::TrashedRun& run : m_state.trash) {
        if (shown++ == kTrashShown) break;
        QHBoxLayout* row = common::addBar(*m_trash, kRowHeight + 2);
        const std::string name =
            (run.condition.empty() ? run.experimentName : run.condition) + ", seed " + std::to_string(run.seed);
        row->addWidget(new common::ElidedLabel(QString::fromStdString(visible(name, 120))), 1);
        row->addWidget(
            common::makeLabel(common::momentText(run.trashedAt, now), common::Type::Small, QStringLiteral("quiet")));
        QPushButton* restore = common::makeButton(tr("Restore"), QStringLiteral("link"));
        restore->setObjectName(QStringLiteral("restoreRun"));
        const QString uuid = QString::fromStdString(run.uuid);
        restore->setToolTip(m_acts.command({QStringLiteral("trash"), QStringLiteral("restore"), uuid.left(8)}));
        connect(restore, &QPushButton::clicked, this, [this, uuid] { m_acts.restore({uuid}); });
        row->addWidget(restore);
    }
    m_trashTotal->setFullText(m_state.trash.empty() ? tr("empty")
                                                    : QString::fromStdString(counted(m_state.trash.size(), "run")));
}

void HealthPanel::checkAgain()
{
    if (m_acts.isChecking()) {
        m_acts.cancelCheck();
        return;
    }
    m_progress->setRange(0, 4);
    m_progress->setValue(0);
    m_progress->show();
    m_check->setText(tr("Stop check"));
    m_acts.check();
}

void HealthPanel::checked(const store::CheckReport& report, double seconds)
{
    m_progress->hide();
    m_check->setText(tr("Check now"));
    m_checkedAt->setFullText(
        tr("checked %1, took %2")
            .arg(QTime::currentTime().toString(QStringLiteral("HH:mm")),
                 seconds < 0.95 ? tr("%1 ms").arg(qRound(seconds * 1000)) : tr("%1 s").arg(seconds, 0, 'f', 1)));
    int references = 0;
    QString damage;
    for (const std::string& sentence : report.damage) {
        if (sentence.find("refer to a missing row") != std::string::npos)
            ++references;
        else if (damage.isEmpty())
            damage = QString::fromStdString(visible(sentence, 200));
    }
    setFinding(PagesRow, damage.isEmpty() ? common::Icon::TickCircle : common::Icon::CrossCircle,
               damage.isEmpty() ? QStringLiteral("ok") : QStringLiteral("danger"),
               damage.isEmpty() ? tr("no fault in %1").arg(viewmodels::sizeText(double(report.bytes))) : damage);
    setFinding(ReferencesRow, references == 0 ? common::Icon::TickCircle : common::Icon::CrossCircle,
               references == 0 ? QStringLiteral("ok") : QStringLiteral("danger"),
               references == 0 ? tr("0 broken") : tr("%1 tables with broken ones").arg(references));
    setFinding(PyramidRow, report.pyramidIsRight ? common::Icon::TickCircle : common::Icon::TriangleWarning,
               report.pyramidIsRight ? QStringLiteral("ok") : QStringLiteral("warn"),
               report.pyramidIsRight ? tr("matches %1 points").arg(QLocale().toString(qlonglong(report.points)))
                                     : tr("wrong; gradus store check --repair rebuilds it"));
    if (!report.damage.empty())
        Q_EMIT said(tr("The store is damaged: %1 Go back to a backup.")
                        .arg(QString::fromStdString(visible(report.damage.front(), 200))),
                    true);
}

void HealthPanel::askBackup()
{
    const QFileInfo store(m_acts.store());
    const QString name =
        store.absolutePath() + QLatin1Char('/') + store.completeBaseName() + QStringLiteral("-backup-") +
        QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss")) + QStringLiteral(".db");
    const QString target = QFileDialog::getSaveFileName(this, tr("Back up"), name, tr("Run stores (*.db)"));
    if (!target.isEmpty()) m_acts.backup(target);
}

void HealthPanel::askRestore()
{
    const QString backup = QFileDialog::getOpenFileName(this, tr("Restore"), QFileInfo(m_acts.store()).absolutePath(),
                                                        tr("Run stores (*.db *backup*);;All (*)"));
    if (!backup.isEmpty()) restore(backup);
}

void HealthPanel::restore(const QString& backup)
{
    const auto answer =
        QMessageBox::question(this, tr("Restore"),
                              tr("Put %1 in the place of %2? The store as it is now is kept beside it.")
                                  .arg(QFileInfo(backup).fileName(), QFileInfo(m_acts.store()).fileName()));
    if (answer == QMessageBox::Yes) m_acts.restoreBackup(backup);
}

void HealthPanel::askMerge()
{
    const QString other = QFileDialog::getOpenFileName(this, tr("Merge the runs of"), {}, tr("Run stores (*.db)"));
    if (!other.isEmpty()) m_acts.merge(other);
}

void HealthPanel::askVacuum()
{
    const auto answer = QMessageBox::question(
        this, tr("Vacuum"),
        tr("Rewrite %1 without unused pages? Nothing else may write to it meanwhile; it frees about %2.")
            .arg(QFileInfo(m_acts.store()).fileName(), viewmodels::sizeText(double(m_state.facts.freeBytes))));
    if (answer == QMessageBox::Yes) m_acts.vacuum();
}

void HealthPanel::askEmptyTrash()
{
    const auto answer = QMessageBox::question(this, tr("Empty trash"),
                                              tr("Remove %1 for good? This cannot be undone. Checkpoint files stay.")
                                                  .arg(QString::fromStdString(counted(m_state.trash.size(), "run"))));
    if (answer == QMessageBox::Yes) m_acts.emptyTrash();
}

} // namespace gradus::pages
