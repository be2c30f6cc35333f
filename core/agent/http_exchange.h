// SPDX-License-Identifier: GPL-3.0-or-later
// One POST over http or https and its reply, bounded in bytes and time, with libcurl.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>

namespace gradus::agent {

struct HttpReply
{
    int status = 0;
    std::string body; ///< hostile
};

/// Where a request goes: an address that was read and is written out again, so that nothing else is asked than what was
/// checked.
struct HttpAddress
{
    std::string scheme; ///< "http" or "https"
    std::string place;  ///< "host:port", an IPv6 host in brackets
    std::string path;   ///< "/v1", percent-encoded as it was given; "/" where there is none
};
/// Bad input: another scheme, a name or password, a query, or no address at all.
Result<HttpAddress> readAddress(const std::string& address);

struct HttpPost
{
    HttpAddress address;
    std::string key = {}; ///< bearer token
    std::string json;
    std::string authorities = {}; ///< a PEM file of those who may vouch for a server, in the system's place
    double seconds = 120;
    std::size_t mostBytes = std::size_t{1} << 20; ///< of the reply's body
};

/// Blocks for so many seconds at most. The program ignores SIGPIPE, as gradus does. That place alone is contacted: no
/// redirect is followed, no proxy asked (whatever the environment says), no password file read. Over https the server's
/// certificate must be valid and its name the address's. Failed: nobody listens, it took too long, the reply is longer,
/// is cut off or is no HTTP, or nobody who is trusted vouches for the server.
Result<HttpReply> post(const HttpPost& request);

} // namespace gradus::agent
