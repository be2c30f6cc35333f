// SPDX-License-Identifier: GPL-3.0-or-later
// Files of training data: texts, pairs or classes that can be taught, the same whole and in parts, or a sentence.
// Input: a byte for what is read and one for the published form, then the file.
#include "fuzz.h"

#include "data/training_rows.h"
#include "data/writing_forms.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

using namespace gradus;
using namespace gradus::data;

namespace {

TrainingFile requestOf(unsigned char kind, unsigned char form, std::string_view bytes)
{
    TrainingFile request{.file = fuzz::written((kind & 4) != 0 ? "rows.csv" : "rows.jsonl", bytes),
                         .shape = std::array{TrainingShape::Writing, TrainingShape::Pairs, TrainingShape::Classes,
                                             TrainingShape::Writing}[kind & 3],
                         .asChat = (kind & 8) != 0};
    const auto& forms = writingForms();
    if ((kind & 3) == 3) request.task = forms[form % forms.size()].name;
    return request;
}

void expectSound(const TrainingRows& read, TrainingShape shape)
{
    for (const TrainingRow& row : read.rows) {
        fuzz::expect(row.texts.size() == (shape == TrainingShape::Pairs ? 2U : 1U), "a row has its texts");
        for (const TrainingText& text : row.texts)
            fuzz::expect(text.context <= text.turns.size(), "what is given is of the dialogue");
        fuzz::expect(row.preference >= 0 && row.preference <= 1, "a preference is a probability");
        double sum = shape == TrainingShape::Classes ? 0 : 1;
        for (const double share : row.classes) {
            fuzz::expect(share >= 0 && share <= 1.001, "a class has a probability");
            sum += share;
        }
        fuzz::expect(std::abs(sum - 1) < 0.01, "probabilities of classes make one");
        fuzz::expect(static_cast<int>(row.classes.size()) <= read.classes, "a class is one of those counted");
    }
}

Result<TrainingRows> inParts(const TrainingFile& request, std::size_t bytes)
{
    TrainingRows all;
    const auto take = [&](TrainingRows&& part) -> Result<void> {
        fuzz::expect(part.classes >= all.classes, "classes are those of the rows so far");
        all.classes = part.classes;
        all.leftOut += part.leftOut;
        all.distrusted += part.distrusted;
        std::ranges::move(part.rows, std::back_inserter(all.rows));
        return {};
    };
    if (auto read = eachTrainingPart(request, bytes, take); !read) return read.error();
    return all;
}

void expectEqual(const TrainingRows& whole, const TrainingRows& parts)
{
    fuzz::expect(parts.rows.size() == whole.rows.size() && parts.leftOut == whole.leftOut &&
                     parts.distrusted == whole.distrusted && parts.classes == whole.classes,
                 "parts hold the rows of the file");
    for (std::size_t i = 0; i < whole.rows.size(); ++i) {
        const TrainingRow& row = whole.rows[i];
        const TrainingRow& part = parts.rows[i];
        fuzz::expect(part.line == row.line && part.group == row.group && part.preference == row.preference,
                     "a row is the same in a part", std::to_string(row.line));
        for (std::size_t t = 0; t < row.texts.size(); ++t)
            fuzz::expect(part.texts[t].response == row.texts[t].response &&
                             part.texts[t].prompt == row.texts[t].prompt &&
                             part.texts[t].turns.size() == row.texts[t].turns.size(),
                         "a text is the same in a part", row.texts[t].response);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) return 0;
    const TrainingFile request = requestOf(data[0], data[1], fuzz::textOf(data + 2, size - 2));
    const auto whole = readTrainingRows(request);
    const auto parts = inParts(request, 1 + data[1]);
    if (fuzz::isRead(whole)) expectSound(*whole, request.shape);
    if (fuzz::isRead(parts) && whole) expectEqual(*whole, *parts);
    return 0;
}
