// SPDX-License-Identifier: GPL-3.0-or-later
// A language that nobody speaks, for looking at pages: every translatable text is accented, a third longer, in
// brackets.
#pragma once

#include <QTranslator>

namespace gradus::shell {

/// Texts that stay as they are on a page under it are not translatable; texts without their closing bracket are cut.
class PseudoLocale final : public QTranslator
{
    Q_OBJECT
public:
    using QTranslator::QTranslator;

    bool isEmpty() const override { return false; }
    QString translate(const char* context, const char* sourceText, const char* disambiguation, int n) const override;
};

/// "Save %1" -> "[Šávé %1 ~~]": places (%1, %n, %L1) and markup stay.
QString pseudoText(const QString& text);

} // namespace gradus::shell
