// SPDX-License-Identifier: GPL-3.0-or-later
// Which tables hold rows of a run, read off the schema's own foreign keys: a table that is added later is found too.
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace gradus::store {

class Database;

/// A column that refers to the id of a row of another table.
struct Reference
{
    std::string column;
    std::string table;
    bool mayBeNull = false;
};

/// A table whose rows each belong to one run.
struct RunTable
{
    std::string name;
    std::vector<std::string> columns = {}; ///< in the schema's order
    std::vector<Reference> references = {};
    bool hasId = false;         ///< its key is an INTEGER PRIMARY KEY "id", which is another one in another store
    std::string rowsOfRun = {}; ///< SQL condition: the rows that belong to run ?1, if only in part

    bool isDerived() const { return name == "pyramid"; }
    /// Belongs to this store's queue, not to what the run is.
    bool isQueue() const { return name == "queue_entry"; }
};

/// "run" first, every table after those it refers to.
Result<std::vector<RunTable>> runTables(Database& database);

/// An identifier in double quotes.
std::string quotedName(const std::string& name);

} // namespace gradus::store
