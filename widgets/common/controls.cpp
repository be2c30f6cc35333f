// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/controls.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QResizeEvent>
#include <QStyle>
#include <QToolButton>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace gradus::common {

void setStyleProperty(QWidget& widget, const char* name, const QVariant& value)
{
    if (widget.property(name) == value) return;
    widget.setProperty(name, value);
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
    widget.update();
}

void keepLeftToRight(QWidget& widget)
{
    widget.setLayoutDirection(Qt::LeftToRight);
}

namespace {

/// Fits again when the header is shown: the style sheet decides on font and padding, and it may come with the window.
class SectionFit final : public QObject
{
public:
    SectionFit(QHeaderView& header, int section, int width)
        : QObject(&header), m_header(header), m_section(section), m_width(width)
    {
        header.installEventFilter(this);
        fit();
    }

    int section() const { return m_section; }
    void setWidth(int width)
    {
        m_width = width;
        if (!m_shown) fit();
    }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Show && !m_shown) {
            m_shown = true; // what a person makes of it later is theirs
            fit();
        }
        return QObject::eventFilter(watched, event);
    }

private:
    void fit()
    {
        constexpr int kAround = 10;
        m_header.ensurePolished();
        const QString title = m_header.model()->headerData(m_section, m_header.orientation()).toString();
        const int needed =
            std::max(m_header.fontMetrics().horizontalAdvance(title) + kAround, m_header.sectionSizeHint(m_section));
        m_header.resizeSection(m_section, std::max(m_width, needed));
    }

    QHeaderView& m_header;
    int m_section;
    int m_width;
    bool m_shown = false;
};

} // namespace

void fitSection(QHeaderView& header, int section, int width)
{
    for (QObject* child : header.children())
        if (auto* fit = dynamic_cast<SectionFit*>(child); fit != nullptr && fit->section() == section)
            return fit->setWidth(width);
    new SectionFit(header, section, width); // the header owns it
    QVariantList fitted = header.property("fittedSections").toList();
    header.setProperty("fittedSections", fitted << section);
}

QString plainTooltip(const QString& text)
{
    return Qt::mightBeRichText(text) ? QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped()) : text;
}

void showTip(const QHelpEvent& asked, const QString& text, QWidget* widget)
{
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(asked.globalPos(), plainTooltip(text), widget);
}

ChipLabel::ChipLabel(const QString& text, const QString& tone, QWidget* parent) : QLabel(text, parent)
{
    setTextFormat(Qt::PlainText);
    setProperty("chip", tone);
    setAlignment(Qt::AlignCenter);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

void ChipLabel::setTone(const QString& tone)
{
    setStyleProperty(*this, "chip", tone);
}

ElidedLabel::ElidedLabel(const QString& text, Qt::TextElideMode mode, QWidget* parent) : QLabel(parent), m_mode(mode)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    setFullText(text);
}

void ElidedLabel::setFullText(const QString& text)
{
    if (m_full == text) return;
    m_full = text;
    setAccessibleName(text);
    updateGeometry();
    elide();
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_full.left(3)) + 8, QLabel::minimumSizeHint().height()};
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_full) + 1, QLabel::sizeHint().height()};
}

void ElidedLabel::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    elide();
}

void ElidedLabel::elide()
{
    const QString shown = fontMetrics().elidedText(m_full, m_mode, contentsRect().width());
    setText(shown);
    setToolTip(shown == m_full ? QString() : plainTooltip(m_full));
}

QLabel* makeLabel(const QString& text, Type type, const QString& tone, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setFont(typeFont(type));
    if (!tone.isEmpty()) label->setProperty("tone", tone);
    return label;
}

ElidedLabel* makeHint(const QString& text, QWidget* parent)
{
    auto* label = new ElidedLabel(text, Qt::ElideRight, parent);
    label->setFont(typeFont(Type::Small));
    label->setProperty("tone", QStringLiteral("quiet"));
    return label;
}

QPushButton* makeButton(const QString& text, const QString& role, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    if (!role.isEmpty()) button->setProperty("role", role);
    button->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    return button;
}

QToolButton* makeIconButton(Icon icon, const QString& tooltip, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(common::makeIcon(icon));
    button->setIconSize({16, 16});
    button->setToolTip(tooltip);
    button->setAccessibleName(tooltip);
    button->setAutoRaise(true);
    return button;
}

QHBoxLayout* addBar(QVBoxLayout& column, int height)
{
    auto* bar = new QWidget;
    bar->setFixedHeight(height);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(12, 0, 12, 0);
    line->setSpacing(8);
    column.addWidget(bar);
    return line;
}

QFrame* makeLine(Qt::Orientation orientation, QWidget* parent)
{
    auto* line = new QFrame(parent);
    line->setProperty("line", orientation == Qt::Horizontal ? "horizontal" : "vertical");
    return line;
}

CardFrame::CardFrame(const QString& title, int titleHeight, QWidget* parent) : QFrame(parent)
{
    setProperty("card", true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    auto* row = new QWidget(this);
    row->setFixedHeight(std::max(titleHeight - 1, 0));
    row->setVisible(titleHeight > 0);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(11, 0, 11, 0);
    line->setSpacing(8);
    m_title = makeLabel(title, Type::SmallStrong, {}, row);
    m_subtitle = new ElidedLabel({}, Qt::ElideRight, row);
    m_subtitle->setFont(typeFont(Type::Small));
    m_subtitle->setProperty("tone", "quiet");
    line->addWidget(m_title);
    line->addWidget(m_subtitle, 1);
    m_trailing = new QHBoxLayout;
    m_trailing->setSpacing(4);
    line->addLayout(m_trailing);
    m_line = new QFrame(this);
    m_line->setProperty("line", "grid");
    m_line->setVisible(titleHeight > 0);
    m_content = new QVBoxLayout;
    m_content->setContentsMargins(0, 0, 0, 0);
    m_content->setSpacing(0);
    column->addWidget(row);
    column->addWidget(m_line);
    column->addLayout(m_content, 1);
}

void CardFrame::setTitle(const QString& title)
{
    m_title->setText(title);
}

void CardFrame::setSubtitle(const QString& text)
{
    m_subtitle->setFullText(text);
}

void CardFrame::setTitleLine(bool visible)
{
    m_line->setVisible(visible);
}

EmptyState::EmptyState(const QString& line, const QString& button, QWidget* parent)
    : QWidget(parent), m_line(makeLabel(line, Type::Body, QStringLiteral("quiet"), this)),
      m_button(makeButton(button, {}, this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(12);
    column->addStretch(1);
    m_line->setAlignment(Qt::AlignCenter);
    m_line->setWordWrap(true);
    column->addWidget(m_line);
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addStretch(1);
    m_button->setVisible(!button.isEmpty());
    connect(m_button, &QPushButton::clicked, this, &EmptyState::activated);
}

void EmptyState::setLine(const QString& line)
{
    m_line->setText(line);
}

void EmptyState::setButton(const QString& text, bool primary)
{
    m_button->setText(text);
    m_button->setVisible(!text.isEmpty());
    setStyleProperty(*m_button, "role", primary ? QStringLiteral("primary") : QString());
}

void paintSparkline(QPainter& painter, const QRectF& rect, const QVector<double>& values, const QColor& colour,
                    double minimumSpan)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    if (low > high) return;
    const double middle = (low + high) / 2;
    const double span = std::max(high - low, minimumSpan);
    const QRectF area = rect.adjusted(2.5, 2.5, -2.5, -2.5);
    const double stepX = values.size() > 1 ? area.width() / double(values.size() - 1) : 0;
    const auto place = [&](qsizetype i) {
        return QPointF(area.left() + stepX * double(i),
                       area.center().y() - (values[i] - middle) / span * area.height());
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath path;
    bool open = false;
    qsizetype last = 0;
    for (qsizetype i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            open = false;
            continue;
        }
        if (open)
            path.lineTo(place(i));
        else
            path.moveTo(place(i));
        open = true;
        last = i;
    }
    painter.setPen(QPen(colour, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(place(last), 2, 2);
    painter.restore();
}

} // namespace gradus::common
