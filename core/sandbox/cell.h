// SPDX-License-Identifier: GPL-3.0-or-later
// A cell: one isolated place for one episode, in which what a model wrote may run. It runs nothing if a layer is
// missing.
#pragma once

#include "base/result.h"
#include "sandbox/cell_options.h"
#include "sandbox/layers.h"
#include "sandbox/protocol.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::sandbox {

/// One command. Words and bytes may be a model's; the environment names add to the cell's own.
struct Command
{
    std::vector<std::string> argv;             ///< argv[0] is looked up in the cell's PATH; no word may hold a NUL byte
    std::string input = {};                    ///< standard input; at most 512 KiB
    std::string directory = {};                ///< empty: /home/agent
    std::vector<std::string> environment = {}; ///< "NAME=value"
    double timeoutSeconds = 30;
    std::uint64_t outputCap = 256 << 10; ///< bytes of both streams together; more ends the command
};

/// What came of a tool call that the cell survived: failures here are data for the model, not errors of Gradus.
struct ExecResult
{
    ToolError error = ToolError::None;
    std::string message; ///< one sentence if error is not None
    int exitCode = 0;    ///< of a command that ended by itself
    int signal = 0;      ///< that ended it, 0 if none: 9 is what a processor-time limit or a time-out looks like, 31 a
                         ///< forbidden architecture
    std::string output;  ///< raw bytes, hostile: visible() before it is shown
    std::string errors;
    double seconds = 0;
    bool success() const { return error == ToolError::None && exitCode == 0 && signal == 0; }
};

struct FileResult
{
    ToolError error = ToolError::None;
    std::string message;
    std::string bytes; ///< of a read
    bool success() const { return error == ToolError::None; }
};

enum class Change : char
{
    Present = '=', ///< of stat()
    Added = '+',
    Modified = '~',
    Removed = '-',
};

struct FileEntry
{
    Change change = Change::Present;
    std::string path;       ///< hostile bytes: never a path of the host
    std::uint32_t mode = 0; ///< st_mode with the file type
    std::uint64_t size = 0;
    std::uint64_t changedNanoseconds = 0;
};

struct Manifest
{
    ToolError error = ToolError::None;
    std::string message;
    std::vector<FileEntry> entries; ///< at most twice maxManifestEntries
    bool whole = true;              ///< false: the tree is larger or deeper than what is listed
    bool success() const { return error == ToolError::None; }
};

/// How a cell ended.
enum class EndKind
{
    Alive,
    Asked,    ///< shutdown() or the destructor
    Setup,    ///< bubblewrap could not set it up: nothing ran
    Ran,      ///< its first process ended by itself
    Memory,   ///< watchdog
    Inodes,   ///< watchdog
    Time,     ///< the episode's wall time
    Silent,   ///< no answer within the command's time and two seconds more
    Protocol, ///< it said what the protocol does not allow
    Lost,     ///< the keeper is gone
};

struct CellEnd
{
    EndKind kind = EndKind::Alive;
    std::string sentence;
};

std::string_view
toolErrorName(ToolError error); ///< "timeout", "permission", "file_not_found", ... as Inspect writes it

class Descriptor;

/// A place on a cell's own loopback.
struct LoopbackPort
{
    std::string address; ///< of 127.0.0.0/8
    std::uint16_t port = 0;
};

/// Owns a keeper process and through it everything that runs in the cell; all of it is gone when the object is.
/// One cell belongs to one thread at a time (calls block and do not lock); different cells may be used from different
/// threads at once. Processes are started by one thread that lives as long as the program, because a cell ends when the
/// thread that created its keeper does. An Error from any verb means that the cell is gone (SandboxUnavailable);
/// everything that a tool call may legitimately run into is in the result.
class Cell
{
public:
    /// Starts and proves every layer from outside, or does not start: Refused, with the name of the missing layer.
    /// As root it becomes an account of its own first (see cellAccount).
    static Result<Cell> start(const CellOptions& options);
    /// For the battery's negative controls alone.
    static Result<Cell> startWeakened(const CellOptions& options, const Weakening& weakening);
    /// One of several (joined_cells.h): it holds an end of a wire of the supervisor's, and ends when that is closed.
    static Result<Cell> startJoined(const CellOptions& options, const Weakening& weakening, const Descriptor& wire);

    Cell(Cell&&) noexcept;
    Cell& operator=(Cell&&) noexcept;
    ~Cell();

    /// Of a joined cell, once, before its first command: where it listens for others, by the number of the link.
    Result<void> join(const std::vector<LoopbackPort>& links);

    Result<ExecResult> exec(const Command& command);
    /// Makes missing folders. Permissions 0644 unless mode says otherwise (lower nine bits).
    Result<FileResult> writeFile(std::string_view path, std::string_view bytes, std::uint32_t mode = 0644);
    Result<FileResult> readFile(std::string_view path, std::uint64_t maxBytes = std::uint64_t{16} << 20);
    Result<Manifest> stat(std::string_view path);
    /// What is in the cell's writable folders now is what diff() compares with; start() marks the empty cell.
    Result<void> mark();
    Result<Manifest> diff();
    /// Ends the cell and waits until every process of it is collected. Repeatable.
    CellEnd shutdown();

    /// Alive until something ended it.
    const CellEnd& end() const;
    /// How often the kernel held the cell to a total so far, in words; empty: never, or it has no control group.
    std::string limitsMet() const;
    /// Whether the kernel keeps the cell's totals, beside the watchdog.
    bool isGrouped() const;
    /// Host process numbers, for tests and leak counts.
    int keeperPid() const;
    int firstPid() const;
    /// The account its processes have on the host.
    unsigned account() const;

private:
    struct State;
    static Result<Cell> startWith(const CellOptions& options, const Weakening& weakening, const Descriptor* wire);
    explicit Cell(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// The account that cells get when Gradus runs as root: `gradus-sandbox` if the system has it, else a number that no
/// account and no process has. Otherwise the user's own.
struct Account
{
    unsigned uid = 0;
    unsigned gid = 0;
};
Account cellAccount();

} // namespace gradus::sandbox
