// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/figures.h"

#include "base/text.h"

#include <QLocale>
#include <QTextDocument>

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

QString countText(std::int64_t count)
{
    struct Unit
    {
        double size;
        const char* letter;
    };
    for (const Unit unit : {Unit{1e9, "B"}, Unit{1e6, "M"}, Unit{1e3, "k"}}) {
        const double scaled = static_cast<double>(count) / unit.size;
        if (scaled < 0.9995) continue;
        return QLocale().toString(scaled, 'f', scaled < 9.95 ? 1 : 0) + QLatin1String(unit.letter);
    }
    return QLocale().toString(static_cast<qlonglong>(count));
}

QString plainToolTip(const std::string& untrusted)
{
    return plainToolTip(QString::fromStdString(visible(untrusted, 1000)));
}

// QToolTip guesses from the text whether it is rich text; what would be taken for it is escaped.
QString plainToolTip(const QString& text)
{
    return Qt::mightBeRichText(text) ? Qt::convertFromPlainText(text) : text;
}

QString clockText(double seconds)
{
    const auto whole = static_cast<long long>(std::floor(std::max(seconds, 0.0)));
    const QString rest = QStringLiteral("%1:%2")
                             .arg(whole / 60 % 60, whole >= 3600 ? 2 : 1, 10, QChar('0'))
                             .arg(whole % 60, 2, 10, QChar('0'));
    return whole >= 3600 ? QStringLiteral("%1:%2").arg(whole / 3600).arg(rest) : rest;
}

} // namespace gradus::viewmodels
