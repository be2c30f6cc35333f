// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/run_marks.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/database.h"
#include "store/opening.h"
#include "store/run_copy.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace gradus::store {

namespace {

constexpr std::size_t kLongestTag = 40;    // characters
constexpr std::size_t kLongestNote = 8000; // bytes

Result<bool> addTag(Database& database, std::int64_t runId, const std::string& tag)
{
    auto done = database.run("INSERT OR IGNORE INTO run_tag (run_id, tag) VALUES (?1, ?2)", runId, tag);
    if (!done) return done.error();
    return database.changes() > 0;
}

Result<bool> removeTag(Database& database, std::int64_t runId, const std::string& tag)
{
    auto done = database.run("DELETE FROM run_tag WHERE run_id = ?1 AND tag = ?2", runId, tag);
    if (!done) return done.error();
    return database.changes() > 0;
}

Result<std::string> readNote(Database& database, std::int64_t runId)
{
    auto query = database.prepare("SELECT note FROM run_note WHERE run_id = ?1");
    if (!query) return query.error();
    const auto row = query->bind(runId).step();
    if (!row) return row.error();
    return *row ? query->text(0) : std::string();
}

Result<void> writeNote(Database& database, std::int64_t runId, const std::string& note)
{
    if (note.empty()) return database.run("DELETE FROM run_note WHERE run_id = ?1", runId);
    return database.run("INSERT INTO run_note (run_id, note, changed_at) VALUES (?1, ?2, ?3) "
                        "ON CONFLICT (run_id) DO UPDATE SET note = excluded.note, changed_at = excluded.changed_at",
                        runId, note, wallSeconds());
}

Result<void> checkChange(const MarkChange& change)
{
    for (const std::string& tag : change.add)
        if (auto may = checkTag(tag); !may) return may;
    return change.note ? checkNote(*change.note) : Result<void>{};
}

/// What undoes it.
Result<MarkChange> apply(Database& database, const MarkChange& change)
{
    const auto run = findUuid(database, change.uuid);
    if (!run) return run.error();
    if (!*run)
        return badInput("There is no run " + visible(change.uuid, 40) + " in the store " + database.path().string() +
                        "; `gradus list` shows the runs it has.");
    MarkChange inverse{.uuid = change.uuid};
    for (const std::string& tag : change.remove) {
        const auto removed = removeTag(database, **run, tag);
        if (!removed) return removed.error();
        if (*removed) inverse.add.push_back(tag);
    }
    for (const std::string& tag : change.add) {
        const auto added = addTag(database, **run, tag);
        if (!added) return added.error();
        if (*added) inverse.remove.push_back(tag);
    }
    if (!change.note) return inverse;
    auto before = readNote(database, **run);
    if (!before) return before.error();
    if (*before == *change.note) return inverse;
    if (auto done = writeNote(database, **run, *change.note); !done) return done.error();
    inverse.note = std::move(*before);
    return inverse;
}

} // namespace

Result<void> checkTag(const std::string& tag)
{
    if (tag.empty() || characterCount(tag) > kLongestTag || visible(tag, tag.size()) != tag ||
        tag.find_first_of(",\"") != std::string::npos || tag.front() == ' ' || tag.back() == ' ')
        return badInput("\"" + visible(tag, 60) +
                        "\" is no tag: one has 1 to 40 characters, no comma, no quotation mark, no control character "
                        "and no blank at its ends.");
    return {};
}

Result<void> checkNote(const std::string& note)
{
    if (note.size() > kLongestNote)
        return badInput("The note is " + std::to_string(note.size()) + " bytes long and may have " +
                        std::to_string(kLongestNote) + "; shorten it.");
    if (visibleLines(note) != note)
        return badInput("The note holds control characters or bytes that are no text (" + visible(note, 60) +
                        "); take them out.");
    return {};
}

Result<std::vector<MarkChange>> changeMarks(const std::filesystem::path& store, const std::vector<MarkChange>& changes)
{
    for (const MarkChange& change : changes)
        if (auto may = checkChange(change); !may) return may.error();
    std::error_code code;
    if (!std::filesystem::exists(store, code))
        return badInput("There is no store at " + store.string() + "; start a run first or check the path.");
    auto database = openForWriting(store);
    if (!database) return database.error();
    std::vector<MarkChange> inverse;
    {
        auto transaction = Transaction::begin(*database, Transaction::Kind::Write);
        if (!transaction) return transaction.error();
        for (const MarkChange& change : changes) {
            auto undone = apply(*database, change);
            if (!undone) return undone.error();
            if (*undone != MarkChange{.uuid = change.uuid}) inverse.push_back(std::move(*undone));
        }
        if (auto done = transaction->commit(); !done) return done.error();
    }
    database->closeWithCheckpoint();
    std::reverse(inverse.begin(), inverse.end()); // a run that stands there twice is undone backwards
    return inverse;
}

Result<RunMarks> readMarks(Database& database, std::int64_t runId)
{
    RunMarks marks;
    auto query = database.prepare("SELECT tag FROM run_tag WHERE run_id = ?1 ORDER BY tag");
    if (!query) return query.error();
    query->bind(runId);
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) break;
        marks.tags.push_back(query->text(0));
    }
    auto note = readNote(database, runId);
    if (!note) return note.error();
    marks.note = std::move(*note);
    return marks;
}

Result<bool> joinMarks(Database& database, std::int64_t runId, const RunMarks& others)
{
    bool changed = false;
    for (const std::string& tag : others.tags) {
        const auto added = addTag(database, runId, tag);
        if (!added) return added.error();
        changed = changed || *added;
    }
    const auto note = readNote(database, runId);
    if (!note) return note.error();
    if (others.note.empty() || note->find(others.note) != std::string::npos) return changed;
    // One that was here and went on elsewhere is the longer one alone.
    const bool wentOn = others.note.find(*note) != std::string::npos;
    auto done = writeNote(database, runId, wentOn ? others.note : *note + "\n" + others.note);
    if (!done) return done.error();
    return true;
}

} // namespace gradus::store
