// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/parquet_table.h"

#include "base/text.h"
#include "data/parquet/parquet_module.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <set>
#include <string_view>

#include <dlfcn.h>

namespace gradus::data {

namespace {

constexpr std::int64_t kMostBytes = std::int64_t{2} << 30;

/// Beside the programs: bin/gradus reads lib/gradus/parquet.so.
std::filesystem::path modulePath()
{
    std::error_code failure;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failure);
    return failure ? std::filesystem::path() : program.parent_path().parent_path() / "lib" / "gradus" / "parquet.so";
}

std::optional<std::string> twiceIn(const std::vector<std::string>& columns)
{
    std::set<std::string_view> names;
    for (const std::string& name : columns)
        if (!names.insert(name).second) return name;
    return std::nullopt;
}

/// Where the module's parts go. Nothing is thrown through the module, which may be built by another compiler.
struct Receiver
{
    const std::filesystem::path& path;
    const std::function<Result<void>(Table& part)>& take;
    int row = 0;
    Result<void> taken = {};
    std::exception_ptr thrown = {};

    bool refuse(const std::string& sentence)
    {
        taken = badInput(sentence);
        return false;
    }

    static bool takePart(void* state, ParquetRows* part)
    {
        auto& self = *static_cast<Receiver*>(state);
        try {
            if (const auto twice = twiceIn(part->columns))
                return self.refuse(visible(self.path.string()) + " names the column \"" + visible(*twice, 60) +
                                   "\" twice: rename one.");
            Table table{.file = self.path.string(), .columns = std::move(part->columns), .rows = {}, .unit = "row"};
            table.rows.reserve(part->rows.size());
            for (auto& cells : part->rows)
                table.rows.push_back({.cells = std::move(cells), .line = ++self.row});
            self.taken = self.take(table);
        } catch (...) {
            self.thrown = std::current_exception();
        }
        return !self.thrown && self.taken.ok();
    }
};

struct Module
{
    ReadParquet read = nullptr;
};

/// Or why there is none. Loaded once and never unloaded.
Result<Module> loadModule()
{
    const std::filesystem::path path = modulePath();
    std::error_code failure;
    if (!std::filesystem::exists(path, failure))
        return badInput("this build of Gradus reads no Parquet: install the Python wheel \"pyarrow\", run cmake again "
                        "with -DGRADUS_ARROW_DIR=<its folder> and build, or save the file as .jsonl");
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* const entry = library ? dlsym(library, kParquetEntry) : nullptr;
    if (!entry) {
        const char* const said = dlerror();
        return badInput("the Parquet module cannot be loaded (" + visible(said ? said : "no reason given", 300) +
                        "): build Gradus again, or save the file as .jsonl");
    }
    return Module{reinterpret_cast<ReadParquet>(entry)};
}

const Result<Module>& theModule()
{
    static const Result<Module> module = loadModule();
    return module;
}

} // namespace

std::string parquetAbsence()
{
    return theModule() ? "" : theModule().error().message;
}

Result<void> eachParquetPart(const std::filesystem::path& path, std::size_t partBytes,
                             const std::function<Result<void>(Table& part)>& take)
{
    const Result<Module>& module = theModule();
    const std::string file = visible(path.string());
    if (!module) return badInput(file + " cannot be read: " + module.error().message + ".");
    std::error_code unknown;
    if (!std::filesystem::is_regular_file(path, unknown))
        return badInput("There is no file " + file + ": check the path.");
    const ParquetLimits limits{
        .bytes = kMostBytes,
        .partBytes = static_cast<std::int64_t>(std::clamp<std::size_t>(partBytes, 1, std::size_t{kMostBytes})),
        .cellBytes = 16 << 20,
        .columns = 1000,
        .depth = 64};
    Receiver receiver{.path = path, .take = take};
    const ParquetReceiver entry{.state = &receiver, .take = &Receiver::takePart};
    std::string failure;
    module->read(path.c_str(), &limits, &entry, &failure);
    if (receiver.thrown) std::rethrow_exception(receiver.thrown);
    if (!receiver.taken) return receiver.taken;
    if (!failure.empty()) return badInput(file + " cannot be read: " + visible(failure, 300) + ".");
    return {};
}

Result<Table> readParquet(const std::filesystem::path& path)
{
    Table table;
    const auto keep = [&](Table& part) -> Result<void> {
        table = std::move(part);
        return {};
    };
    // A part as large as any file that is read so: the only one.
    if (auto read = eachParquetPart(path, std::numeric_limits<std::size_t>::max(), keep); !read) return read.error();
    return table;
}

} // namespace gradus::data
