// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"

#include "base/parts.h"
#include "base/text.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradus {

namespace {

/// Owns a file descriptor.
class Descriptor final
{
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor()
    {
        if (m_fd >= 0) ::close(m_fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_fd; }
    explicit operator bool() const { return m_fd >= 0; }

private:
    int m_fd;
};

/// 0 or the errno of the failing call.
int writeAll(int fd, const Parts& parts)
{
    for (std::string_view bytes : parts)
        while (!bytes.empty()) {
            const ssize_t written = ::write(fd, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return errno;
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
    return ::fsync(fd) == 0 ? 0 : errno;
}

Error writeError(const std::filesystem::path& path, int errorNumber)
{
    return Error{.message = "Cannot write " + visible(path.string(), 400) + ": " + causeOf(errorNumber),
                 .kind = ErrorKind::BadInput};
}

} // namespace

std::string causeOf(int errorNumber)
{
    switch (errorNumber) {
    case ENOSPC:
        return "the disk is full; free some space or choose another folder.";
    case EDQUOT:
        return "the disk quota is used up; free some space or choose another folder.";
    case EROFS:
    case EACCES:
    case EPERM:
        return "the folder is read-only for this user; choose another folder or change its permissions.";
    case ENOENT:
        return "the folder does not exist; create it or check the path.";
    default:
        return std::string(std::strerror(errorNumber)) + "; check the path and the disk.";
    }
}

Result<std::string> readFile(const std::filesystem::path& path, std::size_t maxBytes)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) {
        const std::string cause = errno == ENOENT ? "there is no such file; check the path." : causeOf(errno);
        return badInput("Cannot read " + visible(path.string(), 400) + ": " + cause);
    }
    struct stat info = {};
    if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode))
        return badInput("Cannot read " + visible(path.string(), 400) + ": it is not a regular file; check the path.");
    if (static_cast<std::size_t>(info.st_size) > maxBytes)
        return badInput(visible(path.string(), 400) + " has " + std::to_string(info.st_size) +
                        " bytes, more than the " + std::to_string(maxBytes) +
                        " that are read here; check that it is the right file.");
    std::string bytes;
    bytes.resize(static_cast<std::size_t>(info.st_size));
    std::size_t got = 0;
    while (got < bytes.size()) {
        const ssize_t n = ::read(file.get(), bytes.data() + got, bytes.size() - got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed("Reading " + visible(path.string(), 400) + " failed: " + causeOf(errno));
        if (n == 0) break;
        got += static_cast<std::size_t>(n);
    }
    bytes.resize(got);
    // Files of /proc and /sys say that they are empty and are not.
    while (info.st_size == 0 && bytes.size() < maxBytes) {
        char chunk[4096];
        const ssize_t n = ::read(file.get(), chunk, std::min(sizeof chunk, maxBytes - bytes.size()));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed("Reading " + visible(path.string(), 400) + " failed: " + causeOf(errno));
        if (n == 0) break;
        bytes.append(chunk, static_cast<std::size_t>(n));
    }
    return bytes;
}

std::vector<std::string> lastLines(const std::filesystem::path& path, std::size_t lines, std::size_t maxBytes)
{
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const std::streamoff size = file.tellg();
    if (!file || size <= 0) return {};
    const auto from = std::max<std::streamoff>(0, size - static_cast<std::streamoff>(maxBytes));
    file.seekg(from);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);)
        all.push_back(std::move(line));
    if (from > 0 && all.size() > 1) all.erase(all.begin()); // cut off at its beginning
    while (!all.empty() && all.back().find_first_not_of(" \t\r") == std::string::npos)
        all.pop_back();
    if (all.size() > lines) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(lines));
    return all;
}

Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view bytes)
{
    return writePartsAtomically(path, {bytes});
}

Result<void> writePartsAtomically(const std::filesystem::path& path, const Parts& parts)
{
    const std::filesystem::path temporary =
        path.parent_path() / ("." + path.filename().string() + "." + std::to_string(::getpid()) + ".tmp");
    int errorNumber = 0;
    {
        const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
        if (!file) return writeError(path, errno);
        errorNumber = writeAll(file.get(), parts);
    }
    if (errorNumber == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) errorNumber = errno;
    if (errorNumber != 0) {
        ::unlink(temporary.c_str());
        return writeError(path, errorNumber);
    }
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory) ::fsync(directory.get()); // the rename itself must survive power loss
    return {};
}

Result<void> makeFolder(const std::filesystem::path& path)
{
    std::error_code code;
    std::filesystem::create_directories(path, code);
    if (code) return badInput("Cannot create the folder " + visible(path.string(), 400) + ": " + causeOf(code.value()));
    return {};
}

} // namespace gradus
