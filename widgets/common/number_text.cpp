// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/number_text.h"

#include "base/clock.h"

#include <QDateTime>
#include <QGuiApplication>
#include <QLocale>

#include <cmath>

namespace gradus::common {

namespace {

const QChar kMinus(0x2212);
const QChar kLeftToRightMark(0x200E);

QDateTime localTime(double wallSeconds)
{
    return QDateTime::fromMSecsSinceEpoch(qint64(std::floor(wallSeconds * 1000)));
}

} // namespace

QString leftToRight(const QString& text)
{
    if (text.isEmpty() || !QGuiApplication::isRightToLeft()) return text;
    return kLeftToRightMark + text + kLeftToRightMark;
}

QString withoutMarks(QString text)
{
    return text.remove(kLeftToRightMark);
}

QString missingText()
{
    return QStringLiteral("–");
}

QString numberText(double value, int decimals)
{
    if (std::isnan(value)) return QStringLiteral("NaN");
    if (std::isinf(value)) return value < 0 ? kMinus + QStringLiteral("∞") : QStringLiteral("∞");
    QString text = QString::number(std::abs(value), 'f', decimals);
    const bool zero = text.toDouble() == 0;
    if (value >= 0 || zero) return text;
    return leftToRight(kMinus + text); // or the sign would be moved behind the number
}

QString numberText(const std::optional<double>& value, int decimals)
{
    return value ? numberText(*value, decimals) : missingText();
}

QString curveText(double value, int decimals)
{
    return std::isnan(value) ? missingText() : numberText(value, decimals);
}

QString valueText(const std::optional<Estimate>& estimate, int decimals)
{
    return estimate ? numberText(estimate->value, decimals) : missingText();
}

QString halfWidthText(const std::optional<Estimate>& estimate, int decimals)
{
    if (!estimate || !std::isfinite(estimate->high - estimate->low)) return {};
    return leftToRight(QStringLiteral("± ") + numberText((estimate->high - estimate->low) / 2, decimals));
}

QString groupedText(std::int64_t value)
{
    return QLocale().toString(qlonglong(value)).replace(QLatin1Char('-'), kMinus);
}

QString percentText(double fraction, int decimals)
{
    if (!std::isfinite(fraction)) return missingText();
    return leftToRight(numberText(fraction * 100, decimals) + QStringLiteral(" %"));
}

QString bytesText(std::int64_t bytes)
{
    if (bytes < 1000) return leftToRight(QStringLiteral("%1 B").arg(bytes));
    double value = double(bytes);
    int unit = -1;
    while (value >= 999.5 && unit < 3) {
        value /= 1000;
        ++unit;
    }
    static const char* const kUnits[] = {"kB", "MB", "GB", "TB"};
    return leftToRight(
        QStringLiteral("%1 %2").arg(numberText(value, value < 9.95 ? 1 : 0), QLatin1String(kUnits[unit])));
}

QString agoText(double wallSeconds, double nowSeconds)
{
    const double age = nowSeconds - wallSeconds;
    if (age < 5) return QStringLiteral("now");
    if (age < 60) return leftToRight(QStringLiteral("%1 s ago").arg(int(age)));
    if (age < 3600) return leftToRight(QStringLiteral("%1 min ago").arg(int(age / 60)));
    const QDate day = localTime(wallSeconds).date();
    const QDate today = localTime(nowSeconds).date();
    if (day == today) return leftToRight(QStringLiteral("%1 h ago").arg(int(age / 3600)));
    if (day.addDays(1) == today) return QStringLiteral("yesterday");
    const bool thisYear = day.year() == today.year();
    return leftToRight(QLocale::c().toString(day, thisYear ? QStringLiteral("d MMM") : QStringLiteral("d MMM yyyy")));
}

QString momentText(double wallSeconds, double nowSeconds)
{
    const QDateTime moment = localTime(wallSeconds);
    const QDate today = localTime(nowSeconds).date();
    const QString time = moment.time().toString(QStringLiteral("HH:mm"));
    if (moment.date() == today) return leftToRight(QStringLiteral("today ") + time);
    if (moment.date().year() == today.year())
        return leftToRight(QLocale::c().toString(moment.date(), QStringLiteral("d MMM ")) + time);
    return moment.date().toString(Qt::ISODate);
}

QString durationText(double seconds)
{
    return seconds < 0 || !std::isfinite(seconds) ? missingText()
                                                  : leftToRight(QString::fromStdString(gradus::durationText(seconds)));
}

} // namespace gradus::common
