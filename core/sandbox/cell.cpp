// SPDX-License-Identifier: GPL-3.0-or-later
// The host's side of a cell: start, proof, and the verbs over the framed pipes.
#include "sandbox/cell.h"

#include "base/clock.h"
#include "base/text.h"
#include "sandbox/cell_arguments.h"
#include "sandbox/cell_frames.h"
#include "sandbox/cell_words.h"
#include "sandbox/control_group.h"
#include "sandbox/keeper_process.h"
#include "sandbox/keeper_protocol.h"
#include "sandbox/wall.h"

#include <algorithm>
#include <optional>
#include <unistd.h>

namespace gradus::sandbox {

namespace {

constexpr const char* kNoPath = "A path has 1 to 4096 bytes and no NUL byte.";

/// Whether a file of the cell can have this path at all; what a model asks for is checked before it is sent.
bool isPath(std::string_view path)
{
    return !path.empty() && path.size() <= 4096 && path.find('\0') == std::string_view::npos;
}

constexpr double graceSeconds = 2;     ///< after a command's own time limit the helper must have spoken
constexpr double fileVerbSeconds = 20; ///< file verbs have no limit of their own
constexpr std::size_t maxInput = 512 << 10;

std::string beginFields(const CellOptions& options, const Wall& wall, const Weakening& weakening)
{
    FieldWriter fields;
    fields.u64(options.limits.processes);
    fields.u64(options.limits.addressSpace);
    fields.u64(options.limits.fileSize);
    fields.u64(options.limits.openFiles);
    fields.u64(options.limits.cpuSeconds);
    fields.u8(weakening.has(Layer::ResourceLimits) ? 1 : 0);
    fields.u32(static_cast<std::uint32_t>(wall.filters.size()));
    for (const std::string& filter : wall.filters)
        fields.text(filter);
    return fields.bytes();
}

bool hasNul(const std::vector<std::string>& words)
{
    return std::any_of(words.begin(), words.end(),
                       [](const std::string& word) { return word.find('\0') != std::string::npos; });
}

} // namespace

struct Cell::State
{
    std::optional<ControlGroup> group; ///< outlives the keeper, which ends everything in it
    KeeperProcess process;
    CellEnd end;
    int first = -1;
    unsigned account = 0;

    /// What the keeper said, or the kernel: it ends all of a group at once, and the keeper sees only that they ended.
    CellEnd ended(const std::string& words) const
    {
        const CellEnd said = endOf(words);
        // "Asked" explains nothing: what the kernel ended closes its streams, and this side may ask before the keeper
        // looks.
        const bool explained = said.kind != EndKind::Setup && said.kind != EndKind::Ran && said.kind != EndKind::Lost &&
                               said.kind != EndKind::Asked;
        if (explained || !group || group->events().memoryKills == 0) return said;
        return {EndKind::Memory,
                "The kernel ended the cell: its control group asked for more memory than it may have."};
    }

    /// Stops everything; a fault that was noticed here goes before what the keeper says about being asked.
    Error lost(const FrameFault& fault)
    {
        const std::string words = process.stop();
        end = ended(words);
        if (fault.kind != EndKind::Lost && end.kind == EndKind::Asked) end = {fault.kind, fault.sentence};
        return failed("The sandbox cell is gone: " + end.sentence);
    }
    Error gone() const { return failed("The sandbox cell is gone: " + end.sentence); }
};

Cell::Cell(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Cell::Cell(Cell&&) noexcept = default;
Cell& Cell::operator=(Cell&&) noexcept = default;
Cell::~Cell()
{
    if (m_state) shutdown();
}

Result<Cell> Cell::start(const CellOptions& options)
{
    return startWeakened(options, {});
}

namespace {

/// Reads the keeper's lines up to the one that begins so; an error names the layer that is missing.
Result<std::string> await(KeeperProcess& process, const CellOptions& options, std::string_view beginning,
                          double deadline)
{
    while (const auto line = process.line(deadline)) {
        if (line->starts_with(beginning)) return line->substr(std::min(line->size(), beginning.size() + 1));
        if (line->starts_with("missing ")) {
            const std::size_t colon = line->find(": ");
            return layerMissing(line->substr(8, colon - 8), colon == std::string::npos ? "" : line->substr(colon + 2));
        }
        if (line->starts_with("ended")) break;
    }
    const std::string said = visible(process.errors(), 300);
    const bool kernel = options.level == Level::UserKernel && !said.starts_with("bwrap: ");
    return layerMissing(kernel ? keeper::layerUserKernel : keeper::layerBubblewrap,
                        (kernel ? visible(userKernelProgram(options)) : options.bubblewrap) +
                            " did not set the cell up" + (said.empty() ? std::string() : ": " + said));
}

/// Where no group can be had the watchdog keeps the totals alone, as it does everywhere.
std::optional<ControlGroup> groupFor(const CellOptions& options)
{
    const Delegation delegation = delegationOf(options);
    if (!delegation.usable()) return std::nullopt;
    auto group = ControlGroup::make(delegation, options.limits);
    if (!group) return std::nullopt;
    return std::move(*group);
}

Result<void> greet(KeeperProcess& process, const CellOptions& options, FrameKind kind, const std::string& fields,
                   double deadline)
{
    Frame frame;
    // Nobody to take a request or to answer it: what was said before it ended tells why.
    if (!sendRequest(process.request(), kind, fields, deadline) || receiveReply(process.reply(), frame, deadline)) {
        const auto why = await(process, options, "never", std::min(deadline, monotonicSeconds() + 2));
        return why.error();
    }
    if (frame.kind != FrameKind::Ready)
        return layerMissing(keeper::layerLimits, "the cell's first process says something else");
    return {};
}

} // namespace

Result<Cell> Cell::startWeakened(const CellOptions& options, const Weakening& weakening)
{
    return startWith(options, weakening, nullptr);
}

Result<Cell> Cell::startJoined(const CellOptions& options, const Weakening& weakening, const Descriptor& wire)
{
    if (options.level == Level::UserKernel)
        return layerMissing(keeper::layerJoins,
                            "cells behind a kernel in user space are not joined; level 4 joins them");
    return startWith(options, weakening, &wire);
}

Result<Cell> Cell::startWith(const CellOptions& options, const Weakening& weakening, const Descriptor* wire)
{
    auto wall = wallOf(options, weakening);
    if (!wall) return wall.error();
    const double deadline = monotonicSeconds() + options.limits.startSeconds;
    KeeperStart start{.cell = true,
                      .options = options,
                      .weakening = weakening,
                      .arguments = wall->arguments,
                      .command = wall->command,
                      .bundle = wall->bundle,
                      .environment = {},
                      .program = helperProgram()};
    start.options.limits = wall->limits;
    if (!weakening.has(Layer::Environment)) start.environment = {"GRADUS_CANARY=1", "PATH=/usr/bin:/bin"};
    // Without a watchdog a negative control must see what the kernel does not keep either.
    auto group = weakening.has(Layer::Watchdog) ? groupFor(start.options) : std::nullopt;
    if (group) start.entrance = &group->entrance();
    start.wire = wire;
    auto process = KeeperProcess::start(start);
    if (!process) return process.error();
    auto state = std::make_unique<State>(State{std::move(group), std::move(*process), {}, -1, 0});
    const auto account = await(state->process, options, "account", deadline);
    if (!account) return account.error();
    state->account = static_cast<unsigned>(std::strtoul(account->c_str(), nullptr, 10));
    KeeperProcess& keeper = state->process;
    if (auto begun = greet(keeper, options, FrameKind::Begin, beginFields(options, *wall, weakening), deadline); !begun)
        return begun.error();
    const auto first = await(state->process, options, "child", deadline);
    if (!first) return first.error();
    state->first = static_cast<int>(std::strtol(first->c_str(), nullptr, 10));
    if (weakening.prove) {
        keeper.askProof('p');
        if (const auto proved = await(keeper, options, "proved", deadline); !proved) return proved.error();
    }
    if (weakening.has(Layer::HelperGuard))
        if (auto guarded = greet(keeper, options, FrameKind::Guard, {}, deadline); !guarded) return guarded.error();
    if (weakening.prove) {
        keeper.askProof('g');
        if (const auto proved = await(keeper, options, "guarded", deadline); !proved) return proved.error();
    }
    Cell cell(std::move(state));
    if (auto marked = cell.mark(); !marked) return marked.error();
    return cell;
}

Result<void> Cell::join(const std::vector<LoopbackPort>& links)
{
    if (m_state->end.kind != EndKind::Alive) return m_state->gone();
    FieldWriter fields;
    fields.u32(static_cast<std::uint32_t>(links.size()));
    for (const LoopbackPort& link : links) {
        fields.text(link.address);
        fields.u32(link.port);
    }
    const double deadline = monotonicSeconds() + fileVerbSeconds;
    Frame frame;
    if (!sendRequest(m_state->process.request(), FrameKind::Join, fields.bytes(), deadline) ||
        receiveReply(m_state->process.reply(), frame, deadline) || frame.kind != FrameKind::Ready) {
        shutdown();
        return layerMissing(keeper::layerJoins, "a cell cannot listen for the others of its episode");
    }
    return {};
}

Result<ExecResult> Cell::exec(const Command& command)
{
    if (m_state->end.kind != EndKind::Alive) return m_state->gone();
    ExecResult result;
    if (command.argv.empty() || hasNul(command.argv) || hasNul(command.environment) ||
        command.input.size() > maxInput || command.directory.find('\0') != std::string::npos) {
        result.error = ToolError::Unknown;
        result.message = "A command needs a program, words without NUL bytes, and at most 512 KiB of input.";
        return result;
    }
    FieldWriter fields;
    fields.u32(static_cast<std::uint32_t>(command.argv.size()));
    for (const std::string& word : command.argv)
        fields.text(word);
    fields.u32(static_cast<std::uint32_t>(command.environment.size()));
    for (const std::string& setting : command.environment)
        fields.text(setting);
    fields.text(command.directory.empty() ? "/home/agent" : command.directory);
    fields.text(command.input);
    fields.u64(static_cast<std::uint64_t>(std::max(0.0, command.timeoutSeconds) * 1000));
    fields.u64(command.outputCap);
    if (fields.bytes().size() > maxRequestBytes) {
        result.error = ToolError::Unknown;
        result.message = "The command's words are longer than one request may be (1 MiB).";
        return result;
    }
    const double begun = monotonicSeconds();
    const double deadline = begun + command.timeoutSeconds + graceSeconds;
    if (!sendRequest(m_state->process.request(), FrameKind::Exec, fields.bytes(), deadline))
        return m_state->lost({EndKind::Silent, "it takes no request."});
    while (true) {
        Frame frame;
        if (const auto fault = receiveReply(m_state->process.reply(), frame, deadline)) return m_state->lost(*fault);
        if (frame.kind == FrameKind::Output) result.output += frame.payload;
        if (frame.kind == FrameKind::Errors) result.errors += frame.payload;
        if (result.output.size() + result.errors.size() > command.outputCap)
            return m_state->lost({EndKind::Protocol, "it sent more than it was asked for."});
        if (frame.kind == FrameKind::Output || frame.kind == FrameKind::Errors) continue;
        FieldReader reply(frame.payload);
        result.error = toolErrorOf(reply.u8());
        const int fault = static_cast<int>(reply.u32());
        result.exitCode = static_cast<int>(reply.u32());
        result.signal = static_cast<int>(reply.u32());
        if (frame.kind != FrameKind::Done || !reply.atEnd())
            return m_state->lost({EndKind::Protocol, "it answered with something else."});
        result.message = sentenceOf(result.error, fault, command.argv.front());
        result.seconds = monotonicSeconds() - begun;
        return result;
    }
}

Result<FileResult> Cell::writeFile(std::string_view path, std::string_view bytes, std::uint32_t mode)
{
    constexpr std::size_t piece = 512 << 10;
    FileResult result;
    if (!isPath(path)) return FileResult{ToolError::FileNotFound, kNoPath, {}};
    bool append = false;
    do {
        if (m_state->end.kind != EndKind::Alive) return m_state->gone();
        const std::string_view part = bytes.substr(0, piece);
        bytes.remove_prefix(part.size());
        FieldWriter fields;
        fields.text(path);
        fields.u32(mode);
        fields.u8(append ? 1 : 0);
        fields.text(part);
        VerbReply reply;
        if (const auto fault = ask(m_state->process, FrameKind::Write, fields.bytes(), 0, reply, fileVerbSeconds))
            return m_state->lost(*fault);
        result.error = reply.error;
        result.message = sentenceOf(reply.error, reply.fault, path);
        append = true;
    } while (!bytes.empty() && result.success());
    return result;
}

Result<FileResult> Cell::readFile(std::string_view path, std::uint64_t maxBytes)
{
    if (!isPath(path)) return FileResult{ToolError::FileNotFound, kNoPath, {}};
    if (m_state->end.kind != EndKind::Alive) return m_state->gone();
    FieldWriter fields;
    fields.text(path);
    fields.u64(maxBytes);
    VerbReply reply;
    if (const auto fault = ask(m_state->process, FrameKind::Read, fields.bytes(), maxBytes, reply, fileVerbSeconds))
        return m_state->lost(*fault);
    return FileResult{reply.error, sentenceOf(reply.error, reply.fault, path), std::move(reply.bytes)};
}

Result<Manifest> Cell::stat(std::string_view path)
{
    if (!isPath(path)) return Manifest{ToolError::FileNotFound, kNoPath, {}, true};
    if (m_state->end.kind != EndKind::Alive) return m_state->gone();
    FieldWriter fields;
    fields.text(path);
    VerbReply reply;
    if (const auto fault = ask(m_state->process, FrameKind::Stat, fields.bytes(), 0, reply, fileVerbSeconds))
        return m_state->lost(*fault);
    return Manifest{reply.error, sentenceOf(reply.error, reply.fault, path), std::move(reply.entries), true};
}

Result<void> Cell::mark()
{
    if (m_state->end.kind != EndKind::Alive) return m_state->gone();
    VerbReply reply;
    if (const auto fault = ask(m_state->process, FrameKind::Mark, {}, 0, reply, fileVerbSeconds))
        return m_state->lost(*fault);
    return {};
}

Result<Manifest> Cell::diff()
{
    if (m_state->end.kind != EndKind::Alive) return m_state->gone();
    VerbReply reply;
    if (const auto fault = ask(m_state->process, FrameKind::Diff, {}, 0, reply, fileVerbSeconds))
        return m_state->lost(*fault);
    return Manifest{reply.error, sentenceOf(reply.error, reply.fault, "the cell's files"), std::move(reply.entries),
                    reply.value == 0};
}

CellEnd Cell::shutdown()
{
    if (m_state->end.kind == EndKind::Alive) m_state->end = m_state->ended(m_state->process.stop());
    return m_state->end;
}

const CellEnd& Cell::end() const
{
    return m_state->end;
}
std::string Cell::limitsMet() const
{
    return m_state->group ? eventsText(m_state->group->events()) : std::string();
}
bool Cell::isGrouped() const
{
    return m_state->group.has_value();
}
int Cell::keeperPid() const
{
    return m_state->process.pid();
}
int Cell::firstPid() const
{
    return m_state->first;
}
unsigned Cell::account() const
{
    return m_state->account;
}

} // namespace gradus::sandbox
