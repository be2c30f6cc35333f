// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/queue/run_report.h"

#include "base/files.h"
#include "base/text.h"
#include "common/controls.h"
#include "pages/shared/run_look.h"
#include "store/queue_order.h"
#include "viewmodels/failure_words.h"

#include <QFile>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>

namespace gradus::pages {

namespace {

constexpr int kCauseWidth = 360;

/// Plain text, every control character made visible. Any thread.
QString tailOf(const QString& log)
{
    QStringList shown;
    for (const std::string& line : lastLines(QFile::encodeName(log).toStdString(), RunReport::kLines))
        shown.append(QString::fromStdString(visible(line, 2000)));
    return shown.join(QLatin1Char('\n'));
}

} // namespace

RunReport::RunReport(QWidget* parent)
    : QFrame(parent), m_log(this), m_title(new common::ElidedLabel),
      m_sentence(common::makeLabel({}, common::Type::Body, QStringLiteral("quiet"))),
      m_kept(common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"))),
      m_retry(common::makeButton(tr("Retry from its last checkpoint"), QStringLiteral("primary"))),
      m_open(common::makeButton(tr("Open in Live"))), m_lines(new QPlainTextEdit)
{
    setProperty("panel", true);
    setObjectName(QStringLiteral("runReport"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 10, 16, 12);
    row->setSpacing(20);
    auto* left = new QWidget;
    left->setFixedWidth(kCauseWidth);
    auto* cause = new QVBoxLayout(left);
    cause->setContentsMargins(0, 0, 0, 0);
    cause->setSpacing(6);
    m_title->setFont(common::typeFont(common::Type::CardTitle));
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_sentence->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_retry);
    buttons->addWidget(m_open);
    buttons->addStretch();
    cause->addWidget(m_title);
    cause->addWidget(m_sentence, 1);
    cause->addLayout(buttons);
    auto* log = new QVBoxLayout;
    log->setSpacing(4);
    auto* head = new QHBoxLayout;
    head->addWidget(common::makeLabel(tr("Last log lines"), common::Type::SmallStrong));
    head->addStretch();
    head->addWidget(m_kept);
    m_lines->setReadOnly(true);
    m_lines->setObjectName(QStringLiteral("logLines"));
    m_lines->setAccessibleName(tr("Last log lines of the chosen run"));
    m_lines->setFont(common::typeFont(common::Type::MonoLog));
    m_lines->setLineWrapMode(QPlainTextEdit::NoWrap);
    log->addLayout(head);
    log->addWidget(m_lines, 1);
    row->addWidget(left);
    row->addLayout(log, 1);
    connect(m_retry, &QPushButton::clicked, this, &RunReport::retryRequested);
    connect(m_open, &QPushButton::clicked, this, &RunReport::openRequested);
    show(nullptr, {}, {});
}

void RunReport::show(const store::QueueRow* row, const QString& waitsFor, const QString& logs)
{
    m_retry->setVisible(row != nullptr && store::canRetry(*row));
    m_open->setVisible(row != nullptr && row->run.state != store::RunState::Queued);
    if (row == nullptr) {
        m_title->setFullText(tr("No run is chosen"));
        m_sentence->setText(tr("Choose a run to see why it waits or why it ended, and what it said last."));
        common::setStyleProperty(*m_title, "tone", QString());
        m_log.cancel();
        m_shownLog.clear();
        m_lines->clear();
        m_kept->clear();
        return;
    }
    const store::RunRow& run = row->run;
    m_retry->setText(run.progress > 0 ? tr("Retry from its last checkpoint") : tr("Retry"));
    const bool bad = run.state == store::RunState::Failed || run.state == store::RunState::Crashed;
    m_title->setFullText(nameOf(run) + QStringLiteral(": ") + wordOf(run.state));
    common::setStyleProperty(*m_title, "tone", bad ? QStringLiteral("danger") : QString());
    m_row = *row;
    m_waitsFor = waitsFor;
    refreshCause();
    readLog(logs + QLatin1Char('/') + QString::fromStdString(run.uuid) + QStringLiteral(".log"));
}

/// Called again when the log has come: a process that was killed leaves its reason there alone.
void RunReport::refreshCause()
{
    const store::RunRow& run = m_row.run;
    const viewmodels::FailureWords words =
        viewmodels::failureWords(m_row, m_lines->toPlainText().split(QLatin1Char('\n')));
    QStringList lines;
    if (words.cause.isEmpty())
        lines.append(m_waitsFor.isEmpty() ? QString::fromStdString(visible(run.activity, 400))
                                          : tr("It waits for: %1.").arg(m_waitsFor));
    else
        lines += {words.cause, words.kept, words.cure};
    if (m_row.attempts > 1) lines.append(tr("Processes started for it: %1.").arg(m_row.attempts));
    lines.removeAll(QString());
    m_sentence->setText(lines.join(QLatin1Char('\n')));
}

QString RunReport::causeText() const
{
    return m_sentence->text();
}

void RunReport::readLog(const QString& path)
{
    if (path != m_shownLog) m_lines->clear();
    m_shownLog = path;
    m_log.start([path] { return tailOf(path); },
                [this](const QString& text) {
                    const int count = text.isEmpty() ? 0 : static_cast<int>(text.count(QLatin1Char('\n'))) + 1;
                    m_kept->setText(count == 0 ? tr("it has said nothing yet") : tr("%1 shown").arg(count));
                    if (text == m_lines->toPlainText()) return;
                    m_lines->setPlainText(text);
                    m_lines->verticalScrollBar()->setValue(m_lines->verticalScrollBar()->maximum());
                    refreshCause();
                });
}

QString RunReport::logText() const
{
    return m_lines->toPlainText();
}

} // namespace gradus::pages
