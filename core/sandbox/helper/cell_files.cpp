// SPDX-License-Identifier: GPL-3.0-or-later
// File verbs of the cell's first process. FIFOs and devices are never waited for; the manifest follows no link.
#include "sandbox/helper/cell_files.h"
#include "sandbox/helper/cell_wire.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

namespace gradus::sandbox {

int requests = -1;
int replies = -1;

namespace {

bool writeAll(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool readAll(int fd, char* into, std::size_t size)
{
    while (size > 0) {
        const ssize_t count = read(fd, into, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        into += count;
        size -= static_cast<std::size_t>(count);
    }
    return true;
}

ToolError kindOf(int fault)
{
    switch (fault) {
    case 0:
        return ToolError::None;
    case ENOENT:
    case ENOTDIR:
        return ToolError::FileNotFound;
    case EISDIR:
        return ToolError::IsADirectory;
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
    case ENXIO:
        return ToolError::Permission;
    case ENOSPC:
    case EFBIG:
    case EMFILE:
    case ENOMEM:
        return ToolError::Limit;
    default:
        return ToolError::Unknown;
    }
}

void makeParents(const std::string& path)
{
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
        mkdir(path.substr(0, slash).c_str(), 0755);
}

struct Node
{
    std::uint32_t mode = 0;
    std::uint64_t size = 0;
    std::uint64_t inode = 0;
    std::uint64_t changed = 0; ///< ctime in nanoseconds: utimensat cannot set it back

    friend bool operator==(const Node& a, const Node& b)
    {
        // A folder's ctime moves with its entries, which are listed themselves.
        const bool folder = S_ISDIR(a.mode) && S_ISDIR(b.mode);
        return a.mode == b.mode && a.inode == b.inode && (folder || (a.size == b.size && a.changed == b.changed));
    }
};

Node nodeOf(const struct stat& status)
{
    return {status.st_mode, static_cast<std::uint64_t>(status.st_size), status.st_ino,
            static_cast<std::uint64_t>(status.st_ctim.tv_sec) * 1'000'000'000U +
                static_cast<std::uint64_t>(status.st_ctim.tv_nsec)};
}

using Manifest = std::map<std::string, Node>;
Manifest marked;

/// Takes the folder's descriptor. False when a bound was met and something is missing.
bool list(int folder, const std::string& prefix, int depth, Manifest& into)
{
    DIR* stream = folder < 0 ? nullptr : fdopendir(folder);
    if (stream == nullptr) {
        if (folder >= 0) close(folder);
        return false;
    }
    bool whole = true;
    while (const dirent* entry = readdir(stream)) {
        const std::string name = entry->d_name;
        if (name == "." || name == "..") continue;
        struct stat status
        {
        };
        if (into.size() >= maxManifestEntries) {
            whole = false;
            break;
        }
        if (fstatat(dirfd(stream), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue; // gone meanwhile
        into.emplace(prefix + "/" + name, nodeOf(status));
        if (!S_ISDIR(status.st_mode)) continue;
        const int inner =
            depth > 0 ? openat(dirfd(stream), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
        whole = list(inner, prefix + "/" + name, depth - 1, into) && whole;
    }
    closedir(stream);
    return whole;
}

bool manifest(Manifest& into)
{
    bool whole = true;
    for (const char* root : {"/home/agent", "/tmp", "/dev/shm"})
        whole =
            list(open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), root, maxManifestDepth, into) && whole;
    return whole;
}

void sendEntry(char change, const std::string& path, const Node& node)
{
    FieldWriter fields;
    fields.u8(static_cast<std::uint8_t>(change));
    fields.u32(node.mode);
    fields.u64(node.size);
    fields.u64(node.changed);
    fields.text(path);
    sendFrame(FrameKind::Entry, fields.bytes());
}

} // namespace

void sendFrame(FrameKind kind, std::string_view payload)
{
    if (!writeAll(replies, frame(kind, payload))) _exit(0);
}

bool receiveFrame(FrameKind& kind, std::string& payload)
{
    char header[frameHeaderBytes];
    if (!readAll(requests, header, sizeof header)) return false;
    FieldReader fields({header, sizeof header});
    kind = static_cast<FrameKind>(fields.u8());
    const std::uint32_t size = fields.u32();
    if (size > maxRequestBytes) return false;
    payload.resize(size);
    return readAll(requests, payload.data(), size);
}

void sendReply(ToolError error, int fault, std::uint64_t value)
{
    FieldWriter fields;
    fields.u8(static_cast<std::uint8_t>(error));
    fields.u32(static_cast<std::uint32_t>(fault));
    fields.u64(value);
    sendFrame(FrameKind::Reply, fields.bytes());
}

void writeRequest(FieldReader fields)
{
    const std::string path(fields.text());
    const mode_t mode = fields.u32() & 0777U;
    const bool append = fields.u8() != 0;
    const std::string_view bytes = fields.text();
    if (!fields.atEnd()) return sendReply(ToolError::Unknown, EINVAL);
    if (!append) makeParents(path);
    const int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (append ? O_APPEND : O_CREAT | O_TRUNC);
    const int fd = open(path.c_str(), flags, mode);
    int fault = fd < 0 ? errno : 0;
    struct stat status
    {
    };
    if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) fault = EACCES;
    if (fault == 0 && !writeAll(fd, bytes)) fault = errno;
    if (fault == 0 && !append && fchmod(fd, mode) != 0) fault = errno;
    if (fd >= 0) close(fd);
    sendReply(kindOf(fault), fault);
}

void readRequest(FieldReader fields)
{
    const std::string path(fields.text());
    const std::uint64_t cap = fields.u64();
    if (!fields.atEnd()) return sendReply(ToolError::Unknown, EINVAL);
    const int fd = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int fault = fd < 0 ? errno : 0;
    struct stat status
    {
    };
    if (fd >= 0 && fstat(fd, &status) != 0) fault = errno;
    if (fault == 0 && S_ISDIR(status.st_mode)) fault = EISDIR;
    if (fault == 0 && !S_ISREG(status.st_mode)) fault = EACCES; // a pipe or a device has no end to wait for
    static char chunk[64 << 10];
    std::uint64_t sent = 0;
    bool over = false;
    while (fault == 0) {
        const ssize_t count = read(fd, chunk, sizeof chunk);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fault = errno;
        if (count <= 0) break;
        if (sent + static_cast<std::uint64_t>(count) > cap) {
            over = true; // files of /proc say size 0, so the size is found by reading
            break;
        }
        sendFrame(FrameKind::Output, {chunk, static_cast<std::size_t>(count)});
        sent += static_cast<std::uint64_t>(count);
    }
    if (fd >= 0) close(fd);
    sendReply(over ? ToolError::OutputLimit : kindOf(fault), fault, sent);
}

void statRequest(FieldReader fields)
{
    const std::string path(fields.text());
    struct stat status
    {
    };
    if (!fields.atEnd()) return sendReply(ToolError::Unknown, EINVAL);
    if (lstat(path.c_str(), &status) != 0) return sendReply(kindOf(errno), errno);
    sendEntry('=', path, nodeOf(status));
    sendReply(ToolError::None, 0);
}

void markRequest()
{
    marked.clear();
    const bool whole = manifest(marked);
    sendReply(ToolError::None, 0, whole ? 0 : 1);
}

void diffRequest()
{
    Manifest now;
    const bool whole = manifest(now);
    for (const auto& [path, node] : now) {
        const auto before = marked.find(path);
        if (before == marked.end())
            sendEntry('+', path, node);
        else if (!(before->second == node))
            sendEntry('~', path, node);
    }
    for (const auto& [path, node] : marked)
        if (!now.contains(path)) sendEntry('-', path, node);
    sendReply(ToolError::None, 0, whole ? 0 : 1);
}

} // namespace gradus::sandbox
