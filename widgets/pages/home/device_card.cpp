// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/home/device_card.h"

#include "common/controls.h"
#include "common/icons.h"

#include <QPainter>

#include <algorithm>

namespace gradus::pages {

using viewmodels::DeviceRow;

namespace {

constexpr int kRow = 18;
constexpr int kSide = 16;
constexpr int kTop = 10;
constexpr int kSubject = 74;

} // namespace

DeviceFindings::DeviceFindings(const common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("deviceFindings"));
}

void DeviceFindings::setReport(const viewmodels::DeviceReport& report)
{
    m_report = report;
    m_isRunning = false;
    QStringList lines;
    for (const DeviceRow& row : report.rows)
        lines << row.subject + QStringLiteral(": ") + row.sentence;
    setToolTip(common::plainTooltip(lines.join(QLatin1Char('\n'))));
    update();
}

void DeviceFindings::setRunning(bool running)
{
    m_isRunning = running;
    update();
}

QString DeviceFindings::words() const
{
    if (m_isRunning) return tr("A tiny run trains, is stored, stopped and\nresumed. This takes a few seconds.");
    if (!m_report.problem.isEmpty()) return m_report.problem;
    const int failed = m_report.countIn(DeviceRow::State::Failed);
    const int warned = m_report.countIn(DeviceRow::State::Warned);
    if (m_report.rows.isEmpty())
        return tr("Not tested yet. A tiny run trains, is stored,\nstopped and resumed to the same bits.");
    if (failed > 0) return tr("%n check(s) failed: runs are not to be trusted here.", nullptr, failed);
    if (warned > 0) return tr("Runs work here. %n part(s) are missing or limited.", nullptr, warned);
    return tr("Everything works: runs train, are stored, and\nresume to the same bits.");
}

void DeviceFindings::paintEvent(QPaintEvent*)
{
    const common::Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_report.rows.isEmpty()) {
        painter.setFont(common::typeFont(common::Type::Small));
        painter.setPen(tokens.text2);
        common::paintIcon(painter, QRectF(width() / 2.0 - 12, height() / 2.0 - 26, 24, 24), common::Icon::Device,
                          tokens.text2);
        painter.drawText(QRectF(kSide, height() / 2.0 + 4, width() - 2 * kSide, kRow), Qt::AlignCenter,
                         m_isRunning ? tr("testing…") : tr("not tested yet"));
        return;
    }
    // What is not as it should be comes first, then what was tried last: a run and its store.
    QVector<DeviceRow> rows = m_report.rows;
    std::reverse(rows.begin(), rows.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const DeviceRow& a, const DeviceRow& b) { return int(a.state) > int(b.state); });
    const int most = (height() - 2 * kTop) / kRow;
    for (int i = 0; i < std::min(most, int(rows.size())); ++i) {
        const QRect line(kSide, kTop + i * kRow, width() - 2 * kSide, kRow);
        const bool good = rows[i].state == DeviceRow::State::Good;
        const QColor colour = good                                        ? tokens.ok
                              : rows[i].state == DeviceRow::State::Warned ? tokens.warn
                                                                          : tokens.danger;
        common::paintIcon(painter, QRectF(line.left(), line.center().y() - 6, 13, 13),
                          good                                        ? common::Icon::Tick
                          : rows[i].state == DeviceRow::State::Warned ? common::Icon::TriangleWarning
                                                                      : common::Icon::Cross,
                          colour);
        painter.setFont(common::typeFont(common::Type::Chart));
        painter.setPen(tokens.text);
        const QRect subject(line.left() + 20, line.top(), kSubject, kRow);
        painter.drawText(subject, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(rows[i].subject, Qt::ElideRight, subject.width()));
        painter.setPen(tokens.text2);
        const QRect sentence = line.adjusted(20 + kSubject + 6, 0, 0, 0);
        painter.drawText(sentence, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(rows[i].sentence, Qt::ElideRight, sentence.width()));
    }
}

} // namespace gradus::pages
