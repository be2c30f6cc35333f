// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/status_line.h"

#include "common/number_text.h"

#include <QDir>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QThread>

namespace gradus::shell {

using common::Type;

namespace {

constexpr int kMessageMilliseconds = 8000;
constexpr int kPathWidth = 360;

QString withTilde(const QString& path)
{
    const QString home = QDir::homePath();
    return home != QLatin1String("/") && path.startsWith(home + QLatin1Char('/'))
               ? QLatin1Char('~') + path.mid(home.size())
               : path;
}

} // namespace

StatusLine::StatusLine(const common::ThemeController& theme, QWidget* parent)
    : QStatusBar(parent), m_theme(theme), m_dot(new QLabel(this)),
      m_message(new common::ElidedLabel({}, Qt::ElideRight, this))
{
    setSizeGripEnabled(false);
    setFixedHeight(26);
    setContentsMargins(8, 0, 8, 0);
    m_worker = common::makeLabel(tr("no run is training"), Type::Small, QStringLiteral("quiet"), this);
    const int cores = QThread::idealThreadCount();
    m_device = common::makeLabel(cores == 1 ? tr("CPU, 1 core") : tr("CPU, %1 cores").arg(cores), Type::Small,
                                 QStringLiteral("quiet"), this);
    m_store = common::makeLabel({}, Type::Small, QStringLiteral("quiet"), this);
    m_latency = common::makeLabel({}, Type::Small, QStringLiteral("quiet"), this);
    m_message->setFont(common::typeFont(Type::Small));
    auto* left = new QWidget(this);
    auto* row = new QHBoxLayout(left);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_dot);
    row->addWidget(m_worker);
    row->addSpacing(10);
    row->addWidget(m_device);
    addWidget(left);
    addWidget(m_message, 1);
    addPermanentWidget(m_store);
    addPermanentWidget(m_latency);
    m_latency->hide();
    m_messageTime.setSingleShot(true);
    connect(&m_messageTime, &QTimer::timeout, this, [this] { m_message->setFullText({}); });
    connect(&theme, &common::ThemeController::changed, this, &StatusLine::paintDot);
    paintDot();
}

void StatusLine::paintDot()
{
    const common::Tokens& t = m_theme.tokens();
    const QColor colour = m_failed ? t.danger : m_running ? t.ok : t.text3;
    m_dot->setPixmap(
        common::iconPixmap(m_running ? common::Icon::Disc : common::Icon::Circle, colour, 12, devicePixelRatioF()));
}

void StatusLine::setRuns(const QVector<store::RunRow>& runs)
{
    int running = 0;
    int queued = 0;
    const store::RunRow* first = nullptr;
    for (const store::RunRow& run : runs) {
        if (run.state == store::RunState::Running || run.state == store::RunState::Preparing) {
            ++running;
            if (!first) first = &run;
        }
        queued += run.state == store::RunState::Queued;
    }
    m_running = running > 0;
    QString text = running == 0   ? tr("no run is training")
                   : running == 1 ? tr("1 run training")
                                  : tr("%1 runs training").arg(running);
    if (first && first->generations > 0)
        text += QStringLiteral(" · ") +
                tr("generation %1 of %2").arg(std::max(1, first->generation)).arg(first->generations);
    if (queued > 0) text += QStringLiteral(" · ") + tr("%1 queued").arg(queued);
    m_worker->setText(text);
    if (!m_running) m_latency->hide();
    paintDot();
}

void StatusLine::setStore(const QString& path)
{
    m_path = path;
    m_bytes = 0;
    m_latency->hide();
    refreshStore();
}

void StatusLine::setStoreSize(qint64 bytes)
{
    m_bytes = bytes;
    refreshStore();
}

void StatusLine::refreshStore()
{
    const QString path = m_store->fontMetrics().elidedText(withTilde(m_path), Qt::ElideMiddle, kPathWidth);
    m_store->setText(m_bytes > 0 ? tr("store %1 · %2").arg(path, common::bytesText(m_bytes))
                                 : tr("store %1 · none yet").arg(path));
    m_store->setToolTip(common::plainTooltip(m_path));
}

void StatusLine::setLatency(double milliseconds)
{
    m_latency->setText(tr("latency %1 ms").arg(common::numberText(milliseconds, 0)));
    m_latency->setVisible(m_running);
}

void StatusLine::say(const QString& sentence, bool isFailure)
{
    common::setStyleProperty(*m_message, "tone", isFailure ? QStringLiteral("danger") : QStringLiteral("quiet"));
    m_message->setFullText(sentence);
    m_messageTime.start(kMessageMilliseconds);
}

} // namespace gradus::shell
