// SPDX-License-Identifier: GPL-3.0-or-later
// Databases of MLflow and trackio with bytes changed. The first byte chooses the database and whether the rest is what
// stands in its cells ('m', 't') or changes of its bytes ('M', 'T'); any other input is the file itself.
#include "base/files.h"
#include "fuzz.h"
#include "imports/read_source.h"
#include "plan.h"
#include "store/database.h"

using namespace gradus;

namespace {

constexpr const char* kTrackio =
    "PRAGMA page_size=512;"
    "CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, "
    "metrics TEXT);"
    "CREATE TABLE configs (id INTEGER PRIMARY KEY, run_id TEXT, run_name TEXT, config TEXT, created_at TEXT);"
    "INSERT INTO metrics VALUES (1,'i','2026-11-29T09:44:51.500000+00:00','calm',0,'{\"a\":1,\"b\":\"NaN\"}'),"
    "(2,'i','2026-11-29T10:44:52+01:00','calm',1,'{\"a\":2.5}'),(3,'j','x','wild',2,'{\"a\":7}');"
    "INSERT INTO configs VALUES (1,'i','calm','{\"lr\":0.1,\"opt\":{\"name\":\"adam\"}}','');";
constexpr const char* kMlflow =
    "PRAGMA page_size=512;"
    "CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT, lifecycle_stage TEXT);"
    "CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, experiment_id INTEGER, start_time INTEGER, "
    "end_time INTEGER, status TEXT, lifecycle_stage TEXT);"
    "CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);"
    "CREATE TABLE metrics (key TEXT, value REAL, timestamp INTEGER, run_uuid TEXT, step INTEGER, is_nan INTEGER);"
    "INSERT INTO experiments VALUES (1,'demo','active');"
    "INSERT INTO runs VALUES ('u1','calm',1,1795945504000,1795945505000,'FINISHED','active');"
    "INSERT INTO params VALUES ('lr','0.1','u1');"
    "INSERT INTO metrics VALUES ('loss',0.5,1795945504100,'u1',0,0),('loss',0,1795945504200,'u1',10,1);";

std::string made(const char* name, const char* sql)
{
    const std::filesystem::path path = fuzz::scratch() / name;
    {
        auto database = store::Database::open(path, store::Access::ReadWrite);
        fuzz::expect(database.ok() && database->script(sql).ok(), "a database can be made", name);
    }
    return readFile(path).value();
}

/// Texts of strangers in every cell that is read as more than a name.
std::filesystem::path filled(char kind, const std::string& sound, std::string_view texts)
{
    const auto path = fuzz::written("filled.db", sound);
    const auto parts = fuzz::partsOf(texts, 4);
    auto database = store::Database::open(path, store::Access::ReadWrite);
    fuzz::expect(database.ok(), "a sound database opens");
    const auto set = [&](const char* sql, std::size_t part) {
        fuzz::expect(database->run(sql, std::string(parts[part])).ok(), "a cell can be written", sql);
    };
    if (kind == 't') {
        set("UPDATE metrics SET metrics = ?1 WHERE id = 2", 0);
        set("UPDATE configs SET config = ?1", 1);
        set("UPDATE metrics SET timestamp = ?1 WHERE id = 1", 2);
        set("UPDATE metrics SET run_name = ?1 WHERE id = 3", 3);
    } else {
        set("UPDATE metrics SET key = ?1 WHERE step = 10", 0);
        set("UPDATE params SET value = ?1", 1);
        set("UPDATE runs SET start_time = ?1", 2);
        set("UPDATE runs SET name = ?1", 3);
    }
    return path;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::string trackio = made("trackio.db", kTrackio);
    static const std::string mlflow = made("mlflow.db", kMlflow);
    const std::string_view input = fuzz::textOf(data, size);
    const char kind = input.empty() ? ' ' : input[0];
    std::filesystem::path path;
    if (kind == 't' || kind == 'm')
        path = filled(kind, kind == 't' ? trackio : mlflow, input.substr(1));
    else if (kind == 'T' || kind == 'M')
        path = fuzz::written("changed.db", fuzz::patched(kind == 'T' ? trackio : mlflow, input.substr(1)));
    else
        path = fuzz::written("changed.db", input);
    const auto source = imports::readTrackerDatabase(path);
    if (source)
        fuzz::expectPlan(*source);
    else
        fuzz::expectSentence(source.error()); // a damaged one is SQLite's to name
    return 0;
}
