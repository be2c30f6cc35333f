// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/home/devices_card.h"

#include "base/machine.h"
#include "common/number_text.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QStorageInfo>
#include <QThread>
#include <QVBoxLayout>

#include <cmath>

namespace gradus::pages {

using common::Type;

namespace {

constexpr int kSampleMilliseconds = 2000;

QByteArray readProc(const char* path)
{
    QFile file(QString::fromLatin1(path));
    return file.open(QIODevice::ReadOnly) ? file.read(1 << 16) : QByteArray();
}

/// Bytes of "Name:   123 kB" in /proc/meminfo.
qint64 kilobytesOf(const QByteArray& text, const char* name)
{
    const auto at = text.indexOf(name);
    if (at < 0) return 0;
    const QByteArray line = text.mid(at, text.indexOf('\n', at) - at);
    return line.mid(line.indexOf(':') + 1).trimmed().split(' ').value(0).toLongLong() * 1024;
}

qint64 bytesUnder(const QString& folder)
{
    qint64 bytes = 0;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        bytes += files.fileInfo().size();
    }
    return bytes;
}

/// The folder itself, or of what it will be made in: before the first start there is no workspace.
QString nearestFolder(const QString& folder)
{
    QDir at(folder);
    while (!at.exists()) {
        const QString up = QFileInfo(at.absolutePath()).path();
        if (up == at.absolutePath()) break;
        at.setPath(up);
    }
    return at.absolutePath();
}

int percent(qint64 part, qint64 whole)
{
    return whole > 0 ? int(std::lround(100.0 * double(part) / double(whole))) : 0;
}

} // namespace

MachineSample sampleMachine(const QString& workspaceFolder)
{
    MachineSample sample;
    sample.processor = QString::fromStdString(processorName());
    sample.cores = QThread::idealThreadCount();
    bool ok = false;
    const double load = readProc("/proc/loadavg").split(' ').value(0).toDouble(&ok);
    if (ok) sample.load = load;
    const QByteArray memory = readProc("/proc/meminfo");
    sample.memoryTotal = kilobytesOf(memory, "MemTotal");
    sample.memoryUsed = sample.memoryTotal - kilobytesOf(memory, "MemAvailable");
    const QStorageInfo disk(nearestFolder(workspaceFolder));
    sample.diskTotal = disk.bytesTotal();
    sample.diskFree = disk.bytesAvailable();
    sample.checkpoints = bytesUnder(workspaceFolder + QStringLiteral("/checkpoints"));
    return sample;
}

DevicesCard::DevicesCard(const common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_job(this)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_cpu = addBlock(*column, tr("CPU"));
    m_memory = addBlock(*column, tr("Memory"));
    m_disk = addBlock(*column, tr("Disk"));
    column->addStretch(1);
    paintIcons();
    m_timer.setInterval(kSampleMilliseconds);
    connect(&m_timer, &QTimer::timeout, this, &DevicesCard::sample);
    connect(&theme, &common::ThemeController::changed, this, &DevicesCard::paintIcons);
}

DevicesCard::Block DevicesCard::addBlock(QVBoxLayout& column, const QString& title)
{
    Block block;
    if (column.count() > 0) {
        auto* line = new QFrame(this);
        line->setProperty("line", "grid");
        column.addWidget(line);
    }
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 10, 12, 10);
    row->setSpacing(8);
    block.icon = new QLabel(this);
    block.icon->setFixedSize(16, 18);
    row->addWidget(block.icon, 0, Qt::AlignTop);
    auto* lines = new QVBoxLayout;
    lines->setSpacing(5);
    auto* first = new QHBoxLayout;
    block.title = common::makeLabel(title, Type::BodyMedium, {}, this);
    block.value = common::makeLabel(common::missingText(), Type::Small, QStringLiteral("quiet"), this);
    block.value->setFont(common::numericFont(Type::Small));
    first->addWidget(block.title);
    first->addStretch(1);
    first->addWidget(block.value);
    lines->addLayout(first);
    block.bar = new QProgressBar(this);
    block.bar->setTextVisible(false);
    block.bar->setRange(0, 100);
    block.bar->setAccessibleName(title);
    lines->addWidget(block.bar);
    block.words = new common::ElidedLabel({}, Qt::ElideRight, this);
    block.words->setFont(common::typeFont(Type::Small));
    block.words->setProperty("tone", "quiet");
    lines->addWidget(block.words);
    row->addLayout(lines, 1);
    column.addLayout(row);
    return block;
}

void DevicesCard::paintIcons()
{
    const QColor colour = m_theme.tokens().text2;
    m_cpu.icon->setPixmap(common::iconPixmap(common::Icon::Device, colour, 16, devicePixelRatioF()));
    m_memory.icon->setPixmap(common::iconPixmap(common::Icon::Database, colour, 16, devicePixelRatioF()));
    m_disk.icon->setPixmap(common::iconPixmap(common::Icon::Disk, colour, 16, devicePixelRatioF()));
}

void DevicesCard::setWorkspace(const QString& folder)
{
    m_folder = folder;
    if (isVisible()) sample();
}

void DevicesCard::setStoreSize(qint64 bytes)
{
    m_storeBytes = bytes;
    m_disk.words->setFullText(
        tr("store %1 · checkpoints %2").arg(common::bytesText(m_storeBytes), common::bytesText(m_checkpointBytes)));
}

void DevicesCard::setRunning(int runs)
{
    m_runs = runs;
}

void DevicesCard::sample()
{
    m_job.start([folder = m_folder] { return sampleMachine(folder); },
                [this](const MachineSample& sample) { showSample(sample); });
}

void DevicesCard::showSample(const MachineSample& sample)
{
    m_cpu.title->setText(tr("CPU, %n core(s)", nullptr, sample.cores)
                             .replace(QStringLiteral("(s)"), sample.cores == 1 ? QString() : QStringLiteral("s")));
    m_cpu.value->setText(sample.load < 0 ? common::missingText()
                                         : tr("load %1").arg(common::numberText(sample.load, 1)));
    m_cpu.bar->setValue(sample.cores > 0 ? std::min(100, int(100 * sample.load / sample.cores)) : 0);
    m_cpu.words->setFullText(sample.processor.isEmpty() ? tr("CPU only") : sample.processor);
    m_memory.value->setText(
        tr("%1 of %2").arg(common::bytesText(sample.memoryUsed), common::bytesText(sample.memoryTotal)));
    m_memory.bar->setValue(percent(sample.memoryUsed, sample.memoryTotal));
    m_memory.words->setFullText(m_runs == 0   ? tr("no run is training")
                                : m_runs == 1 ? tr("1 run is training")
                                              : tr("%1 runs are training").arg(m_runs));
    m_disk.value->setText(sample.diskFree < 0 ? common::missingText()
                                              : tr("%1 free").arg(common::bytesText(sample.diskFree)));
    m_disk.bar->setValue(percent(sample.diskTotal - sample.diskFree, sample.diskTotal));
    m_checkpointBytes = sample.checkpoints;
    setStoreSize(m_storeBytes);
}

void DevicesCard::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    sample();
    m_timer.start();
}

void DevicesCard::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_timer.stop();
}

} // namespace gradus::pages
