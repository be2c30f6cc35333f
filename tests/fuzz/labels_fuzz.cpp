// SPDX-License-Identifier: GPL-3.0-or-later
// A queue of items that somebody sent, and a file of labels that somebody began: a label that is given is not asked
// again, and taken back it leaves what was there. Input: a byte for the kinds of both files, the items and the labels.
#include "fuzz.h"

#include "base/files.h"
#include "run/label_queue.h"

using namespace gradus;
using namespace gradus::run;

namespace {

constexpr int kMostLabels = 3;

std::string wholeLines(std::string text)
{
    return text.empty() || text.back() == '\n' ? text : text + "\n";
}

void labelSome(LabelQueue& queue, const LabelRequest& request)
{
    const std::size_t before = queue.labelled();
    for (int given = 0; given < kMostLabels && queue.next() != nullptr; ++given) {
        const LabelItem item = *queue.next();
        fuzz::expect(item.choices >= 2 && !item.texts.empty(), "an item can be shown and answered", item.name);
        const auto done = queue.label(item.choices - 1);
        fuzz::expect(done.ok(), "a label can be given", done ? "" : done.error().message);
        const auto later = LabelQueue::open(request);
        fuzz::expect(later.ok(), "a file of labels that was added to is one", later ? "" : later.error().message);
        fuzz::expect(later->labelled() == queue.labelled() && queue.labelled() > before, "a label is in the file",
                     readFile(request.labels).value());
    }
    for (auto undone = queue.undo(); fuzz::isRead(undone) && *undone; undone = queue.undo()) {
    }
    fuzz::expect(queue.labelled() == before, "what is taken back is not labelled");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const auto parts = fuzz::partsOf(fuzz::textOf(data + 1, size - 1), 2);
    const bool begun = !parts[1].empty();
    const LabelRequest request{.items = fuzz::written((data[0] & 1) != 0 ? "items.csv" : "items.jsonl", parts[0]),
                               .labels = fuzz::written((data[0] & 2) != 0 ? "labels.csv" : "labels.jsonl", parts[1]),
                               .annotator = "ada",
                               .background = (data[0] & 4) != 0 ? "nurse" : ""};
    std::error_code failure;
    if (!begun) std::filesystem::remove(request.labels, failure);
    auto queue = LabelQueue::open(request);
    if (!fuzz::isRead(queue)) return 0;
    labelSome(*queue, request);
    const auto left = std::filesystem::exists(request.labels) ? readFile(request.labels).value() : std::string();
    if (begun && queue->size() > 0 && !left.empty())
        fuzz::expect(left == parts[1] || left == wholeLines(std::string(parts[1])),
                     "labels of others stay as they were", left);
    return 0;
}
