// SPDX-License-Identifier: GPL-3.0-or-later
// Starts the keeper from the one thread that may, hears its lines, ends and collects it.
#pragma once

#include "base/result.h"
#include "sandbox/cell_options.h"
#include "sandbox/layers.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::sandbox {

/// A descriptor that closes itself.
class Descriptor
{
public:
    explicit Descriptor(int fd = -1) : m_fd(fd) {}
    Descriptor(Descriptor&& other) noexcept : m_fd(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor() { reset(); }
    int get() const { return m_fd; }
    bool valid() const { return m_fd >= 0; }
    int release();
    void reset();

private:
    int m_fd;
};

/// Bytes as a sealed file in memory that nobody can write any more, opened for reading from its start.
Result<Descriptor> dataDescriptor(std::string_view bytes, const char* name);

/// The static programs that this library carries.
std::string_view helperProgram(); ///< the cell's first process
std::string_view keeperProgram();
std::string_view probeProgram(); ///< the battery's probes
std::string_view statxMend();    ///< a library, not a program

struct KeeperStart
{
    bool cell = true; ///< false: run `program` as the same account, but outside any cell
    CellOptions options;
    Weakening weakening;
    std::vector<std::string> arguments;    ///< cell: bubblewrap's options; plain: argv of the program
    std::vector<std::string> command = {}; ///< cell: what bubblewrap starts
    std::string bundle = {};               ///< cell: of the user kernel; empty: there is none
    std::vector<std::string> environment;  ///< of bubblewrap or of the plain program
    std::string_view program;              ///< the cell's first process, or the plain program
    const Descriptor* entrance = nullptr;  ///< of the cell's control group; nullptr: there is none
    const Descriptor* wire = nullptr;      ///< of a joined cell; nullptr: it is joined to none
};

/// Owns the keeper and the worker's ends of its pipes. One thread at a time.
class KeeperProcess
{
public:
    static Result<KeeperProcess> start(const KeeperStart& start);
    KeeperProcess(KeeperProcess&&) noexcept = default;
    KeeperProcess& operator=(KeeperProcess&&) = delete;
    ~KeeperProcess();

    int pid() const { return m_pid; }
    int request() const { return m_request.get(); }
    int reply() const { return m_reply.get(); }
    int control() const { return m_control.get(); }
    /// What bubblewrap, or the plain program, wrote to standard error so far; at most 8 KiB.
    std::string errors();
    /// The next line of the keeper, waited for until the monotonic time deadline; nothing at the end or on time-out.
    std::optional<std::string> line(double deadline);
    void askProof(char what); ///< 'p' or 'g', see keeper_protocol.h
    /// Ends everything and collects the keeper. Returns the rest of a line "ended ..." if one came. Repeatable.
    std::string stop();
    /// No more input for the plain program.
    void closeRequest() { m_request.reset(); }

private:
    KeeperProcess() = default;
    int m_pid = -1;
    Descriptor m_request, m_reply, m_errors, m_control;
    std::string m_lines;
    std::string m_ended;
};

} // namespace gradus::sandbox
