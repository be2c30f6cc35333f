// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/home/five_minutes.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

using common::Type;

namespace {

constexpr int kMarkSide = 20;

QPixmap ringWithNumber(int number, bool current, const common::Tokens& t, qreal ratio)
{
    QPixmap image(QSize(kMarkSide, kMarkSide) * ratio);
    image.setDevicePixelRatio(ratio);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(current ? t.accent : t.text2, 1));
    painter.setBrush(current ? QBrush(t.accent) : QBrush(Qt::NoBrush));
    painter.drawEllipse(QRectF(1, 1, kMarkSide - 2, kMarkSide - 2));
    painter.setFont(common::numericFont(Type::ChartStrong));
    painter.setPen(current ? t.onAccent : t.text2);
    painter.drawText(QRectF(0, 0, kMarkSide, kMarkSide), Qt::AlignCenter, QString::number(number));
    return image;
}

} // namespace

FiveMinutes::FiveMinutes(const common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_count(common::makeLabel({}, Type::Small, QStringLiteral("quiet"), this))
{
    setProperty("card", true);
    setFixedHeight(64);
    auto* row = new QHBoxLayout(this);
    m_row = row;
    row->setContentsMargins(1, 1, 1, 1);
    row->setSpacing(0);
    auto* title = new QVBoxLayout;
    title->setContentsMargins(15, 0, 12, 0);
    title->setSpacing(0);
    title->addStretch(1);
    title->addWidget(common::makeLabel(tr("Five minutes"), Type::BodyStrong, {}, this));
    title->addWidget(m_count);
    title->addStretch(1);
    row->addLayout(title);
    addCell(*row, FirstStep::DragPoint, tr("Drag a point"), tr("on the gap curve"), tr("Draw"));
    addCell(*row, FirstStep::Preflight, tr("Preflight"), tr("time, memory, disk"), tr("Check"));
    addCell(*row, FirstStep::LaunchDemo, tr("Launch the demo"), tr("tiny ladder, on the CPU"), tr("Launch"));
    addCell(*row, FirstStep::SeeLive, tr("See it live"), tr("utility, imitation, entropy"), tr("Watch"));
    addCell(*row, FirstStep::CompareExample, tr("Compare"), tr("the example's runs"), tr("Compare"));
    row->addWidget(common::makeLine(Qt::Vertical, this));
    auto* hide = common::makeButton(tr("Hide for ever"), QStringLiteral("quiet"), this);
    hide->setToolTip(tr("Help > First steps brings them back"));
    row->addSpacing(8);
    row->addWidget(hide);
    row->addSpacing(8);
    connect(hide, &QPushButton::clicked, this, &FiveMinutes::hideRequested);
    connect(&theme, &common::ThemeController::changed, this, &FiveMinutes::refresh);
    refresh();
}

void FiveMinutes::addCell(QHBoxLayout& row, FirstStep step, const QString& title, const QString& words,
                          const QString& button)
{
    row.addWidget(common::makeLine(Qt::Vertical, this));
    Cell& cell = m_cells[std::size_t(step)];
    cell.frame = new QFrame(this);
    auto* line = new QHBoxLayout(cell.frame);
    line->setContentsMargins(10, 0, 10, 0);
    line->setSpacing(8);
    cell.mark = new QLabel(cell.frame);
    cell.mark->setFixedSize(kMarkSide, kMarkSide);
    line->addWidget(cell.mark);
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    column->addStretch(1);
    cell.title = new common::ElidedLabel(title, Qt::ElideRight, cell.frame);
    cell.title->setFont(common::typeFont(Type::Body));
    cell.words = new common::ElidedLabel(words, Qt::ElideRight, cell.frame);
    cell.words->setFont(common::typeFont(Type::Small));
    cell.words->setProperty("tone", "quiet");
    column->addWidget(cell.title);
    column->addWidget(cell.words);
    column->addStretch(1);
    line->addLayout(column, 1);
    cell.button = common::makeButton(button, QStringLiteral("primary"), cell.frame);
    line->addWidget(cell.button);
    row.addWidget(cell.frame, 4);
    connect(cell.button, &QPushButton::clicked, this, [this, step] { Q_EMIT stepActivated(step); });
}

void FiveMinutes::setDone(FirstStep step, bool done)
{
    m_cells[std::size_t(step)].done = done;
    refresh();
}

bool FiveMinutes::isComplete() const
{
    return std::all_of(m_cells.begin(), m_cells.end(), [](const Cell& cell) { return cell.done; });
}

void FiveMinutes::setLaunchBlocked(const QString& reason)
{
    m_blocked = reason;
    refresh();
}

void FiveMinutes::refresh()
{
    const common::Tokens& t = m_theme.tokens();
    int done = 0;
    bool currentFound = false;
    for (std::size_t i = 0; i < m_cells.size(); ++i) {
        Cell& cell = m_cells[i];
        const bool current = !cell.done && !currentFound;
        currentFound = currentFound || current;
        done += cell.done;
        cell.mark->setPixmap(cell.done
                                 ? common::iconPixmap(common::Icon::TickCircle, t.ok, kMarkSide, devicePixelRatioF())
                                 : ringWithNumber(int(i) + 1, current, t, devicePixelRatioF()));
        common::setStyleProperty(*cell.frame, "step", current ? QStringLiteral("current") : QString());
        common::setStyleProperty(*cell.title, "tone", cell.done ? QStringLiteral("quiet") : QString());
        cell.title->setFont(common::typeFont(current ? Type::BodyStrong : Type::Body));
        cell.button->setVisible(current);
        m_row->setStretchFactor(cell.frame, current ? 5 : 4); // room for its button
        const bool blocked = FirstStep(i) == FirstStep::LaunchDemo && !m_blocked.isEmpty();
        cell.button->setEnabled(!blocked);
        cell.button->setToolTip(blocked ? m_blocked : QString());
    }
    m_count->setText(tr("%1 of %2 done").arg(done).arg(kFirstSteps));
}

} // namespace gradus::pages
