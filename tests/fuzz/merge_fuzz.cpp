// SPDX-License-Identifier: GPL-3.0-or-later
// Another person's store with bytes changed, merged into a sound one: its runs are here whole, once, or a sentence says
// why not and nothing is here; and opened for writing, which brings an older one up to date. The input is the changes.
#include "fuzz.h"

#include "base/files.h"
#include "small_store.h"
#include "store/merge.h"
#include "store/store_check.h"
#include "store/store_reader.h"
#include "store/store_writer.h"

using namespace gradus;
using namespace gradus::store;

namespace {

const std::string& emptyStore()
{
    static const std::string bytes = [] {
        const auto path = fuzz::scratch() / "empty.db";
        fuzz::expect(StoreWriter::open(path).ok(), "a store can be made");
        return readFile(path).value();
    }();
    return bytes;
}

std::size_t runsOf(const std::filesystem::path& store)
{
    const auto report = checkStore(store);
    fuzz::expect(report.ok() && report->damage.empty(), "what others send damages no store",
                 !report                  ? report.error().message
                 : report->damage.empty() ? ""
                                          : report->damage.front());
    const auto reader = StoreReader::open(store);
    fuzz::expect(reader.ok(), "a sound store opens");
    return reader->runs().value().size();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string other = fuzz::patched(fuzz::smallStore(), fuzz::textOf(data, size));
    const auto target = fuzz::written("target.db", emptyStore());
    const auto from = fuzz::written("other.db", other);
    const auto merged = mergeStore(target, from);
    const std::size_t here = runsOf(target);
    if (fuzz::isRead(merged)) {
        fuzz::expect(here == merged->merged.size(), "what is said to be merged is here");
        for (const SkippedRun& skipped : merged->skipped) {
            fuzz::expectSentence(failed(skipped.name));
            fuzz::expectSentence(failed(skipped.why));
        }
        const auto twice = mergeStore(target, from);
        fuzz::expect(twice.ok() && twice->merged.empty() && runsOf(target) == here, "a second merge changes nothing");
    } else {
        fuzz::expect(here == 0, "what is refused leaves nothing behind");
    }
    if (const auto writer = StoreWriter::open(fuzz::written("opened.db", other)); !writer)
        fuzz::expectSentence(writer.error());
    return 0;
}
