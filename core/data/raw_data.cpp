// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/raw_data.h"

#include "base/hash.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace gradus::data {

namespace {

constexpr std::size_t kFewestRows = 10;
constexpr std::uint64_t kSplitSeed = 1;

Error withKey(Error error, const std::string& key)
{
    if (error.key.empty()) error.key = key;
    return error;
}

/// One file's items; sentences about it are added to note.
Result<std::vector<RawItem>> readItems(const Template& form, const spec::Task& task, const std::string& file,
                                       const std::string& key, std::string& note)
{
    if (file.empty())
        return withKey(
            badInput(key + " is empty: " + form.name + " needs the path of a CSV, JSON Lines or Parquet file there."),
            key);
    const Result<Table> table = readTable(file);
    if (!table) return withKey(table.error(), key);
    const auto cells = roleCells(form, *table, task.columns);
    if (!cells) return cells.error();
    Result<RawItems> read = form.items(*table, *cells);
    if (!read) return withKey(read.error(), key);
    if (read->items.size() < kFewestRows)
        return withKey(badInput(visible(file) + " holds " + std::to_string(read->items.size()) +
                                " usable rows: at least " + std::to_string(kFewestRows) + " are needed."),
                       key);
    if (read->leftOut > 0)
        note += std::to_string(read->leftOut) + " rows of " + visible(file) + " were left out because " +
                form.leftOutBecause + ". ";
    if (read->distrusted > 0) note += "Of " + visible(file) + " " + distrustNote(form, *read);
    return std::move(read->items);
}

std::string identityOf(const RawItem& item)
{
    // Order does not matter: a pair turned round is the same pair.
    std::vector<std::string> texts = item.texts;
    std::sort(texts.begin(), texts.end());
    std::string all;
    for (const std::string& text : texts)
        all += std::to_string(text.size()) + ":" + text;
    return all;
}

void leaveOutTestItems(std::vector<RawItem>& training, const std::set<std::string>& test, const std::string& file,
                       std::string& note)
{
    const std::size_t removed =
        std::erase_if(training, [&](const RawItem& item) { return test.contains(identityOf(item)); });
    if (removed > 0)
        note += std::to_string(removed) + " rows of " + visible(file) +
                " also stand in the test file and were left out of training. ";
}

void splitByGroup(RawData& data, const std::string& file)
{
    std::vector<RawItem> teacher;
    for (RawItem& item : data.teacher)
        (splitHash(item.group, kSplitSeed) % 2 == 0 ? teacher : data.student).push_back(std::move(item));
    data.teacher = std::move(teacher);
    data.note += "No student file is named, so " + visible(file) +
                 " was split by hash: " + std::to_string(data.teacher.size()) + " rows for the first generation, " +
                 std::to_string(data.student.size()) + " for the later ones. ";
}

/// One of the two parts that generations are taught from.
struct Part
{
    const char* key;   ///< of its file
    const char* whose; ///< who learns from it
    const std::string& file;
    std::size_t rows;
    const char* asks; ///< the key that says how many
    int labels;
    const char* cure;
};

std::array<Part, 2> partsOf(std::size_t teacherRows, std::size_t studentRows, const spec::Experiment& experiment)
{
    const spec::Task& task = experiment.task;
    const spec::Training& training = experiment.training;
    const bool ownCount = training.teacherLabels > 0;
    const char* const kAllThereAre = "lower it, or write 0 for all there are.";
    return {Part{"task.teacher_data", "the first generation", task.teacherData, teacherRows,
                 ownCount ? "training.teacher_labels" : "training.labels",
                 ownCount ? training.teacherLabels : training.labels, ownCount ? "lower it." : kAllThereAre},
            Part{"task.student_data", "each later generation",
                 task.studentData.empty() ? task.teacherData : task.studentData, studentRows, "training.labels",
                 training.labels, kAllThereAre}};
}

Result<void> checkUsable(const RawData& data, const spec::Experiment& experiment)
{
    for (const Part& part : partsOf(data.teacher.size(), data.student.size(), experiment))
        if (part.rows < kFewestRows)
            return withKey(badInput(visible(part.file) + " leaves " + std::to_string(part.rows) + " rows for " +
                                    part.whose + ": add rows or name a second file with task.student_data."),
                           part.key);
    return {};
}

} // namespace

Result<void> checkLabels(std::size_t teacherRows, std::size_t studentRows, const spec::Experiment& experiment)
{
    for (const Part& part : partsOf(teacherRows, studentRows, experiment))
        if (part.labels > 0 && part.rows < static_cast<std::size_t>(part.labels))
            return withKey(badInput(std::string(part.asks) + " asks for " + std::to_string(part.labels) +
                                    " items for " + part.whose + " and " + visible(part.file) + " has " +
                                    std::to_string(part.rows) + ": " + part.cure),
                           part.asks);
    return {};
}

Result<RawData> readRawData(const Template& form, const spec::Experiment& experiment)
{
    const spec::Task& task = experiment.task;
    RawData data;
    auto teacher = readItems(form, task, task.teacherData, "task.teacher_data", data.note);
    if (!teacher) return teacher.error();
    data.teacher = std::move(*teacher);
    auto test = readItems(form, task, task.testData, "task.test_data", data.note);
    if (!test) return test.error();
    data.test = std::move(*test);
    std::set<std::string> held;
    for (const RawItem& item : data.test)
        held.insert(identityOf(item));
    leaveOutTestItems(data.teacher, held, task.teacherData, data.note);
    if (task.studentData.empty()) {
        splitByGroup(data, task.teacherData);
    } else {
        auto student = readItems(form, task, task.studentData, "task.student_data", data.note);
        if (!student) return student.error();
        data.student = std::move(*student);
        leaveOutTestItems(data.student, held, task.studentData, data.note);
    }
    if (const auto usable = checkUsable(data, experiment); !usable) return usable.error();
    return data;
}

} // namespace gradus::data
