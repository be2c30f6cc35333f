// SPDX-License-Identifier: GPL-3.0-or-later
// What a joined cell's first process and the supervisor say to each other about connections: messages of four bytes.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <sys/socket.h>

/// Shared by the host and by the static first process of the cell, so: header only, no exceptions, nothing of Gradus.
/// The wire is a pair of sequenced-packet sockets that the supervisor makes. A cell can only name a link by its number
/// in the list that it was given: an address, a port or another cell's name is nothing that it can say. Descriptors go
/// from the supervisor to cells and never the other way; what a cell hands over is thrown away by the kernel.
namespace gradus::sandbox::join {

inline constexpr std::size_t mostLinks = 32;       ///< that one cell may listen for
inline constexpr std::size_t mostConnections = 32; ///< of one cell at one time, to it and from it together

enum class Word : std::uint8_t
{
    Open = 1,    ///< from a cell: somebody connected to its link `number`
    Opened = 2,  ///< to that cell, in the order of its asking: the stream is handed over
    Refused = 3, ///< instead: there are too many, or the other one cannot take it
    Arrive = 4,  ///< to the other cell: a stream that goes to its own loopback, port `number`
};

struct Message
{
    Word word{};
    std::uint16_t number = 0;
};

enum class Heard
{
    Nothing,
    Message,
    Gone,     ///< the other end is closed
    Nonsense, ///< not of this protocol
};

/// False where the other end is gone or takes nothing at present. handed: -1, or a stream that goes with it.
inline bool tell(int wire, Word word, std::uint16_t number, int handed = -1)
{
    unsigned char bytes[4] = {static_cast<unsigned char>(word), 0, static_cast<unsigned char>(number & 0xff),
                              static_cast<unsigned char>(number >> 8)};
    iovec part{bytes, sizeof bytes};
    alignas(cmsghdr) unsigned char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (handed >= 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &handed, sizeof handed);
    }
    return sendmsg(wire, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(sizeof bytes);
}

/// The next message, without waiting. handed: where a stream that came with it goes, -1 if none did; nullptr: none is
/// ever taken.
inline Heard hear(int wire, Message& into, int* handed = nullptr)
{
    unsigned char bytes[8] = {};
    iovec part{bytes, sizeof bytes};
    alignas(cmsghdr) unsigned char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (handed != nullptr) {
        *handed = -1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
    }
    const ssize_t count = recvmsg(wire, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (count < 0) return errno == EAGAIN || errno == EINTR ? Heard::Nothing : Heard::Gone;
    if (count == 0) return Heard::Gone;
    if (handed != nullptr)
        for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header))
            if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
                std::memcpy(handed, CMSG_DATA(header), sizeof *handed);
    if (count != 4 || bytes[0] < 1 || bytes[0] > 4) return Heard::Nonsense;
    into.word = static_cast<Word>(bytes[0]);
    into.number = static_cast<std::uint16_t>(bytes[2] | bytes[3] << 8);
    return Heard::Message;
}

} // namespace gradus::sandbox::join
