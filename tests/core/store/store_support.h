// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of the store share: small experiments, opened stores, and child processes.
#pragma once

#include "store/store_reader.h"
#include "store/store_writer.h"
#include "support/must.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>
#include <stdexcept>
#include <string>

namespace gradus::tests {

/// Makes a store of format 6 of one of today: it had the words of messages indexed by triggers, and no tags.
inline constexpr const char* kBackTo6 =
    "DROP TABLE run_tag; DROP TABLE run_note; "
    "CREATE TRIGGER message_text_insert AFTER INSERT ON message WHEN new.number < 16777216 BEGIN "
    "INSERT INTO message_text (rowid, content) VALUES ((new.episode_id << 24) | new.number, new.content); END; "
    "CREATE TRIGGER message_text_delete AFTER DELETE ON message WHEN old.number < 16777216 BEGIN "
    "DELETE FROM message_text WHERE rowid = (old.episode_id << 24) | old.number; END; PRAGMA user_version = 6;";

spec::Experiment smallExperiment(const std::string& name = "small");
std::int64_t addRun(store::StoreWriter& writer, const std::string& name = "small");

/// A folder with one store, opened for writing, with one run.
struct OneRun
{
    QTemporaryDir folder;
    std::filesystem::path path = folder.path().toStdString() + "/gradus.db";
    std::unique_ptr<store::StoreWriter> writer = must(store::StoreWriter::open(path));
    std::int64_t run = addRun(*writer);
    events::EventSink& sink() { return writer->sink(run); }
    store::StoreReader reader() const { return must(store::StoreReader::open(path)); }
};

/// Runs this very program as a child: see child_main.cpp. Returns its standard output and exit code.
struct ChildResult
{
    int exitCode = -1;
    QByteArray output;
};
ChildResult runChild(const QStringList& arguments);
/// Starts a child and kills it with SIGKILL once it has printed that many lines.
QByteArray killChildAfter(const QStringList& arguments, int lines);

} // namespace gradus::tests
