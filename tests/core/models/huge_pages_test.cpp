// SPDX-License-Identifier: GPL-3.0-or-later
// Where the weights lie that texts are written with: in pages as large as the system has, and no longer than needed.
#include "models/huge_pages.h"

#include "models/folder_weights_impl.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

using namespace gradus;
using namespace gradus::models;

namespace {

constexpr std::uintptr_t kHuge = std::uintptr_t{1} << 21;

/// What /proc/self/smaps says under that name of the mapping that holds the address; empty if there is none.
std::string mapped(const void* address, const std::string& name)
{
    std::ifstream maps("/proc/self/smaps");
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    bool here = false;
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        char dash = 0;
        std::istringstream range(line);
        if (range >> std::hex >> begin >> dash >> end && dash == '-')
            here = begin <= wanted && wanted < end;
        else if (here && line.starts_with(name + ":"))
            return line.substr(name.size() + 1);
    }
    return {};
}

bool systemHasThem()
{
    return std::filesystem::exists("/sys/kernel/mm/transparent_hugepage/enabled");
}

} // namespace

class HugePagesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void memory_beginsAtAHugePageAndAsksForThem()
    {
        const auto pages = HugePages::make(3 * kHuge + 5000);
        QVERIFY(pages != nullptr);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(pages->data()) % kHuge, std::uintptr_t{0});
        std::memset(pages->data(), 7, 3 * kHuge + 5000);
        if (!systemHasThem()) QSKIP("this kernel has no huge pages");
        QVERIFY2(mapped(pages->data(), "VmFlags").find(" hg") != std::string::npos, "nobody asked for huge pages");
    }

    void memory_isNoLargerThanAsked()
    {
        const auto pages = HugePages::make(kHuge + 4096);
        std::memset(pages->data(), 1, kHuge + 4096);
        QCOMPARE(std::stol(mapped(pages->data(), "Rss")), static_cast<long>(kHuge / 1024 + 4));
        QVERIFY(HugePages::make(0) != nullptr);
        QVERIFY(HugePages::make(std::size_t{1} << 60) == nullptr);
    }

    void partsGoBackBeforeTheWhole()
    {
        const auto pages = HugePages::make(4 * kHuge);
        std::memset(pages->data(), 1, 4 * kHuge);
        const long before = std::stol(mapped(pages->data(), "Rss"));
        pages->giveBack(pages->data() + 64, 2 * kHuge); // small pages at both ends belong to others, too
        QCOMPARE(before - std::stol(mapped(pages->data(), "Rss")), static_cast<long>(2 * kHuge / 1024 - 4));
        QCOMPARE(pages->data()[63], std::byte{1});
        QCOMPARE(pages->data()[2 * kHuge + 64], std::byte{1});
    }

    void aReadersMatrices_lieInThem_data()
    {
        QTest::addColumn<bool>("narrow");
        QTest::newRow("float") << false;
        QTest::newRow("bfloat16") << true;
    }
    void aReadersMatrices_lieInThem()
    {
        QFETCH(bool, narrow);
        if (!systemHasThem()) QSKIP("this kernel has no huge pages");
        const QTemporaryDir home;
        ModelShape shape;
        shape.vocabularySize = 4096;
        shape.hiddenSize = 256;
        shape.layers = 2;
        shape.heads = 4;
        shape.keyValueHeads = 2;
        shape.intermediateSize = 512;
        Decoder drawn(shape, 5);
        if (narrow) drawn.convert(at::kCPU, at::kBFloat16);
        QVERIFY(saveModelFolder(drawn, {}, home.path().toStdString()));
        const auto opened = openModelFolder(home.path().toStdString());
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        auto reader = loadReader(*opened, at::kCPU);
        QVERIFY2(reader, reader ? "" : reader.error().message.c_str());
        int matrices = 0;
        for (const NamedTensor& named : reader->named()) {
            if (named.tensor.dim() != 2) continue;
            ++matrices;
            QVERIFY2(mapped(named.tensor.const_data_ptr(), "VmFlags").find(" hg") != std::string::npos,
                     named.name.c_str());
        }
        QCOMPARE(matrices, 1 + 2 * 7);
        if (!narrow) return;
        // What is widened leaves its place, though one matrix (here the embeddings) is still held.
        const at::Tensor held = reader->outputWeight().detach();
        const void* const place = held.const_data_ptr();
        const long before = std::stol(mapped(place, "Rss"));
        reader->convert(at::kCPU, at::kFloat);
        const long left = std::stol(mapped(place, "Rss"));
        QVERIFY2(before > 2 * left - 200 && left >= static_cast<long>(held.nbytes() / 1024),
                 qPrintable(QString("%1 of %2 KiB left").arg(left).arg(before)));
    }
};

GRADUS_SUITE(HugePagesTest)
#include "huge_pages_test.moc"
