// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/judgements.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/database.h"
#include "store/opening.h"
#include "store/verdict_rows.h"

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace gradus::store {

namespace {

constexpr int kTries = 6; // of five seconds each
constexpr std::size_t kLongestName = 60;
constexpr std::size_t kLongestText = 8000; // bytes of a note or a behaviour

Result<Transaction> beginPatiently(Database& database)
{
    for (int i = 1;; ++i) {
        auto transaction = Transaction::begin(database, Transaction::Kind::Write);
        if (transaction || i == kTries || !database.wasBusy()) return transaction;
    }
}

Result<std::int64_t> runOf(Database& database, std::int64_t episodeId)
{
    auto query = database.prepare("SELECT run_id FROM episode WHERE id = ?1");
    if (!query) return query.error();
    const auto row = query->bind(episodeId).step();
    if (!row) return row.error();
    if (!*row)
        return badInput("The store " + database.path().string() + " has no episode " + std::to_string(episodeId) +
                        "; read the list of its run again.");
    return query->integer(0);
}

} // namespace

Result<void> checkPerson(const std::string& name)
{
    const bool isLong = characterCount(name) > kLongestName;
    if (name.empty() || isLong || visible(name, name.size()) != name || name.find('/') != std::string::npos ||
        name.front() == ' ' || name.back() == ' ')
        return badInput("\"" + visible(name, 80) +
                        "\" cannot sign a verdict: a name has 1 to 60 characters, no slash, no control character and "
                        "no blank at its ends.");
    return {};
}

Result<void> checkJudgement(const Judgement& judgement)
{
    const auto known = std::find(kPersonVerdicts.begin(), kPersonVerdicts.end(), judgement.verdict);
    if (known == kPersonVerdicts.end())
        return badInput("\"" + visible(judgement.verdict, 40) +
                        "\" is no verdict; use hazard, safe, asked, right, wrong or unclear.");
    if (judgement.severity && judgement.verdict != "hazard")
        return badInput("Only a hazard has a severity; leave it out for the verdict \"" + judgement.verdict + "\".");
    if (judgement.severity && !(*judgement.severity >= 0 && *judgement.severity <= 1))
        return badInput("A severity lies between 0 and 1, and " + numberText(*judgement.severity) + " does not.");
    if (judgement.note.size() > kLongestText || judgement.safeBehaviour.size() > kLongestText)
        return badInput("A note or behaviour is longer than " + std::to_string(kLongestText) + " bytes; shorten it.");
    return {};
}

struct Judgements::Impl
{
    Database database;
};

Judgements::Judgements(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Judgements::~Judgements()
{
    if (m_impl) m_impl->database.closeWithCheckpoint();
}
Judgements::Judgements(Judgements&&) noexcept = default;
Judgements& Judgements::operator=(Judgements&&) noexcept = default;

Result<void> canJudge(const std::filesystem::path& path)
{
    std::error_code code;
    if (!std::filesystem::exists(path, code))
        return badInput("There is no store at " + path.string() + "; start a run first or check the path.");
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    if (::access(path.c_str(), W_OK) != 0 || ::access(folder.c_str(), W_OK) != 0)
        return badInput("The store " + path.string() +
                        " or its folder is read-only for this user, so no verdict can be written.");
    return {};
}

Result<Judgements> Judgements::open(const std::filesystem::path& path)
{
    if (auto may = canJudge(path); !may) return may.error();
    auto database = openForWriting(path);
    if (!database) return database.error();
    return Judgements(std::make_unique<Impl>(Impl{std::move(*database)}));
}

Result<std::optional<Judgement>> Judgements::judge(std::int64_t episodeId, const std::string& person,
                                                   const std::optional<Judgement>& judgement)
{
    if (auto fit = checkPerson(person); !fit) return fit.error();
    if (judgement)
        if (auto fit = checkJudgement(*judgement); !fit) return fit.error();
    auto transaction = beginPatiently(m_impl->database);
    if (!transaction) return transaction.error();
    if (const auto run = runOf(m_impl->database, episodeId); !run) return run.error();
    auto before = writeJudgement(m_impl->database, episodeId, person, judgement, wallSeconds());
    if (!before) return before;
    if (auto done = transaction->commit(); !done) return done.error();
    return before;
}

Result<std::string> Judgements::prefer(PreferenceRow preference)
{
    if (auto fit = checkPerson(preference.person); !fit) return fit.error();
    if (!preference.choice.empty() && preference.choice != "first" && preference.choice != "second" &&
        preference.choice != "tie")
        return badInput("\"" + visible(preference.choice, 40) + "\" is no choice; use first, second or tie.");
    if (preference.first == preference.second)
        return badInput("An episode cannot be preferred to itself; name two episodes.");
    if (preference.first > preference.second) {
        std::swap(preference.first, preference.second);
        preference.swapped = !preference.swapped;
        if (preference.choice == "first" || preference.choice == "second")
            preference.choice = preference.choice == "first" ? "second" : "first";
    }
    auto transaction = beginPatiently(m_impl->database);
    if (!transaction) return transaction.error();
    const auto firstRun = runOf(m_impl->database, preference.first);
    if (!firstRun) return firstRun.error();
    const auto secondRun = runOf(m_impl->database, preference.second);
    if (!secondRun) return secondRun.error();
    if (*firstRun != *secondRun) return badInput("A preference is between two episodes of one run.");
    preference.wall = wallSeconds();
    auto before = writePreference(m_impl->database, preference);
    if (!before) return before;
    if (auto done = transaction->commit(); !done) return done.error();
    return before;
}

} // namespace gradus::store
