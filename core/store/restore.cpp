// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/restore.h"

#include "base/files.h"
#include "base/text.h"
#include "store/database.h"
#include "store/migrations.h"
#include "store/opening.h"
#include "store/rows.h"
#include "store/schema.h"
#include "store/store_check.h"
#include "store/store_facts.h"
#include "store/store_lock.h"

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include <unistd.h>

namespace gradus::store {

namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 3> kEndings = {"", "-wal", "-shm"}; ///< of the files that are one store
constexpr double kPatience = 5;                                       ///< seconds for another program's checkpoint

/// A folder beside the store for the copy and whatever bringing it up to date leaves; goes with what is in it.
class Scratch final
{
public:
    explicit Scratch(const fs::path& store) : m_folder(store.string() + "." + std::to_string(::getpid()) + ".restoring")
    {
        remove();
    }
    ~Scratch() { remove(); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    Result<void> make() const { return makeFolder(m_folder); }
    fs::path copy() const { return m_folder / "copy.db"; }

private:
    void remove() const
    {
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }
    const fs::path m_folder;
};

/// A sound copy of the backup in this program's format, or why there is none.
Result<void> makeCopy(const fs::path& backup, const fs::path& copy)
{
    {
        auto database = Database::open(backup, Access::ReadOnly);
        if (!database) return database.error();
        const auto version = schemaVersion(*database);
        if (!version) return version.error();
        if (*version == 0)
            return badInput(backup.string() + " is empty and no backup of a store; choose another file.");
        if (auto copied = copyStore(*database, copy); !copied) return copied;
    }
    if (const auto upgraded = upgradeStore(copy); !upgraded) return upgraded.error();
    const auto report = checkStore(copy);
    if (!report) return report.error();
    if (report->damage.empty()) return {};
    return badInput("The backup " + backup.string() + " is damaged itself (" + report->damage.front() +
                    "); the store was left as it is.");
}

/// Refused while a process works on one of its runs. A store that cannot be read has none that we could know of.
Result<void> checkIdle(const fs::path& store)
{
    auto database = openForReading(store);
    if (!database) return {};
    const auto runs = readRuns(*database);
    if (!runs) return {};
    for (const RunRow& run : *runs)
        if (run.state == RunState::Preparing || run.state == RunState::Running || run.state == RunState::Stopping)
            return Error{.message = "Run " + visible(run.uuid.substr(0, 8)) +
                                    " is being worked on in this store; restore when the run has ended.",
                         .kind = ErrorKind::Refused};
    return {};
}

fs::path nameAside(const fs::path& store)
{
    const std::string base = store.string() + ".before-restore-backup";
    fs::path name = base;
    for (int i = 2; fs::exists(fs::symlink_status(name)); ++i)
        name = base + "-" + std::to_string(i);
    return name;
}

/// All files of a store under another name. Connections that are open go on with those files; what fails is undone.
Result<void> moveStore(const fs::path& from, const fs::path& to)
{
    std::error_code code;
    for (std::size_t i = 0; i < kEndings.size(); ++i) {
        const fs::path file = from.string() + kEndings[i];
        if (i > 0 && !fs::exists(fs::symlink_status(file))) continue;
        fs::rename(file, to.string() + kEndings[i], code);
        if (!code) continue;
        Error error = badInput("Cannot rename " + file.string() + ": " + causeOf(code.value()));
        for (std::size_t j = i; j-- > 0;)
            fs::rename(to.string() + kEndings[j], from.string() + kEndings[j], code);
        return error;
    }
    return {};
}

} // namespace

Result<fs::path> restoreStore(const fs::path& store, const fs::path& backup)
{
    std::error_code code;
    if (!fs::is_regular_file(backup, code))
        return badInput("There is no backup at " + backup.string() + "; check the path.");
    if (fs::equivalent(store, backup, code)) return badInput("A store is no backup of itself; choose another file.");
    const auto lock = StoreLock::take(store, StorePurpose::Checkpoint, kPatience);
    if (!lock)
        return badInput("The store " + store.string() +
                        " cannot be replaced: its folder is read-only or another program is working on it.");
    const auto queue = StoreLock::take(store, StorePurpose::Queue, kPatience);
    if (!queue)
        return Error{.message = "The queue of " + store.string() +
                                " is being worked on; restore when it is done, or stop its worker.",
                     .kind = ErrorKind::Refused};
    if (auto idle = checkIdle(store); !idle) return idle.error();
    const Scratch scratch(store);
    if (auto made = scratch.make(); !made) return made.error();
    const fs::path copy = scratch.copy();
    if (auto made = makeCopy(backup, copy); !made) return made.error();
    // Copying and checking may take minutes, in which a run may have begun.
    if (auto idle = checkIdle(store); !idle) return idle.error();
    fs::path aside;
    if (fs::exists(fs::symlink_status(store))) {
        // What a killed process had not committed goes aside with its store; a store too damaged for it goes as it is.
        (void)recoverStore(store);
        aside = nameAside(store);
        if (auto moved = moveStore(store, aside); !moved) return moved.error();
    }
    fs::rename(copy, store, code);
    if (code) {
        Error error = badInput("Cannot put the backup in place of " + store.string() + ": " + causeOf(code.value()));
        if (!aside.empty()) static_cast<void>(moveStore(aside, store).ok());
        return error;
    }
    return aside;
}

} // namespace gradus::store
