// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/run_log.h"

#include "base/files.h"
#include "base/text.h"
#include "common/controls.h"
#include "pages/shared/run_look.h"
#include "viewmodels/launcher.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kLines = 400;
constexpr std::size_t kLongestLine = 2000;
constexpr int kTold = 60; ///< characters of the failure that its line is known by: the console may wrap the rest

QStringList tailOf(const QString& path)
{
    QStringList shown;
    for (const std::string& line : lastLines(QFile::encodeName(path).toStdString(), kLines))
        shown.append(QString::fromStdString(visible(line, kLongestLine)));
    return shown;
}

int lastWith(const QStringList& lines, const QString& words)
{
    if (words.isEmpty()) return -1;
    for (qsizetype i = lines.size(); i-- > 0;)
        if (lines[i].contains(words, Qt::CaseInsensitive)) return static_cast<int>(i);
    return -1;
}

QStringList candidates(const QString& workspace, const store::RunRow& run)
{
    const QString queued =
        QDir(workspace).filePath(QStringLiteral("logs/%1.log").arg(QString::fromStdString(run.uuid)));
    if (QFileInfo::exists(queued)) return {queued};
    const QDir folder(QDir(workspace).filePath(QStringLiteral("experiments")));
    const QString name = viewmodels::fileNameOf(QString::fromStdString(run.experimentName));
    QStringList found;
    // The process that made a branch writes under the name of the run it branched from.
    if (run.lineage && !run.lineage->superseded) {
        const QString parent = viewmodels::branchLogName(QString::fromStdString(run.lineage->parent));
        if (folder.exists(parent)) found.append(folder.absoluteFilePath(parent));
    }
    for (const QFileInfo& file : folder.entryInfoList({name + QStringLiteral("-*.toml.log")}, QDir::Files, QDir::Time))
        found.append(file.absoluteFilePath());
    return found;
}

} // namespace

RunLog readRunLog(const QString& workspace, const store::RunRow& run)
{
    const QString failure = QString::fromStdString(visible(run.failure, kLongestLine)).left(kTold);
    RunLog newest;
    for (const QString& path : candidates(workspace, run)) {
        const QStringList lines = tailOf(path);
        const int told = lastWith(lines, failure);
        if (!newest.path.isEmpty() && told < 0) continue;
        newest = {path, lines.join(QLatin1Char('\n')), told};
        if (told >= 0) return newest;
        const int error = lastWith(lines, QStringLiteral("error"));
        newest.errorLine = error >= 0 ? error : static_cast<int>(lines.size()) - 1;
    }
    return newest;
}

LogDialog::LogDialog(const QString& workspace, const store::RunRow& run, QWidget* parent)
    : QDialog(parent), m_job(this),
      m_place(common::makeLabel(tr("Reading the log."), common::Type::Small, QStringLiteral("quiet"), this)),
      m_lines(new QPlainTextEdit(this))
{
    setObjectName(QStringLiteral("logDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Log of %1").arg(nameOf(run)));
    resize(900, 520);
    m_place->setWordWrap(true);
    m_place->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_lines->setReadOnly(true);
    m_lines->setObjectName(QStringLiteral("logText"));
    m_lines->setAccessibleName(windowTitle());
    m_lines->setFont(common::typeFont(common::Type::MonoLog));
    m_lines->setLineWrapMode(QPlainTextEdit::NoWrap);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_place);
    column->addWidget(m_lines, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    m_job.start([workspace, run] { return readRunLog(workspace, run); }, [this](const RunLog& log) { show(log); });
}

void LogDialog::show(const RunLog& log)
{
    m_log = log;
    m_lines->setPlainText(log.text);
    if (log.path.isEmpty())
        m_place->setText(tr("No log was kept for this run: what it said went to the terminal that started it."));
    else
        m_place->setText(tr("%1, last %n lines", nullptr, m_lines->document()->blockCount()).arg(log.path));
    if (log.errorLine < 0) return;
    // The whole line is chosen, so that the eye finds it and it can be copied at once.
    QTextCursor cursor(m_lines->document()->findBlockByNumber(log.errorLine));
    cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    m_lines->setTextCursor(cursor);
    m_lines->centerCursor();
}

} // namespace gradus::pages
