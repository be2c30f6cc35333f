// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/json_depth.h"
#include "base/rng.h"
#include "base/text.h"

#include "support/suite.h"

#include <QTest>

#include <bit>
#include <clocale>
#include <cmath>
#include <cstdio>

using namespace gradus;

class TextTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void jsonDepth_countsBracketsOutsideOfStrings()
    {
        QVERIFY(!isJsonDeeper("{\"a\":[1,{\"b\":2}]}", 3));
        QVERIFY(isJsonDeeper("{\"a\":[1,{\"b\":2}]}", 2));
        QVERIFY(!isJsonDeeper("[" + std::string("\"[[[\\\"[[[\"") + "]", 1));
        QVERIFY(!isJsonDeeper("[],[],[]", 1));
        QVERIFY(!isJsonDeeper("]]]]", 0));
        QVERIFY(isJsonDeeper(std::string(100000, '[')));
        QVERIFY(!isJsonDeeper("", 0));
    }
    void visible_showsWhatWouldHideOrSteer()
    {
        QCOMPARE(visible("plain é 漢"), std::string("plain é 漢"));
        QCOMPARE(visible("a\x1b[31m\n"), std::string("a\\x1b[31m\\x0a"));
        QCOMPARE(visible("x\u202Ey"), std::string("x\\u202ey"));
        QCOMPARE(visible("\xff\xc0"), std::string("\\xff\\xc0"));
        QVERIFY(visible(std::string(1000, 'a'), 10).size() < 20);
    }
    void visible_neverContainsControlsWhateverTheBytes()
    {
        Rng rng(tests::propertySeed(), "visible");
        for (int i = 0; i < 2000; ++i) {
            std::string bytes;
            for (std::uint64_t n = rng.below(40); n > 0; --n)
                bytes += static_cast<char>(rng.below(256));
            for (const char c : visible(bytes))
                QVERIFY(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
        }
    }
    void numberText_readsBackToTheSameBits()
    {
        Rng rng(tests::propertySeed(), "numbers");
        for (int i = 0; i < 10000; ++i) {
            const double x = std::bit_cast<double>(rng.nextBits());
            const auto back = parseNumber(numberText(x));
            QVERIFY(back.has_value());
            QVERIFY(std::isnan(x) ? std::isnan(*back) : *back == x);
        }
    }
    void fixedText_isPrintfsInTheLocaleOfC()
    {
        QCOMPARE(fixedText(0.0415, 3), std::string("0.042"));
        QCOMPARE(fixedText(-2.5, 0), std::string("-2"));
        QCOMPARE(fixedText(0.5, 2, true), std::string("+0.50"));
        QCOMPARE(fixedText(2.3149e10, -1), std::string("2.31e+10"));
        QCOMPARE(fixedText(1e9, -1, true), std::string("+1.00e+09"));
        QCOMPARE(fixedText(std::nan(""), 3), std::string("nan"));
        Rng rng(20260101, "fixed text");
        for (int i = 0; i < 2000; ++i) {
            const double value = rng.normal() * std::pow(10, static_cast<double>(rng.below(40)) - 20);
            const int decimals = static_cast<int>(rng.below(9));
            char expected[400];
            std::snprintf(expected, sizeof expected, "%.*f", decimals, value);
            QCOMPARE(fixedText(value, decimals), std::string(expected));
        }
    }
    void fixedText_hasAPointWhereTheUserHasAComma()
    {
        const std::string before = std::setlocale(LC_NUMERIC, nullptr);
        bool comma = false;
        for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8", "pl_PL.UTF-8"})
            comma = comma || std::setlocale(LC_NUMERIC, name) != nullptr;
        const std::string text = fixedText(0.25, 2);
        std::setlocale(LC_NUMERIC, before.c_str());
        if (!comma) QSKIP("no locale with a decimal comma is installed");
        QCOMPARE(text, std::string("0.25"));
    }
    void counted_namesOneAndMany()
    {
        QCOMPARE(counted(1, "seed"), std::string("1 seed"));
        QCOMPARE(counted(0, "seed"), std::string("0 seeds"));
        QCOMPARE(characterCount("A⁻ ±"), std::size_t{4});
    }
    void parseNumber_takesNothingButANumber()
    {
        QVERIFY(!parseNumber(""));
        QVERIFY(!parseNumber("1,5"));
        QVERIFY(!parseNumber("1x"));
        QCOMPARE(parseNumber("1e-5").value(), 1e-5);
    }
    void nearestWord_findsTheSlipAndNothingElse()
    {
        const std::vector<std::string> known{"controller", "curve", "value"};
        QCOMPARE(nearestWord("controler", known).value(), std::string("controller"));
        QVERIFY(!nearestWord("xyzzy", known));
    }
    void duration_isInWords()
    {
        QCOMPARE(durationText(4.2), std::string("4 s"));
        QCOMPARE(durationText(125), std::string("2 min 05 s"));
        QCOMPARE(durationText(99 * 3600 + 59 * 60), std::string("99 h 59 min"));
        QCOMPARE(durationText(7981 * 3600 + 53 * 60), std::string("332 days 13 h"));
        QCOMPARE(durationText(-1), std::string("–"));
    }
};
GRADUS_SUITE(TextTest)
#include "text_test.moc"
