// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/file_task.h"

#include "data/fingerprint.h"
#include "data/picks.h"
#include "data/read_files.h"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace gradus::data {

namespace {

constexpr int kFewestTokens = 8;
constexpr int kLargestVocabulary = 65536;

/// An encoded item and how many of its sequences were cut.
struct Encoded
{
    Item item;
    int cut = 0;
};

class FileTask final : public Task, public ReadsFiles
{
public:
    /// Without a vocabulary the items have their texts alone.
    FileTask(const Template& form, const RawData& data, std::optional<Bpe> bpe, const spec::Experiment& experiment)
        : m_read(form.read), m_classes(form.classes), m_maxTokens(experiment.task.maxTokens), m_bpe(std::move(bpe)),
          m_testItems(experiment.task.testItems), m_anchors(experiment.signals.anchors), m_note(data.note),
          m_files(data.files)
    {
        for (const RawItem& item : data.teacher)
            m_teacher.push_back(encoded(item, &m_stream));
        for (const RawItem& item : data.student)
            m_student.push_back(encoded(item, &m_stream));
        for (const RawItem& item : data.test)
            m_test.push_back(encoded(item, nullptr));
        if (m_bpe) addCutShares();
        addNotes(experiment);
    }

    Read read() const override { return m_read; }
    int classes() const override { return m_classes; }
    int vocabulary() const override { return m_bpe ? m_bpe->vocabulary() : 0; }
    int maxTokens() const override { return m_maxTokens; }
    std::string note() const override { return m_note; }
    const std::vector<ReadFile>& files() const override { return m_files; }
    Result<void> admits(const spec::Experiment& experiment) const override
    {
        // Anchors are kept back from the first teacher's rows.
        const int taught = m_anchors > 0 ? teacherRows(m_teacher.size(), 0, m_anchors) : 0;
        return checkLabels(taught > 0 ? static_cast<std::size_t>(taught) : m_teacher.size(), m_student.size(),
                           experiment);
    }

    ItemSet pool(int generation, int count, std::uint64_t seed) const override
    {
        const std::vector<Encoded>& from = generation <= 1 ? m_teacher : m_student;
        const int wanted = generation <= 1 ? teacherRows(from.size(), count, m_anchors) : count;
        return picked(from, trainingPicks(from.size(), generation, wanted, seed));
    }

    ItemSet anchors(int count, std::uint64_t seed) const override
    {
        return picked(m_teacher, anchorPicks(m_teacher.size(), std::min(count, m_anchors), seed));
    }

    ItemSet test() const override { return picked(m_test, testPicks(m_test.size(), m_testItems)); }

    int encode(Item& item) const override { return encodeTexts(item, nullptr); }

    std::vector<std::vector<std::int32_t>> pretrainingTexts() const override
    {
        const auto length = static_cast<std::size_t>(m_maxTokens);
        if (m_stream.size() < length) return {m_stream};
        std::vector<std::vector<std::int32_t>> windows;
        for (auto at = m_stream.begin(); static_cast<std::size_t>(m_stream.end() - at) >= length; at += m_maxTokens)
            windows.emplace_back(at, at + m_maxTokens);
        return windows;
    }

private:
    Encoded encoded(const RawItem& raw, std::vector<std::int32_t>* stream) const
    {
        Encoded made;
        made.item.truth = raw.truth;
        made.item.texts = raw.texts;
        made.cut = encodeTexts(made.item, stream);
        return made;
    }

    /// Whole texts go to the stream, what the limit leaves of them to the item.
    int encodeTexts(Item& item, std::vector<std::int32_t>* stream) const
    {
        if (!m_bpe) return 0;
        int cut = 0;
        for (const std::string& text : item.texts) {
            std::vector<std::int32_t> tokens = m_bpe->encode(text);
            tokens.push_back(m_bpe->endOfText());
            if (stream) stream->insert(stream->end(), tokens.begin(), tokens.end());
            const auto limit = static_cast<std::size_t>(m_maxTokens);
            if (tokens.size() > limit) {
                tokens.erase(tokens.begin(), tokens.end() - m_maxTokens);
                ++cut;
            }
            item.sequences.push_back(std::move(tokens));
        }
        return cut;
    }

    static ItemSet picked(const std::vector<Encoded>& from, const std::vector<std::size_t>& picks)
    {
        ItemSet set;
        double cut = 0;
        double sequences = 0;
        for (const std::size_t pick : picks) {
            set.items.push_back(from[pick].item);
            cut += from[pick].cut;
            sequences += static_cast<double>(from[pick].item.texts.size());
        }
        set.truncatedShare = sequences > 0 ? cut / sequences : 0;
        set.fingerprint = fingerprintOf(set.items);
        return set;
    }

    /// A file that was split stands in the teacher's and the student's part.
    void addCutShares()
    {
        const bool split = std::ranges::find(m_files, "task.student_data", &ReadFile::role) == m_files.end();
        for (ReadFile& file : m_files) {
            const bool teacher = file.role == "task.teacher_data";
            std::vector<const std::vector<Encoded>*> parts{file.role == "task.test_data" ? &m_test
                                                           : teacher                     ? &m_teacher
                                                                                         : &m_student};
            if (teacher && split) parts.push_back(&m_student);
            file.cutShare = cutShareOf(parts);
        }
    }

    static double cutShareOf(const std::vector<const std::vector<Encoded>*>& parts)
    {
        double cut = 0;
        double texts = 0;
        for (const auto* part : parts)
            for (const Encoded& each : *part) {
                cut += each.cut;
                texts += static_cast<double>(each.item.texts.size());
            }
        return texts > 0 ? cut / texts : 0;
    }

    void addNotes(const spec::Experiment& experiment)
    {
        const auto labels = static_cast<std::size_t>(std::max(experiment.training.labels, 0));
        const auto later = static_cast<std::size_t>(std::max(experiment.ladder.generations - 1, 1));
        if (later > 1 && (labels == 0 || labels * later > m_student.size()))
            m_note += "The " + std::to_string(m_student.size()) + " student rows are fewer than generations 2 to " +
                      std::to_string(later + 1) + " use together, so these generations share items. ";
        const std::size_t kept = anchorPicks(m_teacher.size(), m_anchors, 0).size();
        if (m_anchors > 0)
            m_note += std::to_string(kept) + " of the " + std::to_string(m_teacher.size()) +
                      " rows with true labels are kept back as anchors. ";
        // A pair's order is tossed, but a class may be the more frequent one: then chance is not one half.
        if (m_read == Read::Classify) {
            std::vector<int> counts(static_cast<std::size_t>(m_classes));
            const ItemSet held = test();
            for (const Item& item : held.items)
                ++counts[static_cast<std::size_t>(item.truth)];
            char text[120];
            std::snprintf(
                text, sizeof text, "Always giving the most frequent class is right on %.1f %% of test items. ",
                100.0 * *std::max_element(counts.begin(), counts.end()) / static_cast<double>(held.items.size()));
            m_note += text;
        }
        if (!m_note.empty()) m_note.pop_back();
    }

    const Read m_read;
    const int m_classes;
    const int m_maxTokens;
    const std::optional<Bpe> m_bpe;
    const int m_testItems;
    const int m_anchors; ///< teacher rows kept back
    std::string m_note;
    std::vector<ReadFile> m_files;
    std::vector<Encoded> m_teacher;
    std::vector<Encoded> m_student;
    std::vector<Encoded> m_test;
    std::vector<std::int32_t> m_stream; ///< every training text, end-of-text between them
};

Error outside(const std::string& key, const std::string& message)
{
    Error error = badInput(key + message);
    error.key = key;
    return error;
}

} // namespace

Result<std::unique_ptr<Task>> fileTask(const Template& form, const RawData& data, const spec::Experiment& experiment)
{
    const int vocabulary = experiment.ladder.vocabulary;
    if (experiment.ladder.models.empty() && (vocabulary < Bpe::kSmallestVocabulary || vocabulary > kLargestVocabulary))
        return outside("ladder.vocabulary",
                       " is " + std::to_string(vocabulary) + ": choose 257 (bytes and end of text) to 65,536.");
    if (experiment.task.maxTokens < kFewestTokens)
        return outside("task.max_tokens", " is " + std::to_string(experiment.task.maxTokens) +
                                              ": a sequence needs at least " + std::to_string(kFewestTokens) + ".");
    if (!experiment.ladder.models.empty())
        return std::unique_ptr<Task>(std::make_unique<FileTask>(form, data, std::nullopt, experiment));
    return std::unique_ptr<Task>(std::make_unique<FileTask>(form, data, vocabularyOf(data, vocabulary), experiment));
}

Bpe vocabularyOf(const RawData& data, int vocabulary)
{
    std::vector<std::string_view> texts;
    for (const auto* part : {&data.teacher, &data.student})
        for (const RawItem& item : *part)
            texts.insert(texts.end(), item.texts.begin(), item.texts.end());
    return Bpe::train(texts, vocabulary);
}

} // namespace gradus::data
