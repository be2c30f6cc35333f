// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/safetensors.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/rng.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::models;

namespace {

/// A file of that header text and that many data bytes; `stated` replaces the true header length.
std::string fileOf(const std::string& header, std::size_t data, std::optional<std::uint64_t> stated = {})
{
    const std::uint64_t length = stated.value_or(header.size());
    std::string bytes;
    for (int shift = 0; shift < 64; shift += 8)
        bytes += static_cast<char>((length >> shift) & 0xff);
    return bytes + header + std::string(data, '\0');
}

std::string tensor(const std::string& shape, const std::string& range, const std::string& type = "F32")
{
    return "{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + range + "}";
}

} // namespace

class SafetensorsTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;
    std::filesystem::path path(const char* name) const { return m_dir.path().toStdString() + "/" + name; }

private Q_SLOTS:
    void written_isReadBackByteForByte()
    {
        const std::vector<float> wide{1.5F, -2.0F, 3.25F};
        const std::vector<std::uint16_t> narrow{1, 2};
        const auto hash = writeSafetensors(path("x"),
                                           {{"b", ElementType::BF16, {2}, std::as_bytes(std::span(narrow))},
                                            {"a", ElementType::F32, {3, 1}, std::as_bytes(std::span(wide))},
                                            {"none", ElementType::F32, {0, 4}, {}}},
                                           {{"key", "value \" \xc3\xa9"}});
        QVERIFY(hash);
        QCOMPARE(hash.value(), sha256OfFile(path("x")).value());
        const auto file = SafetensorsFile::open(path("x"));
        QVERIFY2(file, file ? "" : file.error().message.c_str());
        QCOMPARE(file->header().metadata.at("key"), std::string("value \" \xc3\xa9"));
        const TensorEntry* a = file->find("a");
        QVERIFY(a && a->shape == (std::vector<std::int64_t>{3, 1}));
        const auto bytes = file->bytes(*a);
        QVERIFY(std::equal(bytes.begin(), bytes.end(), std::as_bytes(std::span(wide)).begin()));
        QVERIFY(file->find("none") && file->bytes(*file->find("none")).empty());
        QVERIFY(!file->find("absent"));
    }
    void hostileHeaders_areRefusedWithAReason_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto add = [](const char* name, const std::string& bytes) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes);
        };
        const std::string good = tensor("[2]", "[0,8]");
        add("shorter than the length", "1234567");
        add("length beyond the file", fileOf("{}", 0, 3));
        add("length beyond 100 MB", fileOf("{}", 0, 100'000'001));
        add("length of all ones", fileOf("{}", 0, ~0ULL));
        add("no header", fileOf("", 8));
        add("leading space", fileOf(" {}", 0));
        add("a list", fileOf("[]", 0));
        add("cut off", fileOf("{\"a\":{\"dtype\":\"F32\"", 8));
        add("text after the end", fileOf("{} x", 0));
        add("invalid UTF-8", fileOf("{\"a\xff\":" + good + "}", 8));
        add("deep nesting", fileOf("{\"a\":" + std::string(100000, '[') + "}", 8));
        add("deep objects", fileOf("{\"a\":{\"dtype\":{\"x\":{}}}}", 8));
        add("repeated name", fileOf("{\"a\":" + good + ",\"a\":" + good + "}", 8));
        add("repeated key",
            fileOf("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"shape\":[2],\"data_offsets\":[0,8]}}", 8));
        add("unknown key", fileOf("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"z\":1}}", 8));
        add("missing key", fileOf("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8));
        add("unknown type", fileOf("{\"a\":" + tensor("[2]", "[0,8]", "C64") + "}", 8));
        add("known type of another size", fileOf("{\"a\":" + tensor("[2]", "[0,8]", "I64") + "}", 8));
        add("negative size", fileOf("{\"a\":" + tensor("[-2]", "[0,8]") + "}", 8));
        add("fraction", fileOf("{\"a\":" + tensor("[2.0]", "[0,8]") + "}", 8));
        add("size is text", fileOf("{\"a\":" + tensor("[\"2\"]", "[0,8]") + "}", 8));
        add("three offsets", fileOf("{\"a\":" + tensor("[2]", "[0,8,8]") + "}", 8));
        add("one offset", fileOf("{\"a\":" + tensor("[2]", "[0]") + "}", 8));
        add("product wraps", fileOf("{\"a\":" + tensor("[4194305,4194305,211106198978564]", "[0,16]") + "}", 16));
        add("product wraps behind a zero", fileOf("{\"a\":" + tensor("[0,4611686018427387904,4]", "[0,0]") + "}", 0));
        add("too many dimensions", fileOf("{\"a\":" + tensor("[1,1,1,1,1,1,1,1,2]", "[0,8]") + "}", 8));
        add("shape is not the range", fileOf("{\"a\":" + tensor("[3]", "[0,8]") + "}", 8));
        add("range beyond the data", fileOf("{\"a\":" + tensor("[4]", "[0,16]") + "}", 8));
        add("range ends before it begins", fileOf("{\"a\":" + tensor("[2]", "[8,0]") + "}", 8));
        add("hole", fileOf("{\"a\":" + good + ",\"b\":" + tensor("[2]", "[12,20]") + "}", 20));
        add("overlap", fileOf("{\"a\":" + good + ",\"b\":" + tensor("[2]", "[4,12]") + "}", 12));
        add("same range twice", fileOf("{\"a\":" + good + ",\"b\":" + good + "}", 8));
        add("bytes left over", fileOf("{\"a\":" + good + "}", 9));
        add("misaligned",
            fileOf("{\"h\":" + tensor("[1]", "[0,2]", "F16") + ",\"a\":" + tensor("[2]", "[2,10]") + "}", 10));
        add("metadata is not text", fileOf("{\"__metadata__\":{\"a\":1}}", 0));
        add("metadata twice", fileOf("{\"__metadata__\":{},\"__metadata__\":{}}", 0));
        add("metadata key twice", fileOf("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0));
    }
    void hostileHeaders_areRefusedWithAReason()
    {
        QFETCH(QByteArray, bytes);
        const auto parsed = parseSafetensorsHeader(bytes.toStdString(), static_cast<std::uint64_t>(bytes.size()), "x");
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().kind, ErrorKind::BadInput);
        QVERIFY(parsed.error().message.starts_with("x is not"));
        QVERIFY(parsed.error().message.size() < 400);
    }
    void scalarsAndEmptyTensors_areAllowed()
    {
        const std::string bytes =
            fileOf("{\"a\":" + tensor("[]", "[0,4]") + ",\"b\":" + tensor("[0]", "[4,4]") + "}", 4);
        QVERIFY(parseSafetensorsHeader(bytes, bytes.size(), "x"));
        QVERIFY(parseSafetensorsHeader(fileOf("{}", 0), 10, "x"));
    }
    void typesThatAreNotRead_openWithTheirSize()
    {
        const std::string bytes = fileOf(
            "{\"n\":" + tensor("[2]", "[0,16]", "I64") + ",\"m\":" + tensor("[1,1,3,3]", "[16,25]", "BOOL") + "}", 25);
        const auto parsed = parseSafetensorsHeader(bytes, bytes.size(), "x");
        QVERIFY(parsed);
        QCOMPARE(parsed->tensors.size(), 2U);
        QVERIFY(parsed->tensors[0].type == ElementType::I64 && !isRead(parsed->tensors[0].type));
        QVERIFY(nameOf(parsed->tensors[1].type) == "BOOL" && bytesOf(parsed->tensors[1].type) == 1);
    }
    void damagedFiles_neverCrashAndNeverReachOutside()
    {
        const std::vector<float> values(6, 1.0F);
        const std::string good =
            encodeSafetensors({{"a", ElementType::F32, {2, 3}, std::as_bytes(std::span(values))}}, {{"k", "v"}});
        Rng rng(tests::propertySeed(), "damage");
        for (int trial = 0; trial < 20000; ++trial) {
            std::string bytes = good;
            for (std::uint64_t n = 1 + rng.below(4); n > 0; --n)
                bytes[rng.below(bytes.size())] = static_cast<char>(rng.below(256));
            if (rng.below(4) == 0) bytes.resize(rng.below(bytes.size()));
            const auto parsed = parseSafetensorsHeader(bytes, bytes.size(), "x");
            if (!parsed) continue;
            for (const TensorEntry& entry : parsed->tensors)
                QVERIFY(parsed->dataStart + entry.end <= bytes.size() && entry.begin <= entry.end);
        }
    }
    void notAFile_isRefused()
    {
        QVERIFY(!SafetensorsFile::open(path("absent")));
        QVERIFY(!SafetensorsFile::open(m_dir.path().toStdString()));
        QVERIFY(writeFileAtomically(path("empty"), ""));
        QVERIFY(!SafetensorsFile::open(path("empty")));
    }
};
GRADUS_SUITE(SafetensorsTest)
#include "safetensors_test.moc"
