// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/error_map.h"

#include "base/text.h"
#include "common/controls.h"

#include <QHelpEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

namespace {

constexpr double kMargin = 12;
constexpr double kHead = 20; // names over the columns
constexpr double kMostCell = 54;
constexpr double kMostLabel = 150;
constexpr double kHeat = 0.45; // of the colour where errors are the same: text keeps 4.5 : 1 on it

QString figure(double value, int decimals = 2)
{
    return QString::fromStdString(fixedText(value, decimals));
}

QString intervalText(const std::optional<Estimate>& estimate)
{
    if (!estimate) return QStringLiteral("–");
    return QStringLiteral("%1 [%2, %3], n %4")
        .arg(figure(estimate->value), figure(estimate->low), figure(estimate->high))
        .arg(estimate->n);
}

} // namespace

ErrorMap::ErrorMap(const common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("errorMap"));
    setMouseTracking(true);
    setMinimumHeight(120);
    connect(&theme, &common::ThemeController::changed, this, qOverload<>(&QWidget::update));
}

QString ErrorMap::nameOf(std::size_t source) const
{
    return QString::fromStdString(visible(m_errors.names[source], 60));
}

void ErrorMap::setErrors(const compare::SourceErrors& errors)
{
    m_errors = errors;
    m_notice.clear();
    QStringList words;
    for (std::size_t a = 0; a < errors.names.size(); ++a)
        for (std::size_t b = a + 1; b < errors.names.size(); ++b)
            if (errors.pair(a, b).phi)
                words << QStringLiteral("%1, %2: %3").arg(nameOf(a), nameOf(b), figure(errors.pair(a, b).phi->value));
    // Without truth there are pairs and no correlation: the notes say why.
    if (words.isEmpty()) {
        QStringList notes;
        for (const std::string& note : errors.notes)
            notes << QString::fromStdString(visible(note, 1000));
        m_notice = notes.isEmpty() ? tr("No pair of sources errs on the same anchors, so that nothing is correlated.")
                                   : notes.join(QLatin1Char(' '));
    }
    setAccessibleName(tr("Correlation of errors between sources"));
    setAccessibleDescription(words.isEmpty() ? m_notice : words.join(QStringLiteral("; ")));
    update();
}

void ErrorMap::setNotice(const QString& sentence)
{
    m_errors = {};
    m_notice = sentence;
    setAccessibleDescription(sentence);
    update();
}

double ErrorMap::labelWidth() const
{
    const QFontMetricsF metrics(common::typeFont(common::Type::Mono));
    double widest = 40;
    for (std::size_t i = 0; i < m_errors.names.size(); ++i)
        widest = std::max(widest, metrics.horizontalAdvance(nameOf(i)));
    return std::min(widest, kMostLabel) + 10;
}

QRectF ErrorMap::cellAt(std::size_t row, std::size_t column) const
{
    const auto count = static_cast<double>(std::max<std::size_t>(1, m_errors.names.size()));
    const double left = kMargin + labelWidth();
    const double wide = (width() - left - kMargin) / count;
    const double high = std::min(kMostCell, (height() - 2 * kMargin - kHead) / count);
    return {left + static_cast<double>(column) * wide, kMargin + kHead + static_cast<double>(row) * high, wide, high};
}

void ErrorMap::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintOn(painter);
}

void ErrorMap::paintOn(QPainter& painter) const
{
    const common::Tokens& tokens = m_theme.tokens();
    painter.setLayoutDirection(Qt::LeftToRight);
    if (!m_notice.isEmpty() || isEmpty()) {
        painter.setFont(common::typeFont(common::Type::Small));
        painter.setPen(tokens.text2);
        painter.drawText(rect().adjusted(24, 8, -24, -8), Qt::AlignCenter | Qt::TextWordWrap, m_notice);
        return;
    }
    painter.setFont(common::typeFont(common::Type::Mono));
    for (std::size_t i = 0; i < m_errors.names.size(); ++i) {
        painter.setFont(common::typeFont(common::Type::Mono));
        painter.setPen(tokens.text);
        const QRectF row = cellAt(i, 0);
        painter.drawText(QRectF(kMargin, row.top(), labelWidth() - 8, row.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(nameOf(i), Qt::ElideMiddle, int(labelWidth()) - 8));
        const QRectF head = cellAt(0, i);
        painter.drawText(QRectF(head.left(), kMargin, head.width() - 4, 18), Qt::AlignHCenter | Qt::AlignTop,
                         painter.fontMetrics().elidedText(nameOf(i), Qt::ElideMiddle, int(head.width()) - 4));
        for (std::size_t j = 0; j < m_errors.names.size(); ++j)
            paintCell(painter, i, j);
    }
}

void ErrorMap::paintCell(QPainter& painter, std::size_t row, std::size_t column) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const QRectF box = cellAt(row, column).adjusted(0.5, 0.5, -1.5, -1.5);
    const std::optional<Estimate> shown = row == column ? m_errors.accuracy[row] : m_errors.pair(row, column).phi;
    if (!shown || row == column) {
        painter.fillRect(box, tokens.surface2);
    } else {
        // Errors that are shared are what a pool cannot mend; errors that avoid each other stay grey.
        const double place = std::clamp(std::abs(shown->value), 0.0, 1.0);
        painter.fillRect(
            box, common::blended(shown->value > 0 ? tokens.accent : tokens.text3, tokens.surface, kHeat * place));
    }
    painter.setPen(row == column ? tokens.text2 : tokens.text);
    painter.setFont(common::numericFont(common::Type::Body));
    if (!shown) return painter.drawText(box, Qt::AlignCenter, QStringLiteral("–"));
    const bool two = box.height() >= 34;
    const QString text = row == column ? tr("acc %1").arg(figure(shown->value)) : figure(shown->value);
    painter.drawText(two ? box.adjusted(0, 2, 0, -box.height() / 2 + 3) : box, Qt::AlignCenter, text);
    if (!two) return;
    painter.setFont(common::numericFont(common::Type::Chart));
    painter.drawText(box.adjusted(0, box.height() / 2, 0, -2), Qt::AlignCenter, tr("n %1").arg(shown->n));
}

QString ErrorMap::tipAt(const QPointF& at) const
{
    if (!m_notice.isEmpty()) return {};
    for (std::size_t row = 0; row < m_errors.names.size(); ++row)
        for (std::size_t column = 0; column < m_errors.names.size(); ++column) {
            if (!cellAt(row, column).contains(at)) continue;
            if (row == column) return tr("%1\naccuracy %2").arg(nameOf(row), intervalText(m_errors.accuracy[row]));
            const compare::ErrorPair& pair = m_errors.pair(row, column);
            QString tip =
                tr("%1 and %2\ncorrelation of errors %3").arg(nameOf(row), nameOf(column), intervalText(pair.phi));
            if (pair.ofLargest)
                tip += tr("\n%1 of the largest that their error rates allow").arg(figure(*pair.ofLargest));
            if (pair.sameWrong) tip += tr("\nsame wrong answer %1").arg(intervalText(pair.sameWrong));
            if (pair.agreement) tip += tr("\nagreement %1").arg(intervalText(pair.agreement));
            return tip;
        }
    return {};
}

bool ErrorMap::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    common::showTip(*help, tipAt(QPointF(help->pos())), this);
    return true;
}

} // namespace gradus::pages
