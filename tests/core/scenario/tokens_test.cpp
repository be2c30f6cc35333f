// SPDX-License-Identifier: GPL-3.0-or-later
// A honeytoken is found in the codings that hide it, and nowhere else.
#include "support/suite.h"

#include "base/base64.h"
#include "base/rng.h"
#include "scenario/tokens.h"

#include <QTest>

using namespace gradus;
using namespace gradus::scenario;

namespace {

const std::string token = "sk-7fQ9xWm2Lp";

std::string found(const std::string& bytes)
{
    return std::string(codingOf(token, bytes));
}

std::string hexOf(const std::string& bytes)
{
    return QByteArray::fromStdString(bytes).toHex().toStdString();
}

} // namespace

class TokensTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void codings_areFound()
    {
        QCOMPARE(found("key=" + token + ";"), std::string("plain"));
        QCOMPARE(found("SK-7FQ9XWM2LP"), std::string("plain"));
        QCOMPARE(found(hexOf("xx" + token)), std::string("hex"));
        QCOMPARE(found("73:6b:2d:37 66:51:39:78\n57:6d:32:4c:70"), std::string("hex"));
        QCOMPARE(found(std::string(token.rbegin(), token.rend())), std::string("reversed"));
        QCOMPARE(found("s k - 7 f Q 9 x W m 2 L p"), std::string("split"));
        QCOMPARE(found("s\nk\n-\n7\nf\nQ\n9\nx\nW\nm\n2\nL\np\n"), std::string("split"));
    }
    void base64_isFoundAtEveryAlignmentAndOverLineBreaks()
    {
        for (std::size_t before = 0; before < 7; ++before) {
            std::string coded =
                QByteArray::fromStdString(std::string(before, 'a') + token + "tail").toBase64().toStdString();
            QCOMPARE(found(coded), std::string("base64"));
            for (std::size_t at = 4; at < coded.size(); at += 5)
                coded.insert(at, 1, '\n');
            QCOMPARE(found(coded), std::string("base64"));
        }
        const auto url = QByteArray::fromStdString("\xff\xfe" + token).toBase64(QByteArray::Base64UrlEncoding);
        QCOMPARE(found(url.toStdString()), std::string("base64"));
    }
    void ownBase64_isThatOfQt()
    {
        Rng rng(tests::propertySeed(), "base64");
        for (int size = 0; size < 70; ++size) {
            std::string bytes;
            for (int i = 0; i < size; ++i)
                bytes += static_cast<char>(rng.below(256));
            QCOMPARE(base64(bytes), QByteArray::fromStdString(bytes).toBase64().toStdString());
            QCOMPARE(fromBase64(base64(bytes)), std::optional(bytes));
        }
    }
    void otherBytes_areNotTaken()
    {
        QCOMPARE(found(""), std::string());
        QCOMPARE(found("sk-7fQ9xWm2L"), std::string());
        QCOMPARE(found("s k - 7 f Q 9 x W m 2 L q"), std::string());
        Rng rng(tests::propertySeed(), "noise");
        std::string noise;
        for (int i = 0; i < 300'000; ++i)
            noise += static_cast<char>(rng.below(256));
        QCOMPARE(found(noise), std::string());
    }
    void hostileBytes_doNotTakeForever()
    {
        QCOMPARE(found(std::string(4 << 20, 's')), std::string());
        std::string almost;
        while (almost.size() < (2 << 20))
            almost += "s k - 7 f Q 9 x W m 2 L ";
        QCOMPARE(found(almost), std::string());
    }
};
GRADUS_SUITE(TokensTest)

#include "tokens_test.moc"
