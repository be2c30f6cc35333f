// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/parquet_table.h"

#include "base/text.h"
#include "data/parquet/parquet_module.h"

#include <dlfcn.h>

namespace gradus::data {

namespace {

constexpr ParquetLimits kLimits{.bytes = std::int64_t{2} << 30, .cellBytes = 16 << 20, .columns = 1000, .depth = 64};

/// Beside the programs: bin/gradus reads lib/gradus/parquet.so.
std::filesystem::path modulePath()
{
    std::error_code failure;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failure);
    return failure ? std::filesystem::path() : program.parent_path().parent_path() / "lib" / "gradus" / "parquet.so";
}

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

Result<Table> readParquet(const std::filesystem::path& path)
{
    const Result<Module>& module = theModule();
    const std::string file = visible(path.string());
    if (!module) return badInput(file + " cannot be read: " + module.error().message + ".");
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure))
        return badInput("There is no file " + file + ": check the path.");
    ParquetRows read;
    module->read(path.c_str(), &kLimits, &read);
    if (!read.failure.empty()) return badInput(file + " cannot be read: " + visible(read.failure, 300) + ".");
    Table table{.file = path.string(), .columns = std::move(read.columns), .rows = {}, .unit = "row"};
    table.rows.reserve(read.rows.size());
    int number = 0;
    for (auto& cells : read.rows)
        table.rows.push_back({.cells = std::move(cells), .line = ++number});
    return table;
}

} // namespace gradus::data
