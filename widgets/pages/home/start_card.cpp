// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/home/start_card.h"

#include <QHBoxLayout>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace gradus::pages {

using common::Type;

StartCard::StartCard(QWidget* preview, const QString& title, const QString& words, const QString& button,
                     const QString& shortcut, QWidget* parent)
    : QFrame(parent), m_preview(preview), m_words(common::makeLabel(words, Type::Small, QStringLiteral("quiet"), this)),
      m_button(common::makeButton(button, {}, this))
{
    setProperty("card", true);
    setFixedHeight(252);
    setMinimumWidth(260);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    preview->setParent(this);
    preview->setFixedHeight(131);
    preview->setCursor(Qt::PointingHandCursor);
    preview->setFocusPolicy(Qt::NoFocus); // the button does the same
    preview->installEventFilter(this);
    column->addWidget(preview);
    auto* line = new QFrame(this);
    line->setProperty("line", "grid");
    column->addWidget(line);

    auto* body = new QVBoxLayout;
    body->setContentsMargins(15, 11, 15, 12);
    body->setSpacing(2);
    body->addWidget(common::makeLabel(title, Type::CardTitle, {}, this));
    m_words->setWordWrap(true);
    m_words->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    body->addWidget(m_words, 1);
    auto* row = new QHBoxLayout;
    row->addWidget(m_button);
    row->addStretch(1);
    row->addWidget(common::makeLabel(shortcut, Type::Small, QStringLiteral("quiet"), this));
    body->addLayout(row);
    column->addLayout(body, 1);
    m_button->setAccessibleDescription(words);
    connect(m_button, &QPushButton::clicked, this, &StartCard::activated);
}

void StartCard::setWords(const QString& words)
{
    m_words->setText(words);
    m_button->setAccessibleDescription(words);
}

bool StartCard::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_preview && event->type() == QEvent::MouseButtonRelease &&
        static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton && m_button->isEnabled()) {
        Q_EMIT activated();
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

DropOutline::DropOutline(const common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {}

void DropOutline::setLines(const QString& first, const QString& second)
{
    m_first = first;
    m_second = second;
    update();
}

void DropOutline::paintEvent(QPaintEvent*)
{
    const common::Tokens& t = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(t.text3, 1);
    pen.setDashPattern({4, 3});
    painter.setPen(pen);
    painter.drawRoundedRect(QRectF(rect()).adjusted(15.5, 14.5, -15.5, -14.5), 6, 6);
    const double middle = height() / 2.0;
    common::paintIcon(painter, QRectF(width() / 2.0 - 12, middle - 36, 24, 24), common::Icon::Folder, t.text2);
    painter.setPen(t.text2);
    painter.setFont(common::typeFont(Type::Small));
    const QRectF line(24, middle - 4, width() - 48, 18);
    painter.drawText(line, Qt::AlignCenter,
                     painter.fontMetrics().elidedText(m_first, Qt::ElideMiddle, int(line.width())));
    painter.setFont(common::typeFont(Type::Chart));
    painter.drawText(line.translated(0, 18), Qt::AlignCenter,
                     painter.fontMetrics().elidedText(m_second, Qt::ElideMiddle, int(line.width())));
}

} // namespace gradus::pages
