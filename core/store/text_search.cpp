// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/text_search.h"

#include "store/database.h"

#include <sqlite3.h>

#include <algorithm>
#include <set>

namespace gradus::store {

namespace {

constexpr int kNumberBits = 24; // of a row of the index: the message's number, below it the episode
constexpr std::int64_t kNumberMask = (std::int64_t{1} << kNumberBits) - 1;

// The index of many messages in one statement: FTS5 flushes after every row that a trigger gives it.
constexpr const char* kOfEpisode = "episode_id = ?1";
constexpr const char* kOfRun = "episode_id IN (SELECT id FROM episode WHERE run_id = ?1)";
constexpr const char* kOfLater = "episode_id IN (SELECT id FROM episode WHERE run_id = ?1 AND generation > ?2)";
constexpr const char* kIndexMessages = "INSERT INTO message_text (rowid, content) SELECT (episode_id << 24) | number, "
                                       "content FROM message WHERE number < 16777216 AND ";
constexpr const char* kForgetMessages = "DELETE FROM message_text WHERE rowid IN (SELECT (episode_id << 24) | number "
                                        "FROM message WHERE number < 16777216 AND ";

char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return lowered(c); });
    return text;
}

std::int64_t hitsIn(const std::string& content, const std::string& sought)
{
    std::int64_t hits = 0;
    const std::string text = lowered(content);
    for (std::size_t at = text.find(sought); at != std::string::npos; at = text.find(sought, at + sought.size()))
        ++hits;
    return hits;
}

void countHits(const Fts5ExtensionApi* api, Fts5Context* context, sqlite3_context* result, int, sqlite3_value**)
{
    int hits = 0;
    if (const int code = api->xInstCount(context, &hits); code != SQLITE_OK)
        sqlite3_result_error_code(result, code);
    else
        sqlite3_result_int(result, hits);
}

/// Text as it stands, in the messages of one run; SQLite drops those without before they are copied. Its lower() knows
/// the ASCII letters, as we do here.
Result<TextHits> scanRun(Database& database, std::int64_t runId, const std::string& text)
{
    auto query = database.prepare("SELECT e.id, m.content FROM episode e JOIN message m ON m.episode_id = e.id "
                                  "WHERE e.run_id = ?1 AND instr(lower(m.content), ?2) > 0");
    if (!query) return query.error();
    const std::string sought = lowered(text);
    query->bind(runId, sought);
    TextHits hits;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return hits;
        const std::int64_t found = hitsIn(query->text(1), sought);
        hits.byEpisode[query->integer(0)] += found;
        hits.byRun[runId] += found;
    }
}

/// Run of every episode.
Result<std::map<std::int64_t, std::int64_t>> runsOf(Database& database,
                                                    const std::map<std::int64_t, std::int64_t>& episodes)
{
    auto query = database.prepare("SELECT run_id FROM episode WHERE id = ?1");
    if (!query) return query.error();
    std::map<std::int64_t, std::int64_t> runs;
    for (const auto& [episode, hits] : episodes) {
        const auto row = query->bind(episode).step();
        if (!row) return row.error();
        if (*row) runs[episode] = query->integer(0);
    }
    query->reset(); // an open cursor would keep a read transaction alive
    return runs;
}

} // namespace

void addHitCounter(sqlite3* connection)
{
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nullptr);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    if (api != nullptr) api->xCreateFunction(api, "hits", nullptr, countHits, nullptr);
}

std::string searchOf(std::string_view text)
{
    // Whatever is no letter or digit of ASCII and no byte above it is left to the tokenizer inside the quotes, which
    // alone says what a word is; quotes themselves are what could end the phrase.
    bool hasWord = false;
    std::string phrase;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isWord = byte >= 0x80 || (byte >= '0' && byte <= '9') || (lowered(c) >= 'a' && lowered(c) <= 'z');
        hasWord = hasWord || isWord;
        phrase += isWord ? c : ' ';
    }
    return hasWord ? "\"" + phrase + "\" *" : std::string();
}

Result<void> indexEpisode(Database& database, std::int64_t episodeId)
{
    return database.run(std::string(kIndexMessages) + kOfEpisode, episodeId);
}

Result<void> indexRun(Database& database, std::int64_t runId)
{
    return database.run(std::string(kIndexMessages) + kOfRun, runId);
}

Result<void> forgetEpisode(Database& database, std::int64_t episodeId)
{
    return database.run(std::string(kForgetMessages) + kOfEpisode + ")", episodeId);
}

Result<void> forgetRun(Database& database, std::int64_t runId)
{
    return database.run(std::string(kForgetMessages) + kOfRun + ")", runId);
}

Result<void> forgetAfter(Database& database, std::int64_t runId, int generation)
{
    return database.run(std::string(kForgetMessages) + kOfLater + ")", runId, generation);
}

Result<TextHits> findText(Database& database, std::int64_t runId, const std::string& text)
{
    if (text.empty()) return TextHits{};
    const std::string sought = searchOf(text);
    if (sought.empty()) return scanRun(database, runId, text);
    auto query = database.prepare("SELECT rowid, hits(message_text) FROM message_text WHERE message_text MATCH ?1");
    if (!query) return query.error();
    query->bind(sought);
    std::map<std::int64_t, std::int64_t> all;
    for (auto place = all.end();;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) break;
        const std::int64_t episode = query->integer(0) >> kNumberBits;
        if (place == all.end() || place->first != episode) place = all.try_emplace(episode, 0).first;
        place->second += query->integer(1);
    }
    const auto runs = runsOf(database, all);
    if (!runs) return runs.error();
    TextHits hits;
    for (const auto& [episode, run] : *runs) {
        hits.byRun[run] += all[episode];
        if (run == runId) hits.byEpisode.emplace_hint(hits.byEpisode.end(), episode, all[episode]);
    }
    return hits;
}

Result<std::vector<std::int64_t>> messagesWith(Database& database, std::int64_t episodeId, const std::string& text)
{
    std::vector<std::int64_t> numbers;
    if (text.empty()) return numbers;
    const std::string sought = searchOf(text);
    auto query = database.prepare(
        sought.empty() ? "SELECT number FROM message WHERE episode_id = ?1 AND instr(lower(content), ?2) > 0 "
                         "ORDER BY number"
                       : "SELECT rowid FROM message_text WHERE message_text MATCH ?2 AND rowid BETWEEN ?1 << 24 "
                         "AND (?1 << 24) + 16777215 ORDER BY rowid");
    if (!query) return query.error();
    query->bind(episodeId, sought.empty() ? lowered(text) : sought);
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return numbers;
        numbers.push_back(query->integer(0) & kNumberMask);
    }
}

} // namespace gradus::store
