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

/// So few usable rows: how many there are and why the others are none.
Error tooFew(const ReadFile& file)
{
    std::string text = visible(file.path) + " holds " + std::to_string(file.items) + " usable rows of " +
                       std::to_string(file.rows) + ": at least " + std::to_string(kFewestRows) + " are needed.";
    for (const LeftOutRows& left : file.leftOut)
        text += " " + counted(left.count, left.what) + (left.count == 1 ? " was" : " were") + " left out because " +
                left.because + ": take in more of which that is not so.";
    return withKey(badInput(text), file.role);
}

/// One file's items; what was read of it is added to files.
Result<std::vector<RawItem>> readItems(const Template& form, const spec::Task& task, const std::string& file,
                                       const std::string& key, std::vector<ReadFile>& files)
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
    ReadFile told{.role = key, .path = file, .rows = table->rows.size(), .items = read->items.size()};
    if (read->leftOut > 0) told.leftOut.push_back({read->leftOut, "row", form.leftOutBecause});
    if (read->distrusted > 0) told.leftOut.push_back({read->distrusted, "answer", form.distrustedBecause});
    if (told.items < kFewestRows) return tooFew(told);
    files.push_back(std::move(told));
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

void leaveOutTestItems(std::vector<RawItem>& training, const std::set<std::string>& test, ReadFile& file)
{
    const std::size_t removed =
        std::erase_if(training, [&](const RawItem& item) { return test.contains(identityOf(item)); });
    if (removed == 0) return;
    file.items -= removed;
    file.leftOut.push_back({removed, "row", "they also stand in the test file"});
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
    auto teacher = readItems(form, task, task.teacherData, "task.teacher_data", data.files);
    if (!teacher) return teacher.error();
    data.teacher = std::move(*teacher);
    auto test = readItems(form, task, task.testData, "task.test_data", data.files);
    if (!test) return test.error();
    data.test = std::move(*test);
    std::set<std::string> held;
    for (const RawItem& item : data.test)
        held.insert(identityOf(item));
    leaveOutTestItems(data.teacher, held, data.files.front());
    if (task.studentData.empty()) {
        splitByGroup(data, task.teacherData);
    } else {
        auto student = readItems(form, task, task.studentData, "task.student_data", data.files);
        if (!student) return student.error();
        data.student = std::move(*student);
        leaveOutTestItems(data.student, held, data.files.back());
    }
    if (const auto usable = checkUsable(data, experiment); !usable) return usable.error();
    std::string left;
    for (const ReadFile& file : data.files)
        left += leftOutNote(file);
    data.note.insert(0, left);
    return data;
}

} // namespace gradus::data
